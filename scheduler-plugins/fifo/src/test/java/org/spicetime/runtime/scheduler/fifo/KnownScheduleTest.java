// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.fifo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.testkit.scheduling.PeriodicSimulation;
import org.spicetime.runtime.testkit.scheduling.PeriodicSimulation.Outcomes;
import org.spicetime.runtime.testkit.scheduling.PeriodicTask;

/** A schedule that an independent simulator found; every number must be met exactly. */
final class KnownScheduleTest {
    @Test
    void underOverloadTasksAreLateInTheOrderOfTheirDeadlines() {
        List<PeriodicTask> tasks =
                List.of(
                        new PeriodicTask("A", 2, 5, 0),
                        new PeriodicTask("B", 4, 7, 0),
                        new PeriodicTask("C", 2, 14, 0));
        Outcomes seen = new PeriodicSimulation(new FifoFactory(), tasks).run(70);
        assertThat(seen.releases()).isEqualTo(29);
        assertThat(seen.misses()).isEqualTo(Map.of("A", 12, "B", 7, "C", 0));
        assertThat(seen.longestResponse("A")).isEqualTo(13);
        assertThat(seen.longestResponse("B")).isEqualTo(13);
        assertThat(seen.longestResponse("C")).isEqualTo(14);
    }
}
