// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.deploy;

/** A file of which no bundle can be made; the message says why and what to do. */
final class UnusableFileException extends Exception {

    private static final long serialVersionUID = 1;

    UnusableFileException(String message) {
        super(message);
    }
}
