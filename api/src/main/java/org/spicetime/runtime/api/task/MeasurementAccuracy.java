// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

/** How a measurement was taken. */
public enum MeasurementAccuracy {
    /** Read for this task alone. */
    EXACT,
    /** Share of a reading taken for several short tasks; within 2 percent. */
    ATTRIBUTED
}
