// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.shell;

/** A command was refused. The message is the stable code and one sentence. */
final class CommandRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CommandRefusedException(String message) {
        super(message);
    }
}
