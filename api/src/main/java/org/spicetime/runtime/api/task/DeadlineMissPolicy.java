// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

/** What follows when a task misses its deadline. The miss is counted in any case. */
public enum DeadlineMissPolicy {
    /** It runs on. */
    CONTINUE,
    /** It is ended: phase {@link TaskPhase#TIMED_OUT}, error TASK_TIMEOUT. */
    CANCEL
}
