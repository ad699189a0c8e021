// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VirtualClockTest {
    private final VirtualClock clock = new VirtualClock(Instant.EPOCH);
    private final List<String> events = new ArrayList<>();

    @Test
    void whatIsDueRunsInOrderOfTimeThenOfInsertion() {
        clock.after(Duration.ofSeconds(2), () -> events.add("later " + clock.instant()));
        clock.after(Duration.ofSeconds(1), () -> events.add("first " + clock.instant()));
        clock.after(Duration.ofSeconds(1), () -> events.add("second " + clock.instant()));
        clock.advance(Duration.ofSeconds(1));
        assertThat(events)
                .containsExactly("first 1970-01-01T00:00:01Z", "second 1970-01-01T00:00:01Z");
        clock.advance(Duration.ofSeconds(1));
        assertThat(events).last().isEqualTo("later 1970-01-01T00:00:02Z");
    }

    @Test
    void whatAnActionPlansInsideTheSpanRunsInTheSameAdvance() {
        Duration second = Duration.ofSeconds(1);
        clock.after(second, () -> clock.after(second, () -> events.add("" + clock.nanos())));
        clock.advance(Duration.ofSeconds(5));
        assertThat(events).containsExactly("2000000000");
        assertThat(clock.nanos()).isEqualTo(5_000_000_000L);
    }

    @Test
    void aJumpMovesUtcAlone() {
        clock.jump(Duration.ofHours(-1));
        assertThat(clock.nanos()).isZero();
        assertThat(clock.instant()).isEqualTo(Instant.EPOCH.minusSeconds(3600));
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
                .withMessageContaining("-0.000000001S");
    }
}
