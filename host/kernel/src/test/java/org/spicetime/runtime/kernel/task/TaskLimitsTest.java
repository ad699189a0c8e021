// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.domain.TaskLimit;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.WaitReason;

/** Limits on handlers and concurrency keys; the handler of all tasks is "noop". */
final class TaskLimitsTest {
    private final Fixture domain = new Fixture(KernelSettings.basic(4));

    private static TaskLimit atOnce(String key, int running) {
        return new TaskLimit(null, key, running, 0, 1);
    }

    private static TaskLimit perSecond(double rate, int burst) {
        return new TaskLimit("noop", null, 0, rate, burst);
    }

    private void limits(TaskLimit... limits) {
        domain.kernel.settings(domain.kernel.settings().with(List.of(limits)), domain.now());
    }

    @Test
    void tasksOfAKeyRunOneAtATime() {
        TaskEntry first = domain.admit(task().concurrencyKey("a"));
        TaskEntry second = domain.admit(task().concurrencyKey("a"));
        TaskEntry other = domain.admit(task().concurrencyKey("b"));
        TaskEntry free = domain.admit(task());
        assertThat(domain.pick()).isSameAs(first);
        assertThat(domain.pick()).isSameAs(other);
        assertThat(domain.pick()).isSameAs(free);
        domain.nothingToPick();
        assertThat(second.phase()).isEqualTo(TaskPhase.WAITING_RESOURCE);
        assertThat(second.waitsFor()).isEqualTo(WaitReason.LIMIT);
        assertThat(domain.kernel.counts().blocked()).isOne();
        domain.succeed(first);
        assertThat(domain.pick()).isSameAs(second);
        domain.kernel.audit(domain.now());
    }

    @Test
    void aLimitOnAKeyTakesThePlaceOfOneAtATime() {
        limits(atOnce("a*", 2));
        for (int i = 0; i < 3; i++) domain.admit(task().concurrencyKey("ab"));
        TaskEntry other = domain.admit(task().concurrencyKey("ac"));
        domain.pick();
        domain.pick();
        assertThat(domain.pick()).as("each key is counted by itself").isSameAs(other);
        domain.nothingToPick();
    }

    @Test
    void theMostUrgentOfTheFullKeyGoesOnFirst() {
        domain.kernel.usePolicy(
                LocksTest.policy(false, view -> -(long) view.priority()), domain.now());
        TaskEntry first = domain.admit(task().concurrencyKey("a").priority(9));
        TaskEntry low = domain.admit(task().concurrencyKey("a").priority(1));
        assertThat(domain.pick()).isSameAs(first);
        domain.nothingToPick();
        TaskEntry mid = domain.admit(task().concurrencyKey("a").priority(5));
        TaskEntry high = domain.admit(task().concurrencyKey("a").priority(8));
        domain.nothingToPick();
        domain.succeed(first);
        for (TaskEntry next : List.of(high, mid, low)) domain.run(next);
    }

    @Test
    void aTaskThatDoesNotStartPassesItsTurnOn() {
        TaskEntry first = domain.admit(task().concurrencyKey("a"));
        TaskEntry second = domain.admit(task().concurrencyKey("a"));
        TaskEntry third = domain.admit(task().concurrencyKey("a"));
        TaskEntry fourth = domain.admit(task().concurrencyKey("a"));
        domain.pick();
        domain.nothingToPick();
        domain.succeed(first);
        assertThat(second.phase()).isEqualTo(TaskPhase.READY);
        domain.kernel.cancel(second.taskId(), null, domain.now());
        assertThat(third.phase()).isEqualTo(TaskPhase.READY);
        domain.kernel.suspend(third.taskId(), domain.now());
        assertThat(domain.pick()).isSameAs(fourth);
        domain.kernel.resume(third.taskId(), domain.now());
        domain.nothingToPick();
        domain.kernel.suspend(third.taskId(), domain.now());
        domain.succeed(fourth);
        domain.kernel.resume(third.taskId(), domain.now());
        domain.run(third);
    }

