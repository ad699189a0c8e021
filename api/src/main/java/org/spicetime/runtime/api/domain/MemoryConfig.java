// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.Map;
import java.util.Objects;

/**
 * The memory pool of a domain. Immutable.
 *
 * @param poolSizeBytes size of the pool, at least {@value #MIN_POOL_BYTES} and a multiple of
 *     {@value #POOL_STEP_BYTES}
 * @param allocationType name of the allocation strategy configured; see {@link
 *     DomainState#activeAllocator()}
 * @param garbageCollection reclamation
 * @param swapPolicy which blocks go to swap
 * @param swapLimitBytes most bytes swapped out at a time; 0: as many as the pool has. See {@link
 *     #effectiveSwapLimitBytes}
 * @param parameters parameters of the strategy, as its descriptor names them
 */
public record MemoryConfig(
        long poolSizeBytes,
        String allocationType,
        GcConfig garbageCollection,
        SwapPolicy swapPolicy,
        long swapLimitBytes,
        Map<String, Object> parameters) {
    /** Smallest pool: 4 MiB. */
    public static final long MIN_POOL_BYTES = 4L << 20;

    /** Step of pool sizes: 1 MiB. */
    public static final long POOL_STEP_BYTES = 1L << 20;

    public MemoryConfig {
        Objects.requireNonNull(allocationType, "allocationType");
        Objects.requireNonNull(garbageCollection, "garbageCollection");
        Objects.requireNonNull(swapPolicy, "swapPolicy");
        if (poolSizeBytes < MIN_POOL_BYTES || poolSizeBytes % POOL_STEP_BYTES != 0)
            throw new IllegalArgumentException(
                    "memory.poolSize must be a multiple of "
                            + POOL_STEP_BYTES
                            + " bytes and at least "
                            + MIN_POOL_BYTES
                            + ", was "
                            + poolSizeBytes);
        if (swapLimitBytes < 0)
            throw new IllegalArgumentException(
                    "memory.swapLimit must be 0 or more bytes, was " + swapLimitBytes);
        parameters = Map.copyOf(parameters);
    }

    /**
     * Most bytes swapped out at a time.
     *
     * @return the limit in force: that of the configuration, or the size of the pool
     */
    public long effectiveSwapLimitBytes() {
        return swapLimitBytes == 0 ? poolSizeBytes : swapLimitBytes;
    }
}
