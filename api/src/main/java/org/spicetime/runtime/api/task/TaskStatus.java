// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

/** Coarse task states. {@link #COMPLETED} and {@link #FAILED} are final. */
public enum TaskStatus {
    /** Admitted, waiting for its time or the processor. */
    PENDING,
    /** On a worker. */
    RUNNING,
    /** Ended well. */
    COMPLETED,
    /** Ended by an error, a time-out or a cancellation; the phase tells which. */
    FAILED,
    /** Waiting for a dependency, a resource, or a resume. */
    BLOCKED
}
