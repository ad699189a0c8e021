// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

/** Which effective value of a task changed while a policy knows the task. Immutable. */
public enum Change {
    /** {@link TaskView#priority()}. */
    PRIORITY,
    /** {@link TaskView#deadline()} and {@link TaskView#relativeDeadline()}. */
    DEADLINE,
    /** {@link TaskView#period()}. */
    PERIOD,
    /** {@link TaskView#estimatedNanos()}. */
    ESTIMATE
}
