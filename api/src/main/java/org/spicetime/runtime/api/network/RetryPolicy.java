// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.network;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.spicetime.runtime.api.BackoffStrategy;

/**
 * When and how a failed network request is tried again. Immutable.
 *
 * @param maxAttempts attempts in all, the first included, 1 to 100; 1: no retry
 * @param backoff how the delay grows
 * @param initialDelay delay before the second attempt
 * @param maxDelay upper bound of a delay
 * @param multiplier factor from one delay to the next under EXPONENTIAL, 1.0 to 100.0
 * @param jitter random share of each delay, 0.0 to 1.0
 * @param retryOn failures that are tried again
 */
public record RetryPolicy(
        int maxAttempts,
        BackoffStrategy backoff,
        Duration initialDelay,
        Duration maxDelay,
        double multiplier,
        double jitter,
        Set<RetryCondition> retryOn) {
    /** One attempt. */
    public static final RetryPolicy NEVER =
            new RetryPolicy(
                    1,
                    BackoffStrategy.NONE,
                    Duration.ofMillis(100),
                    Duration.ofSeconds(10),
                    2.0,
                    0.2,
                    Set.of());

    public RetryPolicy {
        Objects.requireNonNull(backoff, "backoff");
        if (maxAttempts < 1 || maxAttempts > 100)
            throw new IllegalArgumentException("maxAttempts must be 1 .. 100, was " + maxAttempts);
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
        retryOn = Set.copyOf(retryOn);
    }
}
