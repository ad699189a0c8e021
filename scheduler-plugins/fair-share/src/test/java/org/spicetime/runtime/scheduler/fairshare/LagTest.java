// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.fairshare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.testkit.scheduling.PolicyTask;

/** What tasks are owed; the policy called by hand, on one slot. */
final class LagTest {
    private static final long SLICE = 1_000_000;

    /** Of rounding: virtual times are whole numbers. */
    private static final double ROUNDING = 1_000;

    private final long seed = Long.getLong("test.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<PolicyTask> tasks = new ArrayList<>();
    private long now;
    private long seq;
    private FairShare policy = new FairShare(() -> now, 0, SLICE);

    @Test
    void ofWeightsTwoAndOneTheHeavierHasTwoOfThreeSlicesEvenlySpread() {
        PolicyTask two = add(1);
        PolicyTask one = add(0);
        StringBuilder turns = new StringBuilder();
        for (int i = 0; i < 12; i++) turns.append(runOne(SLICE) == two ? 'T' : 'o');
        assertThat(turns.toString()).isEqualTo("ToT".repeat(4));
        assertThat(policy.lag(one)).isBetween(-ROUNDING, ROUNDING);
    }

    @Test
    void nobodyIsOwedOrOwesMoreThanASliceAtAnyDecision(TestReporter reporter) {
        reporter.publishEntry("test.seed", Long.toString(seed));
        double widest = 0;
        for (int round = 0; round < 100; round++) {
            startAgain();
            int count = random.nextInt(1, 30);
            for (int i = 0; i < count; i++) add(random.nextInt(40));
            for (int i = 0; i < 1_000; i++) {
                runOne(SLICE);
                widest = Math.max(widest, widest());
            }
        }
        assertThat(widest).as("seed %d", seed).isLessThanOrEqualTo(SLICE + ROUNDING);
    }

    @Test
    void whoeverComesWhileOthersRunBeginsWithNothingOwed(TestReporter reporter) {
        reporter.publishEntry("test.seed", Long.toString(seed));
        double widest = 0;
        for (int i = 0; i < 3; i++) add(random.nextInt(40));
        for (int i = 0; i < 5_000; i++) {
            if (random.nextInt(50) == 0) {
                PolicyTask late = add(random.nextInt(40));
                assertThat(Math.abs(policy.lag(late))).as("seed %d", seed).isLessThan(ROUNDING);
            }
            runOne(SLICE);
            widest = Math.max(widest, widest());
        }
        assertThat(widest).as("seed %d", seed).isLessThanOrEqualTo(SLICE + ROUNDING);
    }

    @Test
    void whoEndsAfterMoreThanItsShareTakesNothingFromTheOthersAtOnce() {
        PolicyTask first = add(0);
        PolicyTask second = add(0);
        PolicyTask third = add(0);
        PolicyTask ran = next();
        assertThat(ran).isSameAs(first);
        now += SLICE;
        policy.charge(ran, SLICE, SLICE, SliceEnd.FINISHED);
        tasks.remove(ran);
        assertThat(policy.lag(second)).isBetween(SLICE / 3.0 - ROUNDING, SLICE / 3.0 + ROUNDING);
        assertThat(policy.lag(third)).isBetween(SLICE / 3.0 - ROUNDING, SLICE / 3.0 + ROUNDING);
        for (int i = 0; i < 10; i++) runOne(SLICE);
        assertThat(policy.lag(second) + policy.lag(third)).isBetween(-ROUNDING, ROUNDING);
    }

    @Test
    void whoWaitsElsewhereIsOwedTheSameWhenItReturns() {
        PolicyTask a = add(3);
        PolicyTask b = add(0);
        assertThat(next()).isSameAs(a);
        now += SLICE;
        policy.charge(a, SLICE, SLICE, SliceEnd.BLOCKED);
        assertThat(next()).isSameAs(b);
        now += 5 * SLICE;
        policy.charge(b, 5 * SLICE, 5 * SLICE, SliceEnd.QUANTUM);
        policy.enqueue(b, EnqueueReason.EXPIRED, now);
        policy.enqueue(a, EnqueueReason.WOKEN, now);
        assertThat(policy.lag(a)).isBetween(-SLICE / 5.0 - ROUNDING, -SLICE / 5.0 + ROUNDING);
    }

    @Test
    void aTaskThatRanTooLongIsServedLessUntilItIsEven() {
        PolicyTask greedy = add(0);
        PolicyTask other = add(0);
        assertThat(next()).isSameAs(greedy);
        now += 6 * SLICE;
        policy.charge(greedy, 6 * SLICE, 6 * SLICE, SliceEnd.QUANTUM);
        policy.enqueue(greedy, EnqueueReason.EXPIRED, now);
        for (int i = 0; i < 5; i++) assertThat(runOne(SLICE)).isSameAs(other);
    }

    @Test
    void aChangeOfPriorityKeepsWhatATaskIsOwed() {
        PolicyTask a = add(4);
        PolicyTask b = add(9);
        for (int i = 0; i < 7; i++) runOne(SLICE);
        double before = policy.lag(a);
        a.priority(19);
        policy.changed(a, Change.PRIORITY, now);
        assertThat(policy.lag(a)).isBetween(before - ROUNDING, before + ROUNDING);
        assertThat(policy.size()).isEqualTo(2);
        assertThat(policy.lag(a) + policy.lag(b)).isBetween(-2 * ROUNDING, 2 * ROUNDING);
    }

    @Test
    void anArrivalPreemptsOnlyIfItsRequestIsDueEarlier() {
        PolicyTask running = add(0);
        assertThat(next()).isSameAs(running);
        policy.quantum(running);
        now += SLICE / 4;
        PolicyTask equal = add(0);
        PolicyTask heavy = add(9);
        assertThat(policy.compare(equal, running, now)).isGreaterThanOrEqualTo(0);
        assertThat(policy.compare(heavy, running, now)).isNegative();
    }

    private double widest() {
        double widest = 0;
        for (PolicyTask task : tasks) widest = Math.max(widest, Math.abs(policy.lag(task)));
        return widest;
    }

    private void startAgain() {
        now = 0;
        tasks.clear();
        policy = new FairShare(() -> now, 0, SLICE);
    }

    private PolicyTask add(int priority) {
        PolicyTask task = new PolicyTask(++seq).priority(priority);
        policy.enqueue(task, EnqueueReason.NEW, now);
        tasks.add(task);
        return task;
    }

    private PolicyTask next() {
        return (PolicyTask) Objects.requireNonNull(policy.pickNext(0, now, false));
    }

    private PolicyTask runOne(long most) {
        PolicyTask task = next();
        long span = Math.min(most, policy.quantum(task));
        now += span;
        policy.charge(task, span, span, SliceEnd.QUANTUM);
        policy.enqueue(task, EnqueueReason.EXPIRED, now);
        return task;
    }
}
