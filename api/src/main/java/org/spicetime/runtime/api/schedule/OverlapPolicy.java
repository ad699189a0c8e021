// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.schedule;

/** What follows when a release is due and the task of the one before has not finished. */
public enum OverlapPolicy {
    /** Both run. */
    ALLOW,
    /** The new one is left out. */
    SKIP,
    /** The new one waits for the one before; at most one waits, further ones are left out. */
    QUEUE,
    /** The one before is cancelled. */
    REPLACE
}
