// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.handler;

/** The task is to end now: it was cancelled, timed out, or its domain stops. Let it pass. */
public final class TaskCancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message says why. */
    public TaskCancelledException(String message) {
        super(message);
    }
}
