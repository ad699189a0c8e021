// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/** Life cycle of a domain. */
public enum RuntimeStatus {
    /** Known but never started. */
    CREATED,
    /** Acquiring its pool, workers and services. */
    STARTING,
    /** Accepts and runs tasks. */
    RUNNING,
    /** Runs, but on a fallback or beside a missing service. */
    DEGRADED,
    /** Accepts tasks, dispatches none. */
    PAUSED,
    /** Accepts no tasks, runs the admitted ones to the end. */
    DRAINING,
    /** Giving back its resources. */
    STOPPING,
    /** Runs nothing, keeps its configuration. */
    STOPPED,
    /** Stopped by a failure. */
    FAILED
}
