// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.shortestjobfirst;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.testkit.scheduling.PolicyTask;

final class OrderTest {
    private final ShortestJobFirst policy = new ShortestJobFirst(5);

    @Test
    void theLeastWorkLeftComesFirstAndNoEstimateLast() {
        PolicyTask fresh = task(1, 100, 0);
        PolicyTask almostDone = task(2, 1000, 950);
        PolicyTask unknown = task(3, 0, 10);
        assertThat(ordered(unknown, fresh, almostDone)).containsExactly(2L, 1L, 3L);
    }

    @Test
    void theFurtherATaskRunsBeyondItsEstimateTheLessUrgentItGets() {
        PolicyTask exact = task(1, 100, 100);
        PolicyTask beyond = task(2, 100, 160);
        PolicyTask farBeyond = task(3, 100, 900);
        PolicyTask honest = task(4, 300, 0);
        assertThat(ordered(farBeyond, honest, beyond, exact)).containsExactly(1L, 2L, 4L, 3L);
    }

    @Test
    void theSliceIsTheQuantumOfTheDomain() {
        assertThat(policy.quantum(task(1, 1, 0))).isEqualTo(5);
    }

    private List<Long> ordered(PolicyTask... tasks) {
        return List.of(tasks).stream()
                .sorted(Comparator.comparingLong(policy::key))
                .map(PolicyTask::seq)
                .toList();
    }

    private static PolicyTask task(long seq, long estimated, long consumed) {
        return new PolicyTask(seq).estimated(estimated).consumed(consumed);
    }
}
