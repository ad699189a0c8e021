// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import java.util.Objects;
import org.spicetime.runtime.api.DomainId;

/**
 * How scarce the memory of a domain's pool has become. Immutable.
 *
 * @param domain whose pool
 * @param level the level now
 * @param former the level of which was told before
 * @param totalBytes size of the pool in force
 * @param usedBytes bytes of live blocks, rounding included
 */
public record MemoryPressure(
        DomainId domain,
        PressureLevel level,
        PressureLevel former,
        long totalBytes,
        long usedBytes) {

    public MemoryPressure {
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(former, "former");
        if (totalBytes < 0 || usedBytes < 0) {
            throw new IllegalArgumentException(
                    "bytes must be 0 or more, were total %d and used %d"
                            .formatted(totalBytes, usedBytes));
        }
    }
}
