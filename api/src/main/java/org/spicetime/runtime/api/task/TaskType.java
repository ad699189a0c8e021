// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

/** Kinds of work. The type selects the default handler and the accounting class. */
public enum TaskType {
    /** Processor bound. */
    COMPUTATION,
    /** Disk or device bound. */
    IO,
    /** Network bound; runs under the domain's network limits. */
    NETWORK,
    /** Housekeeping. */
    MAINTENANCE
}
