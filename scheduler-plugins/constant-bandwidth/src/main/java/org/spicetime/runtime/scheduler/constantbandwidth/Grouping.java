// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.constantbandwidth;

/** What has a server of its own. Immutable. */
enum Grouping {
    /** All tasks of a type share one. */
    TYPE,
    /** All tasks of a priority share one. */
    PRIORITY,
    /** Each task has its own. */
    TASK
}
