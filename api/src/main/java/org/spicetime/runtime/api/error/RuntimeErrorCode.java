// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.error;

/** Kinds of failure of a domain or of a task. */
public enum RuntimeErrorCode implements ErrorCode {
    /** A reservation, queue or limit is full. */
    RESOURCE_EXHAUSTED,
    /** A task exceeded its time limit, or was cancelled because it missed its deadline. */
    TASK_TIMEOUT,
    /** A task this one depends on failed, or was not done in time. */
    DEPENDENCY_FAILED,
    /**
     * The scheduler could not admit or run the task; a handler that failed is told by this code as
     * well.
     */
    SCHEDULER_ERROR,
    /** An allocation failed although reclamation was tried. */
    MEMORY_PRESSURE
}
