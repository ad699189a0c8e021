// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.examples.taskhandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spicetime.runtime.api.handler.TaskCancelledException;
import org.spicetime.runtime.testkit.handler.AttemptContext;

final class CountPrimesHandlerTest {

    private final CountPrimesHandler handler = new CountPrimesHandler();

    @ParameterizedTest
    @CsvSource({"2, 1, 2", "3, 2, 3", "100, 25, 97", "1000000, 78498, 999983"})
    void countsAsTheTablesSay(int limit, int count, int largest) {
        try (AttemptContext context = new AttemptContext()) {
            assertThat(handler.run(new CountPrimesHandler.Request(limit), context))
                    .isEqualTo(new CountPrimesHandler.Result(count, largest));
        }
    }

    @Test
    void tellsHowFarItIs() {
        try (AttemptContext context = new AttemptContext()) {
            handler.run(new CountPrimesHandler.Request(1_000_000), context);
            assertThat(context.progress()).isNotEmpty().isSorted().allMatch(seen -> seen < 1);
        }
    }

    @Test
    void endsSoonWhenItIsCancelled() {
        try (AttemptContext context = new AttemptContext().cancelledAtCheckpoint(3)) {
            assertThatThrownBy(
                            () -> handler.run(new CountPrimesHandler.Request(10_000_000), context))
                    .isInstanceOf(TaskCancelledException.class);
            assertThat(context.checkpoints()).isEqualTo(3);
        }
    }
}
