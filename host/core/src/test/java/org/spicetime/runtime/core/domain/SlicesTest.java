// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;

/**
 * Time slices and cooperative preemption on real threads. Each work ends only if another one gets
 * its turn meanwhile, so a scheduler without turns makes the test time out.
 */
@Timeout(60)
final class SlicesTest {
    private static final Map<String, Object> ONE_SLOT = Map.of("parallelism", 1);

    private final TestHost host = new TestHost();

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void tasksOfEqualRankTakeTurnsEachOnAThreadOfItsOwn() {
        int tasks = 4;
        int turns = 5;
        Domain domain = host.domain("turns", config(Map.of("quantumMicros", 1000)));
        AtomicIntegerArray progress = new AtomicIntegerArray(tasks);
        Map<Integer, Set<Thread>> threads = new ConcurrentHashMap<>();
        AtomicInteger numbers = new AtomicInteger();
        host.work(
                "turn",
                context -> {
                    int me = numbers.getAndIncrement();
                    // Goes on only while nobody is further behind than one turn.
                    while (progress.get(me) < turns) {
                        threads.computeIfAbsent(me, n -> ConcurrentHashMap.newKeySet())
                                .add(Thread.currentThread());
                        if (least(progress) >= progress.get(me)) {
                            progress.incrementAndGet(me);
                        }
                        context.checkpoint();
                    }
                    return null;
                });
        List<Task> done = runAll(domain, "turn", tasks);
        assertThat(done).extracting(Task::phase).containsOnly(TaskPhase.COMPLETED);
        assertThat(done).extracting(Task::attempt).containsOnly(1);
        assertThat(threads.values()).allSatisfy(own -> assertThat(own).hasSize(1));
        assertThat(threads.values().stream().flatMap(Set::stream).distinct()).hasSize(tasks);
        long preemptions = done.stream().mapToLong(task -> task.metrics().preemptions()).sum();
        assertThat(preemptions).isGreaterThanOrEqualTo(tasks);
        assertThat(domain.metrics().preemptions()).isEqualTo(preemptions);
        // A task whose slot is taken back while its thread waits comes to one again.
        assertThat(domain.metrics().contextSwitches()).isGreaterThanOrEqualTo(tasks + preemptions);
        assertThat(done)
                .allSatisfy(task -> {
                    assertThat(task.metrics().waitTime()).isPositive();
                    assertThat(task.metrics().cpuNanos())
                            .isPositive()
                            .isLessThan(
                                    Objects.requireNonNull(task.metrics().duration()).toNanos());
                });
    }

