// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import org.spicetime.runtime.api.task.TaskStatus;

/** What is counted as it happens. Guarded by the caller. */
@SuppressWarnings("EnumOrdinal") // places in an array that is never stored
final class Counters {
    private final int[] inStatus = new int[TaskStatus.values().length];
    long scheduled;
    long completed;
    long failed;
    long deadlineMisses;
    long contextSwitches;
    long preemptions;
    long retries;
    long ejections;
    int started;

    void enter(TaskStatus status) {
        inStatus[status.ordinal()]++;
    }

    void leave(TaskStatus status) {
        inStatus[status.ordinal()]--;
    }

    KernelCounts counts(int ready, int parked, long inversions, LightTasks lights) {
        return new KernelCounts(
                scheduled,
                inStatus[TaskStatus.PENDING.ordinal()] + lights.queued() + parked,
                ready + parked,
                inStatus[TaskStatus.RUNNING.ordinal()] + lights.onWorkers(),
                inStatus[TaskStatus.BLOCKED.ordinal()] + lights.blocked(),
                completed,
                failed,
                deadlineMisses,
                contextSwitches,
                preemptions,
                inversions,
                retries,
                ejections);
    }
}
