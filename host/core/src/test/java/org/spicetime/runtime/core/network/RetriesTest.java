// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.network.HttpReply;
import org.spicetime.runtime.api.network.NetworkException;
import org.spicetime.runtime.api.network.RetryCondition;
import org.spicetime.runtime.api.network.RetryPolicy;

final class RetriesTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Outcome BROKEN =
            new Outcome.Failed(RetryCondition.IO, new NetworkException("broken", null));

    private final Retries retries = new Retries(() -> NOW, () -> 0.5);

    private static RetryPolicy policy(BackoffStrategy backoff, double jitter) {
        return new RetryPolicy(
                9,
                backoff,
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                3.0,
                jitter,
                Set.of(RetryCondition.values()));
    }

    private static Outcome throttled(String retryAfter) {
        return new Outcome.Answered(
                new HttpReply(
                        429,
                        Map.of("retry-after", List.of(retryAfter)),
                        Payload.json("{}"),
                        Duration.ZERO));
    }

    private static Outcome answered(int status) {
        return new Outcome.Answered(
                new HttpReply(status, Map.of(), Payload.json("{}"), Duration.ZERO));
    }

    private long millis(BackoffStrategy backoff, int attempt) {
        return retries.delay(policy(backoff, 0), "GET", attempt, BROKEN).orElseThrow().toMillis();
    }

    @Test
    void delaysGrowAsTheStrategySays() {
        assertThat(millis(BackoffStrategy.NONE, 3)).isZero();
        assertThat(millis(BackoffStrategy.FIXED, 3)).isEqualTo(100);
        assertThat(millis(BackoffStrategy.LINEAR, 3)).isEqualTo(300);
        assertThat(millis(BackoffStrategy.EXPONENTIAL, 1)).isEqualTo(100);
        assertThat(millis(BackoffStrategy.EXPONENTIAL, 3)).isEqualTo(900);
        assertThat(millis(BackoffStrategy.EXPONENTIAL, 8)).isEqualTo(1000);
    }

    @Test
    void jitterTakesItsShareOffAtRandom() {
        assertThat(retries.delay(policy(BackoffStrategy.FIXED, 0.4), "GET", 1, BROKEN))
                .contains(Duration.ofMillis(80));
    }

    @Test
    void whatTheServerAsksForIsRespectedUpToTheLongestDelay() {
        RetryPolicy policy = policy(BackoffStrategy.FIXED, 0);
        assertThat(retries.delay(policy, "GET", 1, throttled("1"))).contains(Duration.ofSeconds(1));
        assertThat(retries.delay(policy, "GET", 1, throttled("0")))
                .contains(Duration.ofMillis(100));
        assertThat(retries.delay(policy, "GET", 1, throttled("2"))).isEmpty();
        assertThat(retries.delay(policy, "GET", 1, throttled("Tue, 1 Jan 2030 00:00:01 GMT")))
                .contains(Duration.ofSeconds(1));
        assertThat(retries.delay(policy, "GET", 1, throttled("nonsense")))
                .contains(Duration.ofMillis(100));
    }

    @Test
    void aBrokenRequestIsRepeatedOnlyIfThatIsHarmless() {
        RetryPolicy policy = policy(BackoffStrategy.FIXED, 0);
        assertThat(retries.delay(policy, "PUT", 1, BROKEN)).isPresent();
        assertThat(retries.delay(policy, "POST", 1, BROKEN)).isEmpty();
        for (int status : new int[] {429, 500, 503}) {
            assertThat(retries.delay(policy, "GET", 1, answered(status))).isPresent();
            assertThat(retries.delay(policy, "POST", 1, answered(status))).isEmpty();
            assertThat(retries.delay(policy, "PATCH", 1, answered(status))).isEmpty();
        }
        Outcome unconnected =
                new Outcome.Failed(RetryCondition.CONNECT, new NetworkException("none", null));
        assertThat(retries.delay(policy, "POST", 1, unconnected)).isPresent();
    }

    @Test
    void attemptsAndConditionsAreThoseOfThePolicy() {
        assertThat(retries.delay(RetryPolicy.NEVER, "GET", 1, BROKEN)).isEmpty();
        assertThat(retries.delay(policy(BackoffStrategy.NONE, 0), "GET", 9, BROKEN)).isEmpty();
        Outcome tooLarge = new Outcome.Failed(null, new NetworkException("too large", null));
        assertThat(retries.delay(policy(BackoffStrategy.NONE, 0), "GET", 1, tooLarge))
                .isEqualTo(Optional.empty());
    }
}