    private static int least(AtomicIntegerArray values) {
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < values.length(); i++) least = Math.min(least, values.get(i));
        return least;
    }

    @Test
    void anUrgentArrivalTakesTheSlotAtTheNextCheckpointAndTheOtherOneGoesOnAfterwards() {
        Domain domain = host.domain("urgent", config(cooperative()));
        CountDownLatch urgentRan = new CountDownLatch(1);
        spinUntil("low", urgentRan);
        host.work(
                "urgent",
                context -> {
                    urgentRan.countDown();
                    return null;
                });
        TaskId low = running(domain, "low", 10);
        Task urgent = TestHost.ended(domain, schedule(domain, "urgent", 90));
        assertThat(urgent.phase()).isEqualTo(TaskPhase.COMPLETED);
        Task preempted = TestHost.ended(domain, low);
        assertThat(preempted.phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(preempted.metrics().preemptions()).isEqualTo(1);
        assertThat(preempted.attempt()).isEqualTo(1);
    }

    @Test
    void raisingThePriorityOfAQueuedTaskAboveTheRunningOneGivesItTheSlot() {
        Domain domain = host.domain("raised", config(cooperative()));
        CountDownLatch raisedRan = new CountDownLatch(1);
        spinUntil("low", raisedRan);
        host.work(
                "raised",
                context -> {
                    raisedRan.countDown();
                    return null;
                });
        TaskId running = running(domain, "low", 50);
        TaskId queued = schedule(domain, "raised", 10);
        assertThat(TestHost.get(domain.changePriority(queued, 90)).phase())
                .isIn(TaskPhase.READY, TaskPhase.RUNNING, TaskPhase.COMPLETED);
        assertThat(TestHost.ended(domain, running).phase()).isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void whatAnUrgentTaskWaitsForPreemptsInItsPlace() {
        Domain domain = host.domain("inherits", config(cooperative()));
        CountDownLatch helperRan = new CountDownLatch(1);
        spinUntil("middle", helperRan);
        host.work(
                "helper",
                context -> {
                    helperRan.countDown();
                    return null;
                });
        TaskId middle = running(domain, "middle", 50);
        TaskId helper = schedule(domain, "helper", 1);
        Task urgent =
                TestHost.get(
                        domain.schedule(
                                TestHost.task("nothing")
                                        .priority(99)
                                        .dependsOn(
                                                DependencyRequest.success(
                                                        new TaskRef.Existing(helper)))
                                        .build()));
        assertThat(TestHost.ended(domain, urgent.id()).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(TestHost.ended(domain, middle).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(domain.metrics().priorityInversions()).isEqualTo(1);
    }

    @Test
    void withoutPreemptionAnUrgentArrivalWaits() {
        Domain domain = host.domain("patient", config(Map.of()));
        CountDownLatch stop = new CountDownLatch(1);
        spinUntil("low", stop);
        TaskId low = running(domain, "low", 10);
        TaskId urgent = schedule(domain, "nothing", 90);
        assertThat(domain.task(urgent)).get().extracting(Task::phase).isEqualTo(TaskPhase.READY);
        stop.countDown();
        assertThat(TestHost.ended(domain, low).metrics().preemptions()).isZero();
        assertThat(TestHost.ended(domain, urgent).phase()).isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void aPreemptedTaskKeepsItsPoolMemoryAndFindsItUntouched() {
        Domain domain = host.domain("memory", config(cooperative()));
        CountDownLatch urgentRan = new CountDownLatch(1);
        host.work(
                "low",
                context -> {
                    MemorySegment own = context.arena().allocate(4096);
                    own.fill((byte) 7);
                    spin(context, urgentRan);
                    return String.valueOf(own.get(ValueLayout.JAVA_BYTE, 4095));
                });
        host.work(
                "urgent",
                context -> {
                    context.arena().allocate(4096).fill((byte) 9);
                    urgentRan.countDown();
                    return null;
                });
        TaskId low = running(domain, "low", 10);
        TestHost.ended(domain, schedule(domain, "urgent", 90));
        Task done = TestHost.ended(domain, low);
        assertThat(done.result()).isNotNull();
        assertThat(done.result().utf8()).contains("7");
        assertThat(domain.resources().memory().used()).isZero();
    }

    @Test
    void aPreemptedTaskThatIsCancelledEndsAtOnceThoughItsSlotIsTaken() {
        Domain domain = host.domain("cancelled", config(cooperative()));
        CountDownLatch release = new CountDownLatch(1);
        TaskId low = preempted(domain, release);
        assertThat(TestHost.get(domain.cancel(low, "no longer wanted")).phase())
                .isIn(TaskPhase.PREEMPTED, TaskPhase.CANCELLING, TaskPhase.CANCELLED);
        assertThat(TestHost.ended(domain, low).phase()).isEqualTo(TaskPhase.CANCELLED);
        assertThat(domain.metrics().tasksRunning()).isEqualTo(1);
        assertThat(domain.resources().memory().used()).isZero();
        release.countDown();
    }

    @Test
    void aPreemptedTaskWhoseTimeIsUpIsTimedOut() {
        Domain domain = host.domain("limited", config(cooperative()));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        spinUntil("low", never);
        TaskId low =
                TestHost.get(
                                domain.schedule(
                                        TestHost.task("low")
                                                .priority(10)
                                                .timeout(Duration.ofMillis(300))
                                                .build()))
                        .id();
        TestHost.until(() -> phase(domain, low) == TaskPhase.RUNNING);
        blockSlot(domain, release);
        assertThat(TestHost.ended(domain, low).phase()).isEqualTo(TaskPhase.TIMED_OUT);
        release.countDown();
    }

    @Test
    void aDomainThatStopsTakesPreemptedTasksBackAndRunsThemAgain() {
        Domain domain = host.domain("stops", config(cooperative()));
        CountDownLatch release = new CountDownLatch(1);
        TaskId low = preempted(domain, release);
        assertThat(TestHost.get(domain.stop(false)).status()).isEqualTo(RuntimeStatus.STOPPED);
        assertThat(phase(domain, low)).isEqualTo(TaskPhase.READY);
        host.work("low", context -> "again");
        release.countDown();
        TestHost.get(domain.start());
        Task done = TestHost.ended(domain, low);
        assertThat(done.phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(done.attempt()).isEqualTo(2);
    }

    @Test
    void aPreemptedTaskWaitsWhileItsDomainIsPausedAndGoesOnAfterwards() {
        Domain domain = host.domain("paused", config(cooperative()));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        spinUntil("low", end);
        TaskId low = running(domain, "low", 10);
        TaskId blocker = blockSlot(domain, release);
        TestHost.get(domain.pause());
        release.countDown();
        TestHost.ended(domain, blocker);
        assertThat(phase(domain, low)).isEqualTo(TaskPhase.PREEMPTED);
        end.countDown();
        TestHost.get(domain.resume());
        assertThat(TestHost.ended(domain, low).phase()).isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void atTheCapOfStartedTasksNobodyElseIsStarted() {
        Domain domain =
                host.domain(
                        "capped",
                        config(
                                Map.of(
                                        "maxStarted",
                                        1,
                                        "preemption",
                                        Map.of("enabled", true, "mode", "COOPERATIVE"))));
        CountDownLatch stop = new CountDownLatch(1);
        spinUntil("low", stop);
        TaskId low = running(domain, "low", 10);
        TaskId urgent = schedule(domain, "nothing", 90);
        stop.countDown();
        Task first = TestHost.ended(domain, low);
        assertThat(first.metrics().preemptions()).isZero();
        assertThat(TestHost.ended(domain, urgent).metrics().startedAt())
                .isAfterOrEqualTo(first.metrics().finishedAt());
    }

    /* ---- works ---- */

    private static Map<String, Object> cooperative() {
        return Map.of("preemption", Map.of("enabled", true));
    }

    private static Map<String, Object> config(Map<String, Object> scheduler) {
        return Map.of("executor", ONE_SLOT, "scheduler", scheduler);
    }

    private void spinUntil(String name, CountDownLatch end) {
        host.work(
                name,
                context -> {
                    spin(context, end);
                    return null;
                });
    }

    private static void spin(TaskContext context, CountDownLatch end) {
        while (end.getCount() > 0) {
            context.checkpoint();
            Thread.onSpinWait();
        }
    }

    /** A task of low priority that was preempted by one that holds the slot until released. */
    private TaskId preempted(Domain domain, CountDownLatch release) {
        CountDownLatch never = new CountDownLatch(1);
        spinUntil("low", never);
        TaskId low = running(domain, "low", 10);
        blockSlot(domain, release);
        TestHost.until(() -> phase(domain, low) == TaskPhase.PREEMPTED);
        return low;
    }

    private TaskId blockSlot(Domain domain, CountDownLatch release) {
        CountDownLatch started = new CountDownLatch(1);
        host.work(
                "block",
                context -> {
                    started.countDown();
                    TestHost.compute(release);
                    return null;
                });
        TaskId blocker = schedule(domain, "block", 90);
        TestHost.until(() -> started.getCount() == 0);
        return blocker;
    }

    private static TaskId running(Domain domain, String work, int priority) {
        TaskId id = schedule(domain, work, priority);
        TestHost.until(() -> phase(domain, id) == TaskPhase.RUNNING);
        return id;
    }

    private static TaskId schedule(Domain domain, String work, int priority) {
        return TestHost.get(domain.schedule(TestHost.task(work).priority(priority).build())).id();
    }

    private static List<Task> runAll(Domain domain, String work, int count) {
        List<TaskId> ids = Stream.generate(() -> schedule(domain, work, 50)).limit(count).toList();
        return ids.stream().map(id -> TestHost.ended(domain, id)).toList();
    }

    private static TaskPhase phase(Domain domain, TaskId id) {
        return domain.task(id).orElseThrow().phase();
    }
}
