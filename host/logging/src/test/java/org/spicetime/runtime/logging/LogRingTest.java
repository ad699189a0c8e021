// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.log.LogFilter;
import org.spicetime.runtime.api.log.LogRecord;

class LogRingTest {
    private static LogRecord record(String message) {
        return new LogRecord(
                Instant.EPOCH, LogLevel.INFO, "a.B", message, null, null, null, null, null);
    }

    private static List<String> messages(List<LogRecord> records) {
        return records.stream().map(LogRecord::message).toList();
    }

    @Test
    void theNewestComeFirstAndTheOldestFallOut() {
        LogRing ring = new LogRing(3, 1 << 20);
        IntStream.range(0, 5).forEach(i -> ring.add(record("m" + i)));

        assertThat(messages(ring.newest(LogFilter.ANY, 10))).containsExactly("m4", "m3", "m2");
        assertThat(messages(ring.newest(LogFilter.ANY, 2))).containsExactly("m4", "m3");
        assertThat(ring.newest(LogFilter.ANY, 0)).isEmpty();
        assertThat(messages(ring.newest(new LogFilter(null, null, null, null, "M2"), 1)))
                .containsExactly("m2");
    }

    @Test
    void itsBytesAreBounded() {
        LogRecord large = record("x".repeat(1000));
        long each = LogRing.cost(large);
        LogRing ring = new LogRing(100, 5 * each);
        for (int i = 0; i < 20; i++) {
            ring.add(large);
            assertThat(ring.bytes()).isLessThanOrEqualTo(5 * each);
        }
        assertThat(ring.newest(LogFilter.ANY, 100)).hasSize(5);

        LogRing small = new LogRing(100, each - 1);
        small.add(record("short"));
        small.add(large);
        assertThat(small.newest(LogFilter.ANY, 100)).isEmpty();
        assertThat(small.bytes()).isZero();
        assertThat(small.end()).isEqualTo(2);
    }

    @Test
    void whoIsBehindIsToldFromWhereRecordsAreKept() {
        LogRing ring = new LogRing(4, 1 << 20);
        IntStream.range(0, 10).forEach(i -> ring.add(record("m" + i)));

        LogRing.Batch batch = ring.from(2, 3);
        assertThat(batch.first()).isEqualTo(6);
        assertThat(messages(batch.records())).containsExactly("m6", "m7", "m8");
        assertThat(messages(ring.from(batch.next(), 3).records())).containsExactly("m9");
        assertThat(ring.from(10, 3).records()).isEmpty();
    }
}
