// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

final class TaskLimitTest {

    @Test
    void aLimitFitsByHandlerByKeyAndByTheBeginningOfAKey() {
        assertThat(limit(null, null).fits("resize", null)).isTrue();
        assertThat(limit("resize", null).fits("resize", "any")).isTrue();
        assertThat(limit("resize", null).fits("mail", null)).isFalse();
        assertThat(limit(null, "tenant:7").fits("mail", "tenant:7")).isTrue();
        assertThat(limit(null, "tenant:7").fits("mail", "tenant:77")).isFalse();
        assertThat(limit(null, "tenant:7").fits("mail", null)).isFalse();
        assertThat(limit("mail", "tenant:*").fits("mail", "tenant:77")).isTrue();
        assertThat(limit("mail", "tenant:*").fits("mail", "user:1")).isFalse();
        assertThat(limit(null, "*").fits("mail", "anything")).isTrue();
        assertThat(limit(null, "*").fits("mail", null)).isFalse();
    }

    @Test
    void whatIsOutOfRangeIsRefusedWithItsNameItsValueAndItsRange() {
        refused("maxRunning must be 0 .. 4096, was -1", () -> limit(-1, 0, 1));
        refused("maxRunning must be 0 .. 4096, was 4097", () -> limit(4097, 0, 1));
        refused("rate must be 0, or 1.0E-5 .. 1000000.0, was NaN", () -> limit(1, Double.NaN, 1));
        refused("rate must be 0, or 1.0E-5 .. 1000000.0, was -1.0", () -> limit(1, -1, 1));
        refused("rate must be 0, or 1.0E-5 .. 1000000.0, was 1.0E-6", () -> limit(1, 1e-6, 1));
        refused("burst must be 1 .. 100000, was 0", () -> limit(1, 0, 0));
        refused("maxRunning or rate must be above 0", () -> limit(0, 0, 1));
        refused("handler must have 1 .. 255", () -> limit(" ", null));
        refused("concurrencyKey must have 1 .. 255", () -> limit(null, ""));
        refused("concurrencyKey must have 1 .. 255", () -> limit(null, "k".repeat(257)));
        refused("concurrencyKey must not contain *", () -> limit(null, "a*b"));
        refused("concurrencyKey must not contain *", () -> limit(null, "**"));
        refused(
                "limits must be at most 100, were 101",
                () ->
                        new TaskConfig(
                                Durability.DURABLE,
                                RetentionConfig.DEFAULT,
                                Collections.nCopies(101, limit(1, 0, 1))));
    }

    @Test
    void aKeyIsCheckedWithTheTask() {
        assertThat(request("tenant:7").concurrencyKey()).isEqualTo("tenant:7");
        assertThat(request("tenant:7").toBuilder().build().concurrencyKey()).isEqualTo("tenant:7");
        for (String key : List.of("", " ", "k".repeat(256), "tenant:*")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> request(key))
                    .withMessageStartingWith("concurrencyKey must");
        }
    }

    private static TaskRequest request(String key) {
        return TaskRequest.of(TaskType.COMPUTATION).concurrencyKey(key).build();
    }

    private static TaskLimit limit(@Nullable String handler, @Nullable String key) {
        return new TaskLimit(handler, key, 1, 0, 1);
    }

    private static TaskLimit limit(int maxRunning, double rate, int burst) {
        return new TaskLimit(null, null, maxRunning, rate, burst);
    }

    private static void refused(String message, Runnable action) {
        assertThatIllegalArgumentException()
                .isThrownBy(action::run)
                .withMessageStartingWith(message);
    }
}
