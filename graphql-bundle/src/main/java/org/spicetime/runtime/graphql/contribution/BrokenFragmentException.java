// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

/** A fragment is left out; the message says where and why. */
final class BrokenFragmentException extends Exception {
    private static final long serialVersionUID = 1;

    BrokenFragmentException(String reason) {
        super(reason);
    }

    /** With the line of the fragment, from 1; 0: none. */
    BrokenFragmentException(int line, String reason) {
        super(line > 0 ? "line " + line + ": " + reason : reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
