// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.Payload;

class TaskRequestTest {

    @Test
    void aRequestThatNamesOnlyItsTypeIsComplete() {
        TaskRequest request = TaskRequest.of(TaskType.IO).build();

        assertThat(request.priority()).isEmpty();
        assertThat(request.timeout()).isZero();
        assertThat(request.onDeadlineMiss()).isEqualTo(DeadlineMissPolicy.CONTINUE);
        assertThat(request.dependencies()).isEmpty();
        assertThat(request.retry()).isEqualTo(TaskRetry.DEFAULT);
    }

    @Test
    void aTraceIdHasTheDigitsOfW3c() {
        String id = "4bf92f3577b34da6a3ce929d0e0e4736";
        TaskRequest request = TaskRequest.of(TaskType.IO).traceId(id).build();
        assertThat(request.toBuilder().build().traceId()).isEqualTo(id);
        for (String bad :
                new String[] {"", id.substring(1), id + "0", id.toUpperCase(ROOT), "0".repeat(32)})
            refused(
                    TaskRequest.of(TaskType.IO).traceId(bad),
                    "traceId",
                    String.valueOf(bad.length()));
    }

    @Test
    void anAbsoluteAndARelativeDeadlineExcludeEachOther() {
        TaskRequest.Builder both =
                TaskRequest.of(TaskType.IO)
                        .deadline(Instant.EPOCH)
                        .relativeDeadline(Duration.ofSeconds(1));

        assertThatIllegalArgumentException()
                .isThrownBy(both::build)
                .withMessageContaining("exclude each other");
    }

    @Test
    void eachRangeIsCheckedAndTheMessageNamesTheValue() {
        refused(
                TaskRequest.of(TaskType.IO).relativeDeadline(Duration.ZERO),
                "relativeDeadline",
                "PT0S");
        refused(TaskRequest.of(TaskType.IO).timeout(Duration.ofMillis(-1)), "timeout", "PT-0.001S");
        refused(
                TaskRequest.of(TaskType.IO).estimatedDuration(Duration.ZERO),
                "estimatedDuration",
                "PT0S");
        refused(TaskRequest.of(TaskType.IO).maxRetries(-1), "maxRetries", "-1");
        refused(TaskRequest.of(TaskType.IO).maxRetries(1001), "maxRetries", "1001");
        refused(TaskRequest.of(TaskType.IO).name("x".repeat(257)), "name", "257");
        refused(TaskRequest.of(TaskType.IO).handler(" "), "handler", "blank");
        refused(TaskRequest.of(TaskType.IO).idempotencyKey(""), "idempotencyKey", "0");
        refused(
                TaskRequest.of(TaskType.IO)
                        .payload(Payload.json("\"" + "x".repeat(64 * 1024) + "\"")),
                "payload",
                "65538");
    }

    @Test
    void labelsAreLimitedInNumberAndLength() {
        Map<String, String> many =
                IntStream.range(0, 33).boxed().collect(Collectors.toMap(i -> "k" + i, _ -> "v"));
        refused(TaskRequest.of(TaskType.IO).labels(many), "labels", "33");
        refused(TaskRequest.of(TaskType.IO).labels(Map.of("k".repeat(64), "v")), "labels", "64");
        refused(TaskRequest.of(TaskType.IO).labels(Map.of("k", "v".repeat(256))), "labels", "256");
    }

    @Test
    void retryDelaysAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new TaskRetry(
                                BackoffStrategy.FIXED,
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(1),
                                2,
                                0))
                .withMessageContaining("maxDelay");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new TaskRetry(
                                BackoffStrategy.FIXED, Duration.ZERO, Duration.ZERO, Double.NaN, 0))
                .withMessageContaining("multiplier");
    }

    @Test
    void everyPhaseBelongsToAStatusAndOnlyFinalOnesEnd() {
        assertThat(TaskPhase.CANCELLING.status()).isEqualTo(TaskStatus.RUNNING);
        assertThat(TaskPhase.SUSPENDED.status()).isEqualTo(TaskStatus.BLOCKED);
        assertThat(TaskPhase.CANCELLED.isFinal()).isTrue();
        assertThat(TaskPhase.RETRY_WAIT.isFinal()).isFalse();
    }

    private static void refused(TaskRequest.Builder builder, String field, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageContaining(field)
                .withMessageContaining(value);
    }
}
