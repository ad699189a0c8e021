// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

/** The state of a domain that was last asked for; it holds over restarts. Immutable. */
public enum IntendedState {
    /** Admits and runs tasks. */
    RUNNING,
    /** Admits tasks, starts none. */
    PAUSED,
    /** Admits none, runs those it has to the end. */
    DRAINING,
    /** Neither. */
    STOPPED
}
