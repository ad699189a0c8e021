// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Queued nodes in the order of {@link PolicyNode#k0}, then {@link PolicyNode#k1}, the smaller
 * first: what most policies with a queue of their own need. Nodes whose tasks are started are held
 * apart, so that {@code pickNext} with {@code startedOnly} needs no search. While a node is in an
 * order, {@link PolicyNode#index} belongs to that order, and {@code k0} and {@code k1} change only
 * together with {@link #moved}. A node is in one order at a time.
 *
 * <p>Two binary heaps (J. W. J. Williams, <i>Algorithm 232: Heapsort</i>, CACM 7(6), 1964). Adding,
 * removing and moving take O(log n), looking at the first O(1); nothing is allocated once a length
 * was reached before.
 *
 * <p>Called by one thread at a time, like the policy it is part of.
 */
public final class NodeOrder {

    private final NodeHeap fresh = new NodeHeap();
    private final NodeHeap started = new NodeHeap();

    /** Empty. */
    public NodeOrder() {}

    /**
     * Puts a node in its place.
     *
     * @param node a node that is in no order
     */
    public void add(PolicyNode node) {
        (node.task().started() ? started : fresh).add(node);
    }

    /**
     * The first node, which stays where it is.
     *
     * @param startedOnly whether only nodes whose tasks are started count
     * @return the node; null: there is none
     */
    public @Nullable PolicyNode first(boolean startedOnly) {
        PolicyNode waiting = started.first();
        if (startedOnly) {
            return waiting;
        }
        PolicyNode unseen = fresh.first();
        if (waiting == null || unseen == null) {
            return waiting == null ? unseen : waiting;
        }
        return NodeHeap.before(waiting, unseen) ? waiting : unseen;
    }

    /**
     * Takes out the first node.
     *
     * @param startedOnly whether only nodes whose tasks are started count
     * @return the node; null: there is none
     */
    public @Nullable PolicyNode take(boolean startedOnly) {
        PolicyNode first = first(startedOnly);
        if (first != null) {
            remove(first);
        }
        return first;
    }

    /**
     * Takes out a node.
     *
     * @param node any node
     * @return whether it was in this order
     */
    public boolean remove(PolicyNode node) {
        return fresh.remove(node) || started.remove(node);
    }

    /**
     * Restores the order after {@code k0} or {@code k1} of a node changed.
     *
     * @param node any node; nothing happens to one that is not in this order
     */
    public void moved(PolicyNode node) {
        if (!fresh.moved(node)) {
            started.moved(node);
        }
    }

    /**
     * Whether a node is in this order.
     *
     * @param node any node
     * @return whether it is
     */
    public boolean contains(PolicyNode node) {
        return fresh.contains(node) || started.contains(node);
    }

    /**
     * Number of nodes.
     *
     * @return nodes in this order
     */
    public int size() {
        return fresh.size() + started.size();
    }
}
