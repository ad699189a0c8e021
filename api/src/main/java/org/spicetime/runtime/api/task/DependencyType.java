// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

/** What about another task is waited for. */
public enum DependencyType {
    /** It has completed; if it fails, the dependant fails with DEPENDENCY_FAILED. */
    SUCCESS,
    /** It has ended, well or not. */
    COMPLETION,
    /** It has been dispatched once; if it ends without that, the dependant fails. */
    START,
    /** As {@link #SUCCESS}, and its result is handed to the dependant. */
    DATA,
    /** As {@link #SUCCESS}, but a failure or a time-out is ignored. */
    SOFT
}
