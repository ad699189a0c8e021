// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.lottery;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.PolicyNode;

/**
 * Nodes with their tickets, as the leaves of a tree of partial sums (section 4.2 of the paper), so
 * that the holder of a ticket is found in O(log n). Called by one thread at a time.
 */
final class Tickets {
    private @Nullable PolicyNode[] nodes = new PolicyNode[16];

    /* The sum at i is that of 2i and 2i + 1; the leaf of the node at p is at nodes.length + p. */
    private long[] sums = new long[32];
    private int size;

    int size() {
        return size;
    }

    long total() {
        return sums[1];
    }

    void add(PolicyNode node, long tickets) {
        if (size == nodes.length) grow();
        put(size++, node, tickets);
    }

    /** Takes out the holder of a ticket. */
    PolicyNode take(long ticket) {
        int place = 1;
        long left = ticket;
        while (place < nodes.length) {
            place <<= 1;
            if (left >= sums[place]) left -= sums[place++];
        }
        PolicyNode node = at(place - nodes.length);
        takeOut(place - nodes.length);
        return node;
    }

    /** Whether it held the node, which it does no longer. */
    boolean remove(PolicyNode node) {
        int place = node.index - 1;
        if (place < 0 || place >= size || !node.equals(nodes[place])) return false;
        takeOut(place);
        return true;
    }

    private void takeOut(int place) {
        at(place).index = 0;
        PolicyNode last = at(--size);
        set(size, 0);
        nodes[size] = null;
        if (place < size) put(place, last, last.k0);
    }

    private void put(int place, PolicyNode node, long tickets) {
        nodes[place] = node;
        node.index = place + 1;
        node.k0 = tickets;
        set(place, tickets);
    }

    private void set(int place, long tickets) {
        int at = nodes.length + place;
        long more = tickets - sums[at];
        for (; at > 0; at >>= 1) sums[at] += more;
    }

    private void grow() {
        int half = nodes.length;
        nodes = Arrays.copyOf(nodes, half << 1);
        long[] former = sums;
        sums = new long[former.length << 1];
        System.arraycopy(former, half, sums, nodes.length, half);
        for (int i = nodes.length - 1; i > 0; i--) sums[i] = sums[i << 1] + sums[(i << 1) + 1];
    }

    private PolicyNode at(int place) {
        PolicyNode node = nodes[place];
        if (node == null) throw new IllegalStateException("nobody at " + place + " of " + size);
        return node;
    }
}
