// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A binary heap of nodes that know their places: {@link PolicyNode#index} is the position plus one.
 * Called by one thread at a time.
 */
final class NodeHeap {

    private @Nullable PolicyNode[] nodes = new PolicyNode[16];
    private int size;

    static boolean before(PolicyNode left, PolicyNode right) {
        return left.k0 != right.k0 ? left.k0 < right.k0 : left.k1 < right.k1;
    }

    int size() {
        return size;
    }

    @SuppressWarnings("ReferenceEquality") // the same node, not an equal one
    boolean contains(PolicyNode node) {
        int position = node.index - 1;
        return position >= 0 && position < size && nodes[position] == node;
    }

    @Nullable PolicyNode first() {
        return size == 0 ? null : nodes[0];
    }

    void add(PolicyNode node) {
        if (size == nodes.length) {
            nodes = Arrays.copyOf(nodes, size << 1);
        }
        up(size++, node);
    }

    boolean remove(PolicyNode node) {
        if (!contains(node)) {
            return false;
        }
        int hole = node.index - 1;
        node.index = 0;
        PolicyNode last = at(--size);
        nodes[size] = null;
        if (hole != size) {
            place(hole, last);
        }
        return true;
    }

    boolean moved(PolicyNode node) {
        if (!contains(node)) {
            return false;
        }
        place(node.index - 1, node);
        return true;
    }

    private void place(int hole, PolicyNode node) {
        if (hole > 0 && before(node, at((hole - 1) >> 1))) {
            up(hole, node);
        } else {
            down(hole, node);
        }
    }

    private void up(int start, PolicyNode node) {
        int hole = start;
        while (hole > 0) {
            PolicyNode parent = at((hole - 1) >> 1);
            if (!before(node, parent)) {
                break;
            }
            put(hole, parent);
            hole = (hole - 1) >> 1;
        }
        put(hole, node);
    }

    private void down(int start, PolicyNode node) {
        int hole = start;
        while (true) {
            int child = (hole << 1) + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && before(at(child + 1), at(child))) {
                child++;
            }
            if (!before(at(child), node)) {
                break;
            }
            put(hole, at(child));
            hole = child;
        }
        put(hole, node);
    }

    private void put(int position, PolicyNode node) {
        nodes[position] = node;
        node.index = position + 1;
    }

    private PolicyNode at(int position) {
        PolicyNode node = nodes[position];
        if (node == null) {
            throw new IllegalStateException("no node at " + position + " of " + size);
        }
        return node;
    }
}
