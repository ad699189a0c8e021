// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

/** Why an attempt is to end. Immutable. */
public enum StopCause {
    /** Cancelled by a client. */
    CANCELLED("the task was cancelled"),
    /** Its time limit has run out. */
    TIME_LIMIT("the task exceeded its time limit"),
    /** It missed its deadline and asked to be ended then. */
    DEADLINE("the task missed its deadline"),
    /** Its domain stops; the task runs again later. */
    DOMAIN_STOPS("the domain stops");

    private final String message;

    StopCause(String message) {
        this.message = message;
    }

    /** The reason as the handler sees it. */
    public String message() {
        return message;
    }
}
