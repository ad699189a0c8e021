// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.handlers;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The message digests that every Java runtime has. Thread-safe. */
final class Digests {

    private static final List<String> ALGORITHMS =
            List.of("SHA-256", "SHA-512", "SHA3-256", "SHA-1", "MD5");

    private Digests() {}

    static void check(String algorithm) {
        if (!ALGORITHMS.contains(algorithm)) {
            throw new IllegalArgumentException(
                    "algorithm must be one of "
                            + String.join(", ", ALGORITHMS)
                            + ", was \""
                            + algorithm
                            + "\"");
        }
    }

    static MessageDigest of(String algorithm) {
        check(algorithm);
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks " + algorithm, e);
        }
    }
}
