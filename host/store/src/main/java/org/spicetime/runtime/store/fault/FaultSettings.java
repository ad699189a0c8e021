// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import java.time.Duration;

/**
 * When the store begins to refuse what grows it, and what it keeps in reserve.
 *
 * <p>Immutable.
 *
 * @param ballastBytes size of the ballast file; 0: none
 * @param minFreeBytes below so many free bytes growth is refused; not negative
 * @param minFreeRatio below such a part of the disk growth is refused, if that is more; 0 to 1
 * @param probeEvery how often a store that takes nothing more is tried again, and free space is
 *     looked at; positive
 */
public record FaultSettings(
        long ballastBytes, long minFreeBytes, double minFreeRatio, Duration probeEvery) {

    private static final int MEBI_BITS = 20;
    private static final int MOST_BALLAST = 4096;
    private static final int MOST_FREE = 1 << 20;
    private static final int MOST_PERCENT = 50;

    /** 64 MiB of ballast; growth ends below 256 MiB or 5 %. */
    public static final FaultSettings DEFAULT =
            new FaultSettings(64L << 20, 256L << 20, 0.05, Duration.ofSeconds(1));

    /** No ballast and no limit, for stores that live for the length of a test. */
    public static final FaultSettings OFF = new FaultSettings(0, 0, 0, Duration.ofSeconds(1));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside of its range
     */
    public FaultSettings {
        if (ballastBytes < 0 || minFreeBytes < 0) {
            throw new IllegalArgumentException(
                    "ballast and least free space must not be negative, were %d and %d bytes"
                            .formatted(ballastBytes, minFreeBytes));
        }
        if (!(minFreeRatio >= 0 && minFreeRatio <= 1)) {
            throw new IllegalArgumentException(
                    "least free part of the disk must be 0 to 1, was " + minFreeRatio);
        }
        if (!probeEvery.isPositive()) {
            throw new IllegalArgumentException(
                    "the time between two tries must be positive, was " + probeEvery);
        }
    }

    /**
     * The settings of a configuration; what is outside of its range is taken as the nearest inside.
     *
     * @param limits the configuration
     * @return the settings
     */
    public static FaultSettings of(StoreLimits limits) {
        return new FaultSettings(
                (long) Math.clamp(limits.ballastMebibytes(), 0, MOST_BALLAST) << MEBI_BITS,
                (long) Math.clamp(limits.minFreeMebibytes(), 0, MOST_FREE) << MEBI_BITS,
                Math.clamp(limits.minFreePercent(), 0, MOST_PERCENT) / 100.0,
                DEFAULT.probeEvery());
    }

    /** Free bytes below which growth is refused on a disk of this size. */
    long limit(long total) {
        return Math.max(minFreeBytes, (long) (minFreeRatio * total));
    }
}
