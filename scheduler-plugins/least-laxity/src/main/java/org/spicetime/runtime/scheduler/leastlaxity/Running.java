// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.leastlaxity;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.PolicyNode;

/**
 * The running tasks, as many as the domain has slots, since when each runs, and what it had used by
 * then. Called by one thread at a time.
 */
final class Running {
    private @Nullable PolicyNode[] nodes = new PolicyNode[4];
    private long[] since = new long[4];
    private long[] consumed = new long[4];
    private int size;

    int size() {
        return size;
    }

    PolicyNode node(int place) {
        PolicyNode node = nodes[place];
        if (node == null) throw new IllegalStateException("nobody at " + place + " of " + size);
        return node;
    }

    long since(int place) {
        return since[place];
    }

    long consumed(int place) {
        return consumed[place];
    }

    /** Where a node is; less than 0: it does not run. */
    int placeOf(PolicyNode node) {
        for (int i = 0; i < size; i++) if (node.equals(nodes[i])) return i;
        return -1;
    }

    void begin(PolicyNode node, long now) {
        int place = placeOf(node);
        if (place < 0) {
            place = size++;
            if (place == nodes.length) {
                nodes = Arrays.copyOf(nodes, place << 1);
                since = Arrays.copyOf(since, place << 1);
                consumed = Arrays.copyOf(consumed, place << 1);
            }
            nodes[place] = node;
        }
        since[place] = now;
        consumed[place] = node.task().consumedNanos();
    }

    void end(PolicyNode node) {
        int place = placeOf(node);
        if (place < 0) return;
        int last = --size;
        nodes[place] = nodes[last];
        since[place] = since[last];
        consumed[place] = consumed[last];
        nodes[last] = null;
    }
}
