// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.spicetime.runtime.api.domain.AdmissionGate;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.security.Caller;

/**
 * How fast one caller may change things, by token buckets. Changes are counted before they run, new
 * tasks when their idempotency keys were looked up: a repeated task is no new one. Thread-safe.
 */
final class RateLimits {
    /** More callers than this are kept only while they are short of something. */
    private static final int CALLERS = 1000;

    private final Rates rates;
    private final TimeMeter clock;
    private final Map<String, Buckets> callers = new ConcurrentHashMap<>();

    RateLimits(Rates rates, TimeMeter clock) {
        this.rates = rates;
        this.clock = clock;
    }

    /** Counts changes that are about to be made, those that admit tasks apart. */
    void change(Caller caller, int changes) throws RequestRefused {
        if (changes == 0) return;
        // What is more than a full bucket could never pass.
        long wanted = Math.min(changes, rates.burst());
        ConsumptionProbe taken = of(caller).changes().tryConsumeAndReturnRemaining(wanted);
        if (!taken.isConsumed()) {
            throw new RequestRefused(
                    Refusal.RATE_LIMITED,
                    ErrorEntry.of(
                            RequestErrorCode.RATE_LIMITED,
                            "a caller may make %d changes a second, and %d at once; send it again in %d ms"
                                    .formatted(rates.mutations(), rates.burst(), millis(taken)),
                            Map.of("retryAfter", millis(taken))));
        }
    }

    /** Counts the new tasks of a caller. */
    AdmissionGate tasks(Caller caller) {
        return tasks -> {
            ConsumptionProbe taken =
                    of(caller)
                            .tasks()
                            .tryConsumeAndReturnRemaining(Math.min(tasks, rates.taskBurst()));
            if (!taken.isConsumed()) {
                throw new RefusedException(
                        RequestErrorCode.RATE_LIMITED,
                        "a caller may schedule %d new tasks a second, and %d at once; send it again in %d ms"
                                .formatted(rates.tasks(), rates.taskBurst(), millis(taken)),
                        Map.of("retryAfter", millis(taken)));
            }
        };
    }

    /** How many callers are kept. */
    int callers() {
        return callers.size();
    }

    private static long millis(ConsumptionProbe refused) {
        long nanos = refused.getNanosToWaitForRefill();
        return Math.max(1, Math.ceilDiv(nanos, TimeUnit.MILLISECONDS.toNanos(1)));
    }

    private Buckets of(Caller caller) {
        Buckets known = callers.get(caller.name());
        if (known != null) return known;
        if (callers.size() >= CALLERS) callers.values().removeIf(this::untouched);
        return callers.computeIfAbsent(
                caller.name(),
                _ ->
                        new Buckets(
                                bucket(rates.burst(), rates.mutations()),
                                bucket(rates.taskBurst(), rates.tasks())));
    }

    private boolean untouched(Buckets buckets) {
        return buckets.changes().getAvailableTokens() >= rates.burst()
                && buckets.tasks().getAvailableTokens() >= rates.taskBurst();
    }

    private Bucket bucket(long most, long perSecond) {
        return Bucket.builder()
                .addLimit(limit ->
                        limit.capacity(most).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }

    private record Buckets(Bucket changes, Bucket tasks) {}
}
