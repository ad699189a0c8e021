// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

/**
 * The host does not start; the message is one sentence for the person at the terminal. Immutable.
 */
final class StartRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Exit code of a wrong command line, as shells have it. */
    static final int USAGE = 2;

    /** Exit code of every other refusal. */
    static final int FAILED = 1;

    private final int exitCode;

    private StartRefusedException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static StartRefusedException usage(String message) {
        return new StartRefusedException(USAGE, message);
    }

    static StartRefusedException failed(String message) {
        return new StartRefusedException(FAILED, message);
    }

    static StartRefusedException failed(String message, Throwable cause) {
        StartRefusedException refused = new StartRefusedException(FAILED, message);
        refused.initCause(cause);
        return refused;
    }

    int exitCode() {
        return exitCode;
    }
}
