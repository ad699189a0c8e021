// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

/** A body is larger than allowed. What lies beyond the limit was not read. */
public final class BodyTooLargeException extends Exception {
    private static final long serialVersionUID = 1;

    public BodyTooLargeException(int limitBytes) {
        super("The body is larger than " + limitBytes + " bytes.");
    }
}
