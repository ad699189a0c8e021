// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/** What a full queue does with a task to admit. */
public enum OverflowPolicy {
    /** Refuses it. */
    REJECT,
    /** Lets the caller wait, up to a limit. */
    WAIT
}
