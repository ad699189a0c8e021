// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import org.jspecify.annotations.Nullable;

/**
 * All nodes of one policy instance, as links inside them, so that what a former policy keeps in
 * them can be dropped without a walk over all tasks. Guarded by the caller.
 */
final class NodeList {
    private @Nullable HostNode first;

    void add(HostNode node) {
        HostNode second = first;
        node.next = second;
        if (second != null) second.previous = node;
        first = node;
    }

    /** Takes a node out, and what the policy kept in it. */
    void drop(HostNode node) {
        HostNode previous = node.previous;
        HostNode next = node.next;
        if (previous == null) first = next;
        else previous.next = next;
        if (next != null) next.previous = previous;
        node.previous = null;
        node.next = null;
        node.state = null;
        if (node.task.node == node) node.task.node = null;
    }

    /** Drops up to so many nodes; whether any is left. */
    boolean dropSome(int most) {
        for (int dropped = 0; dropped < most; dropped++) {
            HostNode node = first;
            if (node == null) return false;
            drop(node);
        }
        return first != null;
    }
}
