// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Duration;
import java.util.Objects;
import org.spicetime.runtime.api.BackoffStrategy;

/**
 * Delays between the attempts of a task. Immutable.
 *
 * @param backoff how delays grow
 * @param initialDelay first delay; this and {@code maxDelay} are rounded up to microseconds
 * @param maxDelay largest delay, at least {@code initialDelay}
 * @param multiplier growth factor under {@link BackoffStrategy#EXPONENTIAL}, 1.0 to 100.0
 * @param jitter random share of each delay, 0.0 to 1.0
 */
public record TaskRetry(
        BackoffStrategy backoff,
        Duration initialDelay,
        Duration maxDelay,
        double multiplier,
        double jitter) {
    /** Exponential from one second to one minute, doubling, a fifth of it random. */
    public static final TaskRetry DEFAULT =
            new TaskRetry(
                    BackoffStrategy.EXPONENTIAL,
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1),
                    2.0,
                    0.2);

    public TaskRetry {
        Objects.requireNonNull(backoff, "backoff");
        if (initialDelay.isNegative())
            throw new IllegalArgumentException(
                    "initialDelay must be 0 or more, was " + initialDelay);
        if (maxDelay.compareTo(initialDelay) < 0)
            throw new IllegalArgumentException(
                    "maxDelay must be at least initialDelay " + initialDelay + ", was " + maxDelay);
        if (!(multiplier >= 1.0 && multiplier <= 100.0))
            throw new IllegalArgumentException(
                    "multiplier must be 1.0 .. 100.0, was " + multiplier);
        if (!(jitter >= 0.0 && jitter <= 1.0))
            throw new IllegalArgumentException("jitter must be 0.0 .. 1.0, was " + jitter);
        initialDelay = Micros.up(initialDelay);
        maxDelay = Micros.up(maxDelay);
    }
}
