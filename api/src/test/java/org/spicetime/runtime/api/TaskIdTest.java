// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskIdTest {

    private static final String EXAMPLE_OF_THE_RFC = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";

    @Test
    void anIdReadsAsItIsWritten() {
        assertThat(TaskId.parse(EXAMPLE_OF_THE_RFC)).hasToString(EXAMPLE_OF_THE_RFC);
        assertThat(TaskId.parse(EXAMPLE_OF_THE_RFC.toUpperCase(Locale.ROOT)))
                .isEqualTo(TaskId.parse(EXAMPLE_OF_THE_RFC));
    }

    @Test
    void anIdTellsWhenItWasMade() {
        assertThat(TaskId.parse(EXAMPLE_OF_THE_RFC).madeAt())
                .isEqualTo(Instant.parse("2022-02-22T19:22:22Z"));
    }

    @Test
    void idsOfLaterInstantsComeLater() {
        SplittableRandom random = new SplittableRandom(Long.getLong("test.seed", 7));
        TaskId before = TaskId.of(Instant.EPOCH, random);
        for (long millis = 1; millis < 1L << 47; millis = millis * 3 + 1) {
            TaskId next = TaskId.of(Instant.ofEpochMilli(millis), random);
            assertThat(next).isGreaterThan(before);
            assertThat(next.toString()).isGreaterThan(before.toString());
            assertThat(next.madeAt()).isEqualTo(Instant.ofEpochMilli(millis));
            before = next;
        }
        TaskId last = TaskId.of(Instant.ofEpochMilli((1L << 48) - 1), random);
        assertThat(last).isGreaterThan(before);
        assertThat(last.madeAt()).isEqualTo(Instant.ofEpochMilli((1L << 48) - 1));
    }

    @Test
    void idsOfOneInstantDiffer() {
        SplittableRandom random = new SplittableRandom(Long.getLong("test.seed", 7));
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(TaskId.of(now, random)).isNotEqualTo(TaskId.of(now, random));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-2-7-8-5",
                "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
                "017f22e2-79b0-7cc3-18c4-dc0c0c07398f",
                "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
                "017f22e279b07cc398c4dc0c0c07398f",
                "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
                "017f22e2-79b0-7cc3-98c4-dc0c0c07398f "
            })
    void whatIsNoUuidOfVersionSevenIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskId.parse(text))
                .withMessageContaining("task id must be a UUID");
    }

    @Test
    void aRandomUuidIsNoTaskId() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskId.of(new UUID(0x4000L, 0x8000_0000_0000_0000L)))
                .withMessageContaining("version 4");
    }

    @Test
    void instantsThatDoNotFitAreRefused() {
        SplittableRandom random = new SplittableRandom(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskId.of(Instant.ofEpochMilli(-1), random));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskId.of(Instant.ofEpochMilli(1L << 48), random));
    }
}
