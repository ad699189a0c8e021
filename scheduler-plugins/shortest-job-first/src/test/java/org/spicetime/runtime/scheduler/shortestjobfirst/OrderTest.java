// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.shortestjobfirst;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.TaskType;

final class OrderTest {
    private final ShortestJobFirst policy = new ShortestJobFirst(5);

    @Test
    void theLeastWorkLeftComesFirstAndNoEstimateLast() {
        View fresh = new View(1, 100, 0);
        View almostDone = new View(2, 1000, 950);
        View unknown = new View(3, 0, 10);
        assertThat(ordered(unknown, fresh, almostDone)).containsExactly(2L, 1L, 3L);
    }

    @Test
    void theFurtherATaskRunsBeyondItsEstimateTheLessUrgentItGets() {
        View exact = new View(1, 100, 100);
        View beyond = new View(2, 100, 160);
        View farBeyond = new View(3, 100, 900);
        View honest = new View(4, 300, 0);
        assertThat(ordered(farBeyond, honest, beyond, exact)).containsExactly(1L, 2L, 4L, 3L);
    }

    @Test
    void theSliceIsTheQuantumOfTheDomain() {
        assertThat(policy.quantum(new View(1, 1, 0))).isEqualTo(5);
    }

    private List<Long> ordered(View... tasks) {
        return List.of(tasks).stream()
                .sorted(Comparator.comparingLong(policy::key))
                .map(View::seq)
                .toList();
    }

    private record View(long seq, long estimatedNanos, long consumedNanos) implements TaskView {
        @Override
        public UUID id() {
            return new UUID(0, seq);
        }

        @Override
        public TaskType type() {
            return TaskType.COMPUTATION;
        }

        @Override
        public int priority() {
            return 0;
        }

        @Override
        public int basePriority() {
            return 0;
        }

        @Override
        public long releasedAt() {
            return 0;
        }

        @Override
        public long deadline() {
            return Long.MAX_VALUE;
        }

        @Override
        public long relativeDeadline() {
            return Long.MAX_VALUE;
        }

        @Override
        public long period() {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean started() {
            return consumedNanos > 0;
        }
    }
}
