// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.PolicyNode;

/**
 * A task's place in one policy instance, on the list of all places in that instance. Guarded by the
 * caller.
 */
final class HostNode extends PolicyNode {
    final Schedulable task;
    final NodeList list;
    @Nullable HostNode previous;
    @Nullable HostNode next;

    HostNode(Schedulable task, NodeList list) {
        this.task = task;
        this.list = list;
        list.add(this);
    }

    @Override
    public Schedulable task() {
        return task;
    }
}
