// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.guard;

import java.time.Duration;

/**
 * What calls into policies and strategies may cost. Immutable.
 *
 * @param hung longest call, in processor time or in waiting; each thing that a call has to go
 *     through adds a microsecond
 * @param silent longest time a call may neither run nor wait in Java, as in a call into the
 *     operating system
 * @param slow mean processor time of a call, over a window of {@link #WINDOW} calls without the
 *     {@link #OUTLIERS} slowest, in two windows that follow each other
 * @param tail processor time that at most one of a thousand calls into a strategy may exceed, over
 *     a window of {@link #TAIL_WINDOW} calls, in two windows that follow each other
 * @param meanBytes mean heap allocation of a call over a window of {@link #ALLOCATION_WINDOW}
 *     measured calls
 * @param mostBytes heap allocation of one call
 */
public record GuardLimits(
        Duration hung,
        Duration silent,
        Duration slow,
        Duration tail,
        long meanBytes,
        long mostBytes) {
    /** Calls looked at closely in succession. */
    public static final int WINDOW = 64;

    /** Calls of a window that do not count: classes are loaded, code is compiled. */
    public static final int OUTLIERS = 4;

    /** Calls looked at for their longest; begins with one that took longer than the tail. */
    public static final int TAIL_WINDOW = 1000;

    /** Calls over which the mean allocation is taken. */
    public static final int ALLOCATION_WINDOW = 256;

    /**
     * Of so many calls one is measured, apart from the first ones of each instance. A prime, so
     * that the sample does not follow a pattern of calls.
     */
    public static final int SAMPLED = 61;

    /** In normal use. */
    public static final GuardLimits STANDARD =
            new GuardLimits(
                    Duration.ofMillis(30),
                    Duration.ofSeconds(2),
                    Duration.ofNanos(50_000),
                    Duration.ofMillis(1),
                    64 << 10,
                    32 << 20);

    public GuardLimits {
        if (hung.isNegative() || hung.isZero() || slow.isNegative() || slow.isZero()) {
            throw new IllegalArgumentException(
                    "limits must be positive, were " + hung + " and " + slow);
        }
        if (tail.compareTo(slow) < 0) {
            throw new IllegalArgumentException(
                    "tail must be at least slow, were " + tail + " and " + slow);
        }
        if (meanBytes < 1 || mostBytes < meanBytes) {
            throw new IllegalArgumentException(
                    "mostBytes must be at least meanBytes, were " + mostBytes + ", " + meanBytes);
        }
    }
}