    @Test
    void startsAreBoundedByABucketOfTokens() {
        limits(perSecond(2, 3));
        for (int i = 0; i < 6; i++) domain.admit(task());
        for (int i = 0; i < 3; i++) domain.succeed(domain.pick());
        domain.nothingToPick();
        domain.pass(Duration.ofMillis(499));
        domain.nothingToPick();
        domain.pass(Duration.ofMillis(2));
        domain.succeed(domain.pick());
        domain.nothingToPick();
        domain.pass(Duration.ofSeconds(1));
        domain.succeed(domain.pick());
        domain.succeed(domain.pick());
        assertThat(domain.kernel.nextTimerNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void otherLimitsHoldAtOnce() {
        limits(atOnce("a", 1));
        List<TaskEntry> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) tasks.add(domain.admit(task().concurrencyKey("a")));
        domain.pick();
        domain.nothingToPick();
        limits(atOnce("a", 3));
        domain.pick();
        domain.pick();
        domain.nothingToPick();
        limits(atOnce("a", 2));
        domain.succeed(tasks.get(0));
        domain.nothingToPick();
        domain.succeed(tasks.get(1));
        assertThat(domain.pick()).isSameAs(tasks.get(3));
        domain.kernel.audit(domain.now());
    }

    @Test
    void aRetryNeedsItsPlaceAgain() {
        TaskEntry first = domain.admit(task().concurrencyKey("a").maxRetries(1));
        TaskEntry second = domain.admit(task().concurrencyKey("a"));
        domain.pick();
        domain.nothingToPick();
        domain.fail(first);
        assertThat(domain.pick()).isSameAs(second);
        domain.nothingToPick();
        domain.succeed(second);
        domain.pass(Duration.ofMinutes(1));
        domain.run(first);
    }

    @Test
    void manyTasksOverALimitAreTakenOutOfTheQueueInSteps() {
        for (int i = 0; i < 2 * Attempts.MOST_SET_ASIDE + 2; i++)
            domain.admit(task().priority(9).concurrencyKey("a"));
        TaskEntry other = domain.admit(task().priority(1));
        domain.pick();
        for (int visit = 0; visit < 2; visit++) {
            domain.ready = 0;
            domain.nothingToPick();
            assertThat(domain.ready).as("asks to be visited again").isPositive();
        }
        domain.run(other);
        domain.kernel.audit(domain.now());
    }

    @Test
    void aLimitNamedTwiceCountsEachTaskOnce() {
        limits(atOnce("b", 1));
        limits(atOnce("a", 2), atOnce("a", 2));
        limits(atOnce("a", 2), atOnce("a", 2), atOnce("b", 1));
        for (int i = 0; i < 3; i++) domain.admit(task().concurrencyKey("a"));
        domain.pick();
        domain.pick();
        domain.nothingToPick();
    }

    @Test
    void noLimitIsEverExceededAndNobodyWaitsForNothing(TestReporter reporter) {
        String given = System.getProperty("test.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        reporter.publishEntry("test.seed", Long.toString(seed));
        SplittableRandom random = new SplittableRandom(seed);
        limits(atOnce("b", 2), new TaskLimit("noop", null, 5, 0, 1), perSecond(1000, 10));
        List<TaskEntry> workers = new ArrayList<>();
        List<TaskEntry> open = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            int dice = random.nextInt(100);
            if (dice < 35 && open.size() < 60) {
                var request = task().priority(random.nextInt(11));
                int key = random.nextInt(4);
                if (key < 3) request.concurrencyKey(List.of("a", "b", "c").get(key));
                open.add(domain.admit(request));
            } else if (dice < 65) {
                TaskEntry picked = domain.kernel.pick(0, domain.now());
                if (picked != null) workers.add(picked);
            } else if (dice < 90 && !workers.isEmpty()) {
                domain.succeed(workers.remove(random.nextInt(workers.size())));
            } else if (!open.isEmpty()) {
                TaskEntry one = open.get(random.nextInt(open.size()));
                if (!one.isFinal() && !one.started())
                    domain.kernel.cancel(one.taskId(), null, domain.now());
            }
            domain.pass(Duration.ofNanos(random.nextInt(1_000_000)));
            open.removeIf(TaskEntry::isFinal);
            Map<String, Integer> running = new HashMap<>();
            for (TaskEntry worker : workers)
                running.merge(String.valueOf(worker.request().concurrencyKey()), 1, Integer::sum);
            assertThat(workers).as("seed %d", seed).hasSizeLessThanOrEqualTo(5);
            assertThat(running.getOrDefault("a", 0)).as("seed %d", seed).isLessThanOrEqualTo(1);
            assertThat(running.getOrDefault("b", 0)).as("seed %d", seed).isLessThanOrEqualTo(2);
        }
        while (!workers.isEmpty() || !open.isEmpty()) {
            domain.pass(Duration.ofMillis(5));
            while (!workers.isEmpty()) domain.succeed(workers.removeLast());
            for (TaskEntry picked = domain.kernel.pick(0, domain.now());
                    picked != null;
                    picked = domain.kernel.pick(0, domain.now())) workers.add(picked);
            open.removeIf(TaskEntry::isFinal);
            assertThat(workers.isEmpty() && !open.isEmpty())
                    .as("seed %d: %s wait and nobody runs", seed, open)
                    .isFalse();
        }
        domain.kernel.audit(domain.now());
        assertThat(domain.ejections).isEmpty();
    }
}
