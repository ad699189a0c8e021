// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Use of a domain's memory pool at one moment, in bytes. The parts add up: {@code total = used +
 * cached + free}; {@code swapped} lies outside of it.
 *
 * <p>Immutable.
 *
 * @param total size of the pool in force, bytes: the smaller of the configured size and the grant
 * @param used bytes of live blocks, rounding included
 * @param free bytes that are neither used nor cached
 * @param cached bytes held ready without live data; they can be given up at once
 * @param swapped bytes of live data that are only in the swap file
 * @param leaked bytes, a part of {@code used}, in zones kept back because the thread of an ended
 *     task could not be stopped
 * @param largestFree largest block that could be allocated now, bytes
 * @param fragmentation share of free memory outside the largest free block, 0 to 1; empty when
 *     nothing is free
 * @param collections collections run since start
 * @param pressure how full it is; empty: not told here
 * @param stall share of worker time spent waiting for memory over the last 10 seconds, 0 to 1;
 *     empty before the first sample
 * @param minuteStall the same over the last minute
 */
public record MemoryMetrics(
        long total,
        long used,
        long free,
        long cached,
        long swapped,
        long leaked,
        long largestFree,
        OptionalDouble fragmentation,
        long collections,
        Optional<PressureLevel> pressure,
        OptionalDouble stall,
        OptionalDouble minuteStall) {

    /** Without pressure and stall, which the pool by itself does not know. */
    public MemoryMetrics(
            long total,
            long used,
            long free,
            long cached,
            long swapped,
            long leaked,
            long largestFree,
            OptionalDouble fragmentation,
            long collections) {
        this(
                total,
                used,
                free,
                cached,
                swapped,
                leaked,
                largestFree,
                fragmentation,
                collections,
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    /**
     * Checks that the parts add up.
     *
     * @throws IllegalArgumentException if a number is negative, the parts do not add up, a part
     *     exceeds its whole, or a share is not between 0 and 1
     */
    public MemoryMetrics {
        notNegative("total", total);
        notNegative("used", used);
        notNegative("free", free);
        notNegative("cached", cached);
        notNegative("swapped", swapped);
        notNegative("leaked", leaked);
        notNegative("largestFree", largestFree);
        notNegative("collections", collections);
        if (total != used + cached + free) {
            throw new IllegalArgumentException(
                    "total must be used + cached + free, was %d <> %d + %d + %d bytes"
                            .formatted(total, used, cached, free));
        }
        if (leaked > used) {
            throw new IllegalArgumentException(
                    "leaked is a part of used, was %d of %d bytes".formatted(leaked, used));
        }
        if (largestFree > free + cached) {
            throw new IllegalArgumentException(
                    "largestFree cannot exceed free + cached, was %d > %d + %d bytes"
                            .formatted(largestFree, free, cached));
        }
        share("fragmentation", fragmentation);
        Objects.requireNonNull(pressure, "pressure");
        share("stall", stall);
        share("minuteStall", minuteStall);
    }

    /**
     * The same pool with what is known about its pressure.
     *
     * @param level how full it is
     * @param tenSeconds share of worker time spent waiting for memory over the last 10 seconds
     * @param minute the same over the last minute
     * @return the pool with them
     */
    public MemoryMetrics with(
            PressureLevel level, OptionalDouble tenSeconds, OptionalDouble minute) {
        return new MemoryMetrics(
                total,
                used,
                free,
                cached,
                swapped,
                leaked,
                largestFree,
                fragmentation,
                collections,
                Optional.of(level),
                tenSeconds,
                minute);
    }

    private static void share(String what, OptionalDouble value) {
        if (value.isPresent() && !(value.getAsDouble() >= 0 && value.getAsDouble() <= 1)) {
            throw new IllegalArgumentException(
                    what + " must be between 0 and 1, was " + value.getAsDouble());
        }
    }

    private static void notNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " must not be negative, was " + value);
        }
    }
}
