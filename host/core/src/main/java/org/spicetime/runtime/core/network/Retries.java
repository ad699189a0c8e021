// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.spicetime.runtime.api.network.RetryCondition;
import org.spicetime.runtime.api.network.RetryPolicy;

/**
 * Decides whether and when a request is tried again. One that may have reached the server is only
 * if its repetition is harmless (RFC 9110, section 9.2.2). Thread-safe.
 */
final class Retries {

    private static final Set<String> IDEMPOTENT =
            Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private final InstantSource clock;
    private final DoubleSupplier random;

    /** By a clock, for dates servers name, and a source of numbers from 0 to 1, for jitter. */
    Retries(InstantSource clock, DoubleSupplier random) {
        this.clock = clock;
        this.random = random;
    }

    /**
     * The delay before the next attempt.
     *
     * @param attempt number of the attempt that ended, from 1
     * @return empty: no further attempt
     */
    Optional<Duration> delay(RetryPolicy policy, String method, int attempt, Outcome outcome) {
        RetryCondition condition = outcome.condition();
        if (condition == null
                || attempt >= policy.maxAttempts()
                || !policy.retryOn().contains(condition)
                || condition != RetryCondition.CONNECT && !IDEMPOTENT.contains(method)) {
            return Optional.empty();
        }
        Duration own = backoff(policy, attempt);
        if (outcome instanceof Outcome.Answered answered && condition == RetryCondition.THROTTLED) {
            Duration asked = asked(answered.retryAfter());
            if (asked.compareTo(policy.maxDelay()) > 0) {
                return Optional.empty();
            }
            return Optional.of(asked.compareTo(own) > 0 ? asked : own);
        }
        return Optional.of(own);
    }

    private Duration backoff(RetryPolicy policy, int attempt) {
        double first = millis(policy.initialDelay());
        double grown =
                switch (policy.backoff()) {
                    case NONE -> 0;
                    case FIXED -> first;
                    case LINEAR -> first * attempt;
                    case EXPONENTIAL -> first * Math.pow(policy.multiplier(), attempt - 1.0);
                };
        double capped = Math.min(grown, millis(policy.maxDelay()));
        double spread = capped * policy.jitter();
        double delay = capped - spread + random.getAsDouble() * spread;
        return Duration.ofNanos((long) Math.min(delay * 1e6, Long.MAX_VALUE));
    }

    private static double millis(Duration span) {
        return span.getSeconds() * 1e3 + span.getNano() / 1e6;
    }

    /** Seconds, or a date (RFC 9110, section 10.2.3); what is neither counts as nothing. */
    private Duration asked(String retryAfter) {
        if (retryAfter.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(retryAfter));
        }
        try {
            ZonedDateTime at =
                    ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration span = Duration.between(clock.instant(), at.toInstant());
            return span.isNegative() ? Duration.ZERO : span;
        } catch (DateTimeException neither) {
            return Duration.ZERO;
        }
    }
}
