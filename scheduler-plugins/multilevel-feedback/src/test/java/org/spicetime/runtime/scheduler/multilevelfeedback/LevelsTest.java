// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.multilevelfeedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.once;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.kernel.scheduling.PolicyEnvironment;
import org.spicetime.runtime.testkit.DefaultOptions;
import org.spicetime.runtime.testkit.scheduling.PolicyTask;
import org.spicetime.runtime.testkit.simulation.SimulatedPolicy;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;
import org.spicetime.runtime.testkit.simulation.Step;

final class LevelsTest {
    private static final long SLICE = 10;
    private static final long BOOST = 1_000;

    private long now;
    private final MultilevelFeedback policy =
            new MultilevelFeedback(() -> now, 4, SLICE, 2, 2, BOOST);

    @Test
    void aHogSinksOneLevelForEachAllotmentItUses() {
        PolicyTask hog = new PolicyTask(1);
        int[] levels = new int[10];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = policy.levelOf(hog);
            run(hog, policy.quantum(hog), SliceEnd.QUANTUM);
        }
        assertThat(levels)
                .as("two slices of each level")
                .containsExactly(0, 0, 1, 1, 2, 2, 3, 3, 3, 3);
        assertThat(policy.quantum(hog)).isEqualTo(SLICE * 8);
    }

    @Test
    void givingUpTheProcessorEarlyDoesNotSaveTheAllotment() {
        PolicyTask gamer = new PolicyTask(1);
        for (int i = 0; i < 3; i++) run(gamer, SLICE - 4, SliceEnd.BLOCKED);
        assertThat(policy.levelOf(gamer)).as("18 of 20 used").isZero();
        assertThat(policy.quantum(gamer)).as("no more than is left").isEqualTo(2);
        run(gamer, 2, SliceEnd.BLOCKED);
        assertThat(policy.levelOf(gamer)).isEqualTo(1);
    }

    @Test
    void aBoostTakesEverybodyToTheHighestLevelInTheOrderOfTheirLevels() {
        PolicyTask low = sunk(1, 3);
        PolicyTask middle = sunk(2, 1);
        PolicyTask fresh = new PolicyTask(3);
        enqueue(low);
        enqueue(middle);
        now = BOOST - 1;
        assertThat(policy.levelOf(low)).isEqualTo(3);
        now = BOOST;
        enqueue(fresh);
        assertThat(List.of(low, middle, fresh)).allMatch(task -> policy.levelOf(task) == 0);
        assertThat(pick()).as("who was higher").isSameAs(middle);
        assertThat(pick()).isSameAs(low);
        assertThat(policy.quantum(low)).isEqualTo(SLICE);
        assertThat(pick()).isSameAs(fresh);
        assertThat(policy.describe()).containsEntry("boosts", 1L);
    }

    @Test
    void aShortTaskPassesThoseThatHaveSunkAndPreemptsThem() {
        PolicyTask hog = sunk(1, 2);
        PolicyTask arrival = new PolicyTask(2);
        enqueue(hog);
        assertThat(policy.compare(arrival, hog, now)).isNegative();
        enqueue(arrival);
        assertThat(pick()).isSameAs(arrival);
    }

    @Test
    void aPreemptedTaskKeepsItsPlaceAndWhatItUsed() {
        PolicyTask first = new PolicyTask(1);
        PolicyTask second = new PolicyTask(2);
        enqueue(first);
        enqueue(second);
        assertThat(pick()).isSameAs(first);
        policy.charge(first, 4, 4, SliceEnd.PREEMPTED);
        policy.enqueue(first, EnqueueReason.PREEMPTED, now);
        assertThat(pick()).isSameAs(first);
        policy.charge(first, 15, 15, SliceEnd.PREEMPTED);
        assertThat(policy.quantum(first)).isEqualTo(1);
    }

    @Test
    void removedTasksAreGoneFromAnyLevelAlsoAfterABoost() {
        PolicyTask low = sunk(1, 3);
        PolicyTask top = new PolicyTask(2);
        enqueue(low);
        enqueue(top);
        now = BOOST;
        policy.enqueue(new PolicyTask(3), EnqueueReason.NEW, now);
        assertThat(policy.remove(low)).isTrue();
        assertThat(policy.remove(low)).isFalse();
        assertThat(policy.remove(top)).isTrue();
        assertThat(policy.size()).isEqualTo(1);
    }

    @Test
    void anInteractiveTaskIsServedAtOnceBesideAHog() {
        Step[] steps = {
            Step.run(1), Step.block(49), Step.run(1), Step.block(49), Step.run(1), Step.block(49)
        };
        SimulationResult seen =
                Simulation.under(new MultilevelFeedbackFactory())
                        .unitNanos(1_000_000)
                        .quantum(10)
                        .tasks(once("H", 300), once("I", steps).releasedAt(100))
                        .run();
        assertThat(seen.jobs("I").getFirst().end()).isEqualTo(250);
    }

    @Test
    void twoHogsSinkTogetherAndStartAgainAtTheTopAfterABoost() {
        SimulationResult seen =
                Simulation.under(
                                new SimulatedPolicy(
                                        new MultilevelFeedbackFactory(),
                                        Map.of("boost", Duration.ofMillis(140))))
                        .unitNanos(1_000_000)
                        .quantum(10)
                        .tasks(once("A", 200), once("B", 200))
                        .run();
        assertThat(seen.trace())
                .startsWith(
                        "A0-10 B10-20 A20-40 B40-60 A60-100 B100-140 A140-150 B150-160 A160-180");
    }

    @Test
    void aBoostMoreOftenThanTheSliceIsRefusedWithTheParameterAndTheRange() {
        MultilevelFeedbackFactory factory = new MultilevelFeedbackFactory();
        PolicyEnvironment domain =
                new PolicyEnvironment(() -> 0, new SplittableRandom(1), 1, 0, 10, 20_000_000);
        DefaultOptions options =
                new DefaultOptions(
                        factory.descriptor().options(), Map.of("boost", Duration.ofMillis(5)));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> factory.create(domain, options))
                .withMessageContaining("scheduler.parameters.boost")
                .withMessageContaining("20")
                .satisfies(refused ->
                        assertThat(refused.details())
                                .containsEntry("field", "scheduler.parameters.boost"));
    }

    private PolicyTask sunk(long seq, int level) {
        PolicyTask task = new PolicyTask(seq);
        while (policy.levelOf(task) < level) run(task, policy.quantum(task), SliceEnd.QUANTUM);
        return task;
    }

    private void run(PolicyTask task, long nanos, SliceEnd end) {
        policy.charge(task, nanos, nanos, end);
    }

    private void enqueue(PolicyTask task) {
        policy.enqueue(task, EnqueueReason.NEW, now);
    }

    private PolicyNode pick() {
        return Objects.requireNonNull(policy.pickNext(0, now, false));
    }
}
