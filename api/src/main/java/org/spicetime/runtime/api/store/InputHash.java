// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.util.regex.Pattern;

/**
 * Hash of a request as it was sent, by which a repeated request is told from a different one.
 *
 * <p>Immutable.
 *
 * @param sha256 SHA-256, 64 hexadecimal digits in lower case
 */
public record InputHash(String sha256) {

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    /**
     * Checks the digits.
     *
     * @throws IllegalArgumentException if it is not a SHA-256 in hexadecimal
     */
    public InputHash {
        if (!HEX.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "input hash must be 64 hexadecimal digits in lower case, had "
                            + sha256.length()
                            + " characters");
        }
    }
}
