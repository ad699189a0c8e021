// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

/** Fine task states; each belongs to one {@link TaskStatus}. */
public enum TaskPhase {
    /** Its {@code runAt} has not come. */
    SCHEDULED(TaskStatus.PENDING),
    /** May be dispatched. */
    READY(TaskStatus.PENDING),
    /** Lost the processor, may be dispatched again. */
    PREEMPTED(TaskStatus.PENDING),
    /** Waits before its next attempt. */
    RETRY_WAIT(TaskStatus.PENDING),
    /** On a worker. */
    RUNNING(TaskStatus.RUNNING),
    /** Asked to end, its handler has not returned yet. */
    CANCELLING(TaskStatus.RUNNING),
    /** Waits for another task. */
    WAITING_DEPENDENCY(TaskStatus.BLOCKED),
    /** Waits for memory, a connection or a lock. */
    WAITING_RESOURCE(TaskStatus.BLOCKED),
    /** Held back by an operator. */
    SUSPENDED(TaskStatus.BLOCKED),
    /** Ended well. Final. */
    COMPLETED(TaskStatus.COMPLETED),
    /** Ended by an error. Final. */
    FAILED(TaskStatus.FAILED),
    /** Exceeded its time limit, or its deadline with {@link DeadlineMissPolicy#CANCEL}. Final. */
    TIMED_OUT(TaskStatus.FAILED),
    /** Ended by a cancellation. Final. */
    CANCELLED(TaskStatus.FAILED);

    private final TaskStatus status;

    TaskPhase(TaskStatus status) {
        this.status = status;
    }

    /** The coarse state this phase belongs to. */
    public TaskStatus status() {
        return status;
    }

    /** Whether no further transition follows, a retry by an operator aside. */
    public boolean isFinal() {
        return status == TaskStatus.COMPLETED || status == TaskStatus.FAILED;
    }
}
