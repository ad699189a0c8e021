// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

/** What becomes of a durable task that ran when the host died. */
public enum CrashPolicy {
    /** Run again as the next attempt (at least once). */
    RETRY,
    /** Failed, never run again (at most once). */
    FAIL,
    /** Suspended until an operator decides. */
    ASK
}
