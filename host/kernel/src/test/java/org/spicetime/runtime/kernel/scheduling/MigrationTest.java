// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.kernel.scheduling.Policies.Watched;

/** A change of policy goes in steps, and whatever comes in between, no task is lost or doubled. */
final class MigrationTest {
    private static final KeyedPolicy BY_PRIORITY = view -> -(long) view.priority();
    private static final int STEP = 256;
    private static final int ROUNDS = Boolean.getBoolean("test.long") ? 400 : 12;

    private final List<PolicyEjection> ejections = new ArrayList<>();
    private final PolicySeat seat = new PolicySeat(QueuePolicy.FIFO, ejections::add);
    private final SplittableRandom random = new SplittableRandom(7);
    private long now;

    @Test
    void aStepTakesNoMoreThanItsShareHoweverManyAreQueued() {
        enqueue(20_000);
        Watched next = new Watched();
        use(next);
        assertThat(next.enqueued).hasSize(STEP);
        int before = STEP;
        while (seat.changing()) {
            assertThat(seat.nextDecision()).isGreaterThan(now);
            now = seat.nextDecision();
            seat.takeOver(now);
            assertThat(next.enqueued.size() - before).isBetween(0, STEP);
            before = next.enqueued.size();
        }
        assertThat(next.enqueued).hasSize(20_000);
        assertThat(next.reasons).containsOnly(EnqueueReason.MIGRATED);
        assertThat(seat.nextDecision()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theMostUrgentGoOverFirstWhereTheHostKnowsThem() {
        seat.use(Policies.binding("BY_PRIORITY", BY_PRIORITY), now);
        enqueue(2_000);
        Watched next = new Watched();
        use(next);
        finish();
        assertThat(next.enqueued)
                .isSortedAccordingTo((a, b) -> b.task().priority() - a.task().priority());
    }

    @Test
    void theOldestGoOverFirstWhereOnlyThePolicyKnewTheOrder() {
        use(new Watched());
        enqueue(2_000);
        Watched next = new Watched();
        use(next);
        finish();
        assertThat(next.enqueued)
                .isSortedAccordingTo((a, b) -> Long.compare(a.task().seq(), b.task().seq()));
    }

    @Test
    void dispatchGoesOnWhileThePolicyChanges() {
        enqueue(10_000);
        use(new Watched());
        Set<Long> picked = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Schedulable task = seat.pick(0, now, false);
            assertThat(task).isNotNull();
            assertThat(picked.add(task.seq())).isTrue();
        }
        assertThat(seat.changing()).isTrue();
        finish();
        assertThat(seat.size()).isEqualTo(9_800);
    }

    @Test
    void aStartedTaskIsFoundAmongThoseNotTakenOver() {
        List<TrialTask> tasks = enqueue(3_000);
        TrialTask last = tasks.getLast();
        seat.remove(last, now);
        last.started = true;
        seat.enqueue(last, EnqueueReason.PREEMPTED, now);
        use(new Watched());
        assertThat(seat.pick(0, now, true)).isSameAs(last);
        assertThat(seat.pick(0, now, true)).isNull();
    }

    @Test
    void aPolicyThatFailsInTheMidstLeavesAllToTheFallback() {
        enqueue(5_000);
        Watched next = new Watched();
        next.failsAfter = 700;
        use(next);
        finish();
        assertThat(ejections).hasSize(1);
        assertThat(ejections.getFirst().report()).containsKeys("notTakenOver", "queue");
        assertThat(drain()).hasSize(5_000);
        assertThat(ejections).hasSize(1);
    }

    @Test
    void aTaskThatThePolicyWasOnlyComparedWithIsNotItsToPick() {
        enqueue(2_000);
        List<PolicyNode> seen = new ArrayList<>();
        Watched thief =
                new Watched() {
                    @Override
                    public int compare(PolicyNode a, PolicyNode b, long now) {
                        seen.add(b);
                        return 0;
                    }

                    @Override
                    public PolicyNode pickNext(int slot, long now, boolean startedOnly) {
                        return seen.isEmpty()
                                ? Objects.requireNonNull(super.pickNext(slot, now, startedOnly))
                                : seen.getFirst();
                    }
                };
        List<TrialTask> more = enqueue(1);
        use(thief);
        Schedulable first = seat.pick(0, now, false);
        assertThat(first).isNotNull();
        seat.moreUrgent(first, more.getFirst(), now);
        assertThat(seat.pick(0, now, false)).isNotNull();
        assertThat(ejections)
                .extracting(PolicyEjection::reason)
                .containsExactly(EjectionReason.INVALID_RESULT);
        assertThat(drain()).hasSize(1_999);
    }

    @Test
    void nothingOfAFormerPolicyIsKept() {
        Watched former = new Watched();
        use(former);
        List<TrialTask> tasks = enqueue(1_000);
        Schedulable running = seat.pick(0, now, false);
        assertThat(running).isNotNull();
        seat.charge(running, 1, 1, SliceEnd.BLOCKED, now);
        use(new Watched());
        finish();
        assertThat(former.enqueued).allMatch(node -> node.state == null);
        assertThat(tasks)
                .allMatch(task -> task.node == null || !former.enqueued.contains(task.node));
    }

    @Test
    void nothingIsLostOrPickedTwiceWhateverHappens(TestReporter reporter) {
        long seed = Long.getLong("test.seed", System.nanoTime());
        reporter.publishEntry("test.seed", Long.toString(seed));
        for (int round = 0; round < ROUNDS; round++) {
            new History(seed + round).run();
        }
    }

    /** One random history of a seat. */
    private static final class History {
        private final long seed;
        private final SplittableRandom random;
        private final List<PolicyEjection> ejections = new ArrayList<>();
        private final PolicySeat seat = new PolicySeat(QueuePolicy.FIFO, ejections::add);
        private final List<TrialTask> queued = new ArrayList<>();
        private final List<TrialTask> running = new ArrayList<>();
        private final List<Watched> retired = new ArrayList<>();
        private Watched seated = new Watched();
        private int planned;
        private long now;

        History(long seed) {
            this.seed = seed;
            random = new SplittableRandom(seed);
        }

        void run() {
            for (int i = 0; i < 4_000; i++) add(EnqueueReason.NEW, made());
            for (int i = 0; i < 6_000; i++) {
                now += random.nextInt(100_000);
                act(random.nextInt(100));
                if (i % 500 == 0) seat.audit(now);
                assertThat(seat.size()).as("seed %d step %d", seed, i).isEqualTo(queued.size());
            }
            seat.audit(now);
            while (!queued.isEmpty()) pick(false);
            assertThat(seat.pick(0, now, false)).as("seed %d", seed).isNull();
            assertThat(retired).as("seed %d", seed).allMatch(one -> one.callsWhenRetired == 0);
            assertThat(ejections.size()).as("seed %d", seed).isLessThanOrEqualTo(planned);
        }

        private void act(int dice) {
            if (dice < 30) add(EnqueueReason.NEW, made());
            else if (dice < 55) pick(random.nextInt(6) == 0);
            else if (dice < 65) leave();
            else if (dice < 75) remove();
            else if (dice < 85) change();
            else if (dice < 94) seat.takeOver(now);
            else if (dice < 97) swap();
            else if (dice < 98) {
                planned++;
                seat.fallBack(EjectionReason.BUNDLE_GONE, "gone", now);
                retire();
            } else seat.describe(now);
        }

        private TrialTask made() {
            return TrialTask.madeUp(random, now, 0, 20);
        }

        private void add(EnqueueReason reason, TrialTask task) {
            if (task.seq == 0) task.seq = seat.nextSeq();
            queued.add(task);
            seat.enqueue(task, reason, now);
        }

        private void pick(boolean startedOnly) {
            Schedulable picked = seat.pick(0, now, startedOnly);
            if (picked == null) {
                assertThat(
                                startedOnly
                                        ? queued.stream().filter(TrialTask::started).toList()
                                        : queued)
                        .as("seed %d", seed)
                        .isEmpty();
                return;
            }
            assertThat(queued.remove(picked)).as("seed %d: %s was queued", seed, picked).isTrue();
            TrialTask task = (TrialTask) picked;
            if (startedOnly) assertThat(task.started()).as("seed %d", seed).isTrue();
            task.started = true;
            running.add(task);
        }

        private void leave() {
            if (running.isEmpty()) return;
            TrialTask task = running.remove(random.nextInt(running.size()));
            if (random.nextBoolean()) {
                seat.charge(task, 10, 10, SliceEnd.FINISHED, now);
            } else {
                seat.charge(task, 10, 10, SliceEnd.PREEMPTED, now);
                add(EnqueueReason.PREEMPTED, task);
            }
        }

        private void remove() {
            if (queued.isEmpty()) return;
            TrialTask task = queued.remove(random.nextInt(queued.size()));
            seat.remove(task, now);
            seat.forget(task);
        }

        private void change() {
            if (queued.isEmpty()) return;
            TrialTask task = queued.get(random.nextInt(queued.size()));
            task.priority = random.nextInt(21);
            seat.changed(task, Change.PRIORITY, now);
        }

        private void swap() {
            switch (random.nextInt(4)) {
                case 0 -> {
                    retire();
                    seat.use(Policies.binding("BY_PRIORITY", BY_PRIORITY), now);
                }
                case 1 -> seat.reorder(QueuePolicy.LIFO, now);
                default -> {
                    retire();
                    if (random.nextInt(3) == 0) {
                        seated.failsAfter = random.nextInt(4_000);
                        planned++;
                    }
                    seat.use(Policies.binding("WATCHED", seated), now);
                }
            }
        }

        private void retire() {
            seated.retired = true;
            retired.add(seated);
            seated = new Watched();
        }
    }

    private List<TrialTask> enqueue(int count) {
        List<TrialTask> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TrialTask task = TrialTask.madeUp(random, now, 0, 100);
            task.seq = seat.nextSeq();
            tasks.add(task);
            seat.enqueue(task, EnqueueReason.NEW, now);
        }
        return tasks;
    }

    private void use(Watched policy) {
        seat.use(Policies.binding("WATCHED", policy), now);
    }

    private void finish() {
        while (seat.changing()) {
            now = seat.nextDecision();
            seat.takeOver(now);
        }
    }

    private Set<Long> drain() {
        Set<Long> picked = new HashSet<>();
        for (Schedulable task = seat.pick(0, now, false);
                task != null;
                task = seat.pick(0, now, false)) assertThat(picked.add(task.seq())).isTrue();
        return picked;
    }
}
