// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OpenStreamsTest {
    private static final class Cut implements OpenStreams.Stream {
        private final int generation;
        private final @Nullable RuntimeException cause;
        private @Nullable RuntimeException ended;

        Cut(int generation, @Nullable RuntimeException cause) {
            this.generation = generation;
            this.cause = cause;
        }

        @Override
        public @Nullable RuntimeException cut() {
            return cause;
        }

        @Override
        public int generation() {
            return generation;
        }

        @Override
        public void cancel() {}

        @Override
        public void fail(RuntimeException with) {
            ended = with;
        }
    }

    @Test
    void theEndsOfManyStreamsAreSpread() {
        List<Long> delays = new ArrayList<>();
        List<Runnable> later = new ArrayList<>();
        OpenStreams open =
                new OpenStreams((delay, action) -> {
                    delays.add(delay);
                    later.add(action);
                });
        RuntimeException gone = new IllegalStateException("gone");
        List<Cut> cut = new ArrayList<>();
        for (int i = 0; i < 4; i++) cut.add(new Cut(1, gone));
        cut.forEach(open::add);
        Cut untouched = new Cut(2, null);
        open.add(untouched);
        assertThat(open.countByGeneration()).isEqualTo(Map.of(1, 4, 2, 1));

        open.sweep();

        long quarter = OpenStreams.SPREAD.toNanos() / 4;
        assertThat(delays).containsExactly(quarter, 2 * quarter, 3 * quarter);
        assertThat(cut).filteredOn(stream -> stream.ended != null).hasSize(1);
        later.forEach(Runnable::run);
        assertThat(cut).allSatisfy(stream -> assertThat(stream.ended).isSameAs(gone));
        assertThat(untouched.ended).isNull();
    }
}
