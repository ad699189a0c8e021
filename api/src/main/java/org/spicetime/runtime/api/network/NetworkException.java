// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.network;

import org.jspecify.annotations.Nullable;

/**
 * A network request got no answer: no connection, broken midway, too large, or out of time. The
 * message says which.
 */
public final class NetworkException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The message names the address and what happened. */
    public NetworkException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
