// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

/** Why a running task is asked to end. */
public enum StopReason {
    /** By a client. */
    CANCELLED,
    /** The attempt exceeded its time limit. */
    TIME_LIMIT,
    /** It missed its deadline and asked to be cancelled then. */
    DEADLINE
}
