// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.hardware;

import java.util.OptionalLong;

/**
 * Use of one local file system.
 *
 * <p>Immutable.
 *
 * @param mountPoint where it is mounted, such as {@code /var}; not blank
 * @param type what it is, such as {@code ext4}; empty: unknown
 * @param totalBytes bytes in all
 * @param usableBytes bytes this process may still write
 */
public record FileSystemSample(
        String mountPoint, String type, OptionalLong totalBytes, OptionalLong usableBytes) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the mount point is blank, a number is negative, or more
     *     is usable than there is
     */
    public FileSystemSample {
        if (mountPoint.isBlank()) {
            throw new IllegalArgumentException("a file system needs a mount point");
        }
        Check.notNegative("total bytes of " + mountPoint, totalBytes);
        Check.notNegative("usable bytes of " + mountPoint, usableBytes);
        Check.partOf("usable bytes of " + mountPoint, usableBytes, totalBytes);
    }
}
