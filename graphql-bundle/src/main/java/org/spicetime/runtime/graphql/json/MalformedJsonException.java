// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

/** A text that is not JSON as we accept it. The message may be shown to the client. */
public final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1;

    public MalformedJsonException(String message) {
        super(message);
    }
}
