// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.transport;

/** The parameters of a request are missing or of a wrong type. The message is for the client. */
public final class InvalidParametersException extends Exception {
    private static final long serialVersionUID = 1;

    public InvalidParametersException(String message) {
        super(message);
    }
}
