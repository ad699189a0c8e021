// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

/** Whether tasks survive a crash. */
public enum Durability {
    /** Acknowledged only when stored. */
    DURABLE,
    /** Kept in memory only. */
    VOLATILE
}
