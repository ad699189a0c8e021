// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import org.spicetime.runtime.api.scheduler.PolicyNode;

/**
 * A task's place in one policy instance. The generation tells it from the nodes of earlier
 * instances.
 */
final class HostNode extends PolicyNode {
    final Schedulable task;
    final long generation;

    HostNode(Schedulable task, long generation) {
        this.task = task;
        this.generation = generation;
    }

    @Override
    public Schedulable task() {
        return task;
    }
}
