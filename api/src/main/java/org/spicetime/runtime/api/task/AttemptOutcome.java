// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

/** How an attempt ended. Immutable. */
public enum AttemptOutcome {
    /** Well. */
    COMPLETED,
    /** By an error. */
    FAILED,
    /** It exceeded the time limit or the deadline. */
    TIMED_OUT,
    /** It was asked to end: by a cancellation, or because its domain stopped. */
    CANCELLED,
    /** The host died, or lost the domain to another owner. */
    LOST
}
