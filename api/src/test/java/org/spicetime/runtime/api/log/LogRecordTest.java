// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.TaskId;

class LogRecordTest {
    private static final DomainId DOMAIN = DomainId.of("orders");
    private static final TaskId TASK = TaskId.parse("01890a5d-ac96-774b-bcce-b302099a8057");

    private static LogRecord record(
            String logger, String message, @Nullable String event, @Nullable String stack) {
        return new LogRecord(
                Instant.EPOCH,
                LogLevel.INFO,
                logger,
                message,
                event,
                DOMAIN,
                TASK,
                "org.example",
                stack);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "DR-MEM-1", "dr-mem-0001", "DR-MEM-00010", "MEM-0001"})
    void anEventHasOneForm(String event) {
        assertThat(LogRecord.isEvent(event)).isFalse();
        assertThatThrownBy(() -> record("a.B", "text", event, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 digits, was \"" + event + '"');
        assertThat(record("a.B", "text", "DR-MEM-0001", null).event()).isEqualTo("DR-MEM-0001");
    }

    @Test
    void everyTextIsBounded() {
        assertThatThrownBy(() -> record("a.B", "x".repeat(8193), null, null))
                .hasMessage("message must have at most 8192 characters, had 8193");
        assertThatThrownBy(() -> record("a.B", "x", null, "x".repeat(16_385)))
                .hasMessage("stackTrace must have at most 16384 characters, had 16385");
        assertThatThrownBy(() -> record(" ", "x", null, null)).hasMessageContaining("logger");
        assertThatThrownBy(() -> new LogFilter(null, "x".repeat(257), null, null, null))
                .hasMessage("logger must have at most 256 characters, had 257");
        assertThatThrownBy(() -> new LogFilter(null, null, null, null, "x".repeat(257)))
                .hasMessage("contains must have at most 256 characters, had 257");
    }

    @Test
    void everyConditionMustHold() {
        LogRecord record = record("org.example.Mill", "The Wheel turns", null, null);
        assertThat(LogFilter.ANY.matches(record)).isTrue();
        assertThat(new LogFilter(LogLevel.INFO, "org.ex", DOMAIN, TASK, "wHEEL").matches(record))
                .isTrue();
        assertThat(new LogFilter(LogLevel.WARN, null, null, null, null).matches(record)).isFalse();
        assertThat(new LogFilter(LogLevel.DEBUG, null, null, null, null).matches(record)).isTrue();
        assertThat(new LogFilter(null, "example", null, null, null).matches(record)).isFalse();
        assertThat(new LogFilter(null, null, DomainId.of("bills"), null, null).matches(record))
                .isFalse();
        assertThat(
                        new LogFilter(
                                        null,
                                        null,
                                        null,
                                        TaskId.parse("01890a5d-ac96-774b-bcce-b302099a8058"),
                                        null)
                                .matches(record))
                .isFalse();
        assertThat(new LogFilter(null, null, null, null, "wheels").matches(record)).isFalse();
    }
}
