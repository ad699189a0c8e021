// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

/** The file of the administrator's token cannot be used. The message says why, and what to do. */
final class UnusableTokenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnusableTokenException(String message) {
        super(message);
    }
}
