// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A backup that was made and checked.
 *
 * <p>Immutable.
 *
 * @param file the copy
 * @param sizeBytes its size; positive
 * @param sha256 its SHA-256, 64 hexadecimal digits in lower case
 * @param takenAt the state it holds is of this instant
 * @param took how long it took, the check included; not negative
 */
public record BackupReport(
        Path file, long sizeBytes, String sha256, Instant takenAt, Duration took) {

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is not as described
     */
    public BackupReport {
        if (sizeBytes < 1)
            throw new IllegalArgumentException("size must be at least 1, was " + sizeBytes);
        if (!HEX.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "SHA-256 must be 64 hexadecimal digits in lower case, was " + sha256);
        }
        if (took.isNegative()) {
            throw new IllegalArgumentException("duration must not be negative, was " + took);
        }
    }
}
