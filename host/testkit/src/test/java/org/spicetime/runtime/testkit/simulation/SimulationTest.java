// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.once;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.periodic;
import static org.spicetime.runtime.testkit.simulation.Step.block;
import static org.spicetime.runtime.testkit.simulation.Step.run;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/** Runs whose outcome can be worked out by hand. */
final class SimulationTest {
    @Test
    void anUrgentReleaseTakesTheSlotAndTheTaskItTookItFromGoesOnLater() {
        SimulationResult seen =
                Simulation.under(Keyed.PRIORITY)
                        .tasks(
                                once("L", 5).withPriority(1),
                                once("H", 2).withPriority(2).releasedAt(3))
                        .run();
        assertThat(seen.trace()).isEqualTo("L0-3 H3-5 L5-7");
        assertThat(seen.slices())
                .extracting(SimulatedSlice::end)
                .containsExactly(SliceEnd.PREEMPTED, SliceEnd.FINISHED, SliceEnd.FINISHED);
        assertThat(seen.jobs("L")).containsExactly(new SimulatedJob("L", 0, 0, 0, 7, false, 1));
        assertThat(seen.switches()).isEqualTo(2);
    }

    @Test
    void anEqualReleaseWaits() {
        SimulationResult seen =
                Simulation.under(Keyed.PRIORITY)
                        .tasks(once("A", 5), once("B", 2).releasedAt(3))
                        .run();
        assertThat(seen.trace()).isEqualTo("A0-5 B5-7");
    }

    @Test
    void withoutPreemptionTheUrgentOneWaits() {
        SimulationResult seen =
                Simulation.under(Keyed.PRIORITY)
                        .preemptive(false)
                        .tasks(once("L", 5), once("H", 2).withPriority(2).releasedAt(3))
                        .run();
        assertThat(seen.trace()).isEqualTo("L0-5 H5-7");
    }

    @Test
    void aTaskGivesWayAtItsNextSafePoint() {
        SimulationResult seen =
                Simulation.under(Keyed.PRIORITY)
                        .tasks(
                                once("L", 9).withCheckpoint(4),
                                once("H", 2).withPriority(2).releasedAt(1))
                        .run();
        assertThat(seen.trace()).isEqualTo("L0-4 H4-6 L6-11");
    }

    @Test
    void equalsShareBySlices() {
        SimulationResult seen =
                Simulation.under(Keyed.ARRIVAL).quantum(2).tasks(once("A", 4), once("B", 3)).run();
        assertThat(seen.units()).isEqualTo("AABBAAB");
        assertThat(seen.slices().getFirst().end()).isEqualTo(SliceEnd.QUANTUM);
    }

    @Test
    void aTaskThatWaitsForSomethingLeavesItsSlotToOthers() {
        SimulationResult seen =
                Simulation.under(Keyed.ARRIVAL)
                        .tasks(once("A", run(2), block(3), run(1)), once("B", 4))
                        .run();
        assertThat(seen.trace()).isEqualTo("A0-2 B2-6 A6-7");
        assertThat(seen.slices().getFirst().end()).isEqualTo(SliceEnd.BLOCKED);
    }

    @Test
    void aSlotIsIdleWhileEverybodyWaits() {
        SimulationResult seen =
                Simulation.under(Keyed.ARRIVAL).tasks(once("A", block(2), run(1), block(1))).run();
        assertThat(seen.units()).isEqualTo("--A");
        assertThat(seen.end("A")).isEqualTo(4);
    }

    @Test
    void periodicTasksMissTheDeadlinesTheyCannotMeet() {
        SimulationResult seen =
                Simulation.under(Keyed.DEADLINE)
                        .tasks(periodic("A", 2, 4), periodic("B", 5, 8))
                        .run(8);
        assertThat(seen.trace()).isEqualTo("A0-2 B2-7 A7-9");
        assertThat(seen.misses()).isEqualTo(Map.of("A", 1, "B", 0));
        assertThat(seen.responses("A")).containsExactly(2L, 5L);
        assertThat(seen.longestResponses()).isEqualTo(Map.of("A", 5L, "B", 7L));
    }

    @Test
    void slotsAreFilledInOrder() {
        SimulationResult seen =
                Simulation.under(Keyed.ARRIVAL)
                        .slots(2)
                        .tasks(once("A", 3), once("B", 2), once("C", 2))
                        .run();
        assertThat(seen.trace(0)).isEqualTo("A0-3");
        assertThat(seen.trace(1)).isEqualTo("B0-2 C2-4");
    }

    @Test
    void ofTwoThatArriveTogetherAtOneIdleSlotTheSecondPreempts() {
        SimulationResult seen =
                Simulation.under(Keyed.PRIORITY)
                        .slots(2)
                        .tasks(
                                once("L", 4).withPriority(1),
                                once("M", 2).withPriority(2).releasedAt(1),
                                once("H", 2).withPriority(3).releasedAt(1))
                        .run();
        assertThat(seen.trace(0)).isEqualTo("L0-1 M1-3 L3-6");
        assertThat(seen.trace(1)).isEqualTo("H1-3");
    }

    @Test
    void aPolicyTakesOverInTheMidst() {
        SimulationResult seen =
                Simulation.under(Keyed.ARRIVAL)
                        .preemptive(true)
                        .swap(3, SimulatedPolicy.of(Keyed.PRIORITY))
                        .tasks(
                                once("A", 2),
                                once("B", 2),
                                once("C", 2).withPriority(1),
                                once("D", 2).withPriority(2))
                        .run();
        assertThat(seen.trace()).isEqualTo("A0-2 B2-3 D3-5 C5-7 B7-8");
    }

    @Test
    void theSameSettingsGiveTheSameHashAndOthersAnother() {
        List<SimulatedTask> tasks = List.of(periodic("A", 2, 5), periodic("B", 4, 7));
        long hash = Simulation.under(Keyed.DEADLINE).tasks(tasks).run(35).hash();
        assertThat(hash).isEqualTo(6524706476877713553L);
        assertThat(Simulation.under(Keyed.DEADLINE).tasks(tasks).run(35).hash()).isEqualTo(hash);
        assertThat(Simulation.under(Keyed.ARRIVAL).tasks(tasks).run(35).hash()).isNotEqualTo(hash);
    }

    @Test
    void periodicTasksNeedAHorizon() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Simulation.under(Keyed.ARRIVAL).tasks(periodic("A", 1, 2)).run())
                .withMessageContaining("A");
    }
}
