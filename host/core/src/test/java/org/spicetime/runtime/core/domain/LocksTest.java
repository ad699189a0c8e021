// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.handler.HeldLock;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskWait;
import org.spicetime.runtime.api.task.WaitReason;

/** Locks between real tasks on real threads. */
@Timeout(60)
final class LocksTest {
    private final TestHost host = new TestHost();
    private final CountDownLatch locked = new CountDownLatch(1);

    @AfterEach
    void close() {
        host.close();
    }

    private Domain domain(int slots, Map<String, Object> scheduler) {
        return host.domain(
                "locks", Map.of("executor", Map.of("parallelism", slots), "scheduler", scheduler));
    }

    private static TaskId schedule(Domain domain, String work) {
        return TestHost.get(domain.schedule(TestHost.task(work).build())).id();
    }

    private static Task completed(Domain domain, TaskId id) {
        Task task = TestHost.ended(domain, id);
        assertThat(task.error()).isNull();
        assertThat(task.phase()).isEqualTo(TaskPhase.COMPLETED);
        return task;
    }

    private static void waits(Domain domain, TaskId id) {
        TestHost.until(() -> domain.task(id).orElseThrow().phase() == TaskPhase.WAITING_RESOURCE);
    }

    /** Holds lock "a" until it is told to let go. */
    private CountDownLatch holder(String name) {
        CountDownLatch letGo = new CountDownLatch(1);
        host.work(
                name,
                context -> {
                    try (HeldLock _ = context.lock("a")) {
                        locked.countDown();
                        while (letGo.getCount() > 0) {
                            context.checkpoint();
                            Thread.onSpinWait();
                        }
                    }
                    return null;
                });
        return letGo;
    }

    @Test
    void aTaskThatWaitsHasNoSlotAndItsWaitTellsTheLockAndWhoHoldsIt() throws InterruptedException {
        Domain domain = domain(1, Map.of("preemption", Map.of("enabled", true)));
        CountDownLatch letGo = holder("holds");
        host.work(
                "waits",
                context -> {
                    try (HeldLock lock = context.lock("a")) {
                        return lock.name();
                    }
                });
        TaskId holder = schedule(domain, "holds");
        locked.await();
        TaskId waiter =
                TestHost.get(domain.schedule(TestHost.task("waits").priority(80).build())).id();
        waits(domain, waiter);
        TestHost.until(() -> domain.task(holder).orElseThrow().phase() == TaskPhase.RUNNING);
        assertThat(domain.task(holder).orElseThrow().effectivePriority()).isEqualTo(80);
        TaskWait wait = domain.history(waiter).orElseThrow().waits().getLast();
        assertThat(wait.reason()).isEqualTo(WaitReason.LOCK);
        assertThat(wait.resource()).isEqualTo("a");
        assertThat(wait.blockedBy()).isEqualTo(holder);
        assertThat(wait.open()).isTrue();
        assertThat(domain.metrics().priorityInversions()).isOne();
        letGo.countDown();
        assertThat(Objects.requireNonNull(completed(domain, waiter).result()).utf8()).contains("a");
        completed(domain, holder);
        assertThat(domain.history(waiter).orElseThrow().waits())
                .anyMatch(past -> past.reason() == WaitReason.LOCK && !past.open());
    }

    @Test
    void aMoreUrgentTaskRunsAsSoonAsTheLockIsGivenBack() throws InterruptedException {
        Domain domain = domain(1, Map.of("preemption", Map.of("enabled", true)));
        CountDownLatch letGo = new CountDownLatch(1);
        AtomicBoolean urgentRan = new AtomicBoolean();
        AtomicBoolean before = new AtomicBoolean();
        host.work(
                "holds",
                context -> {
                    HeldLock lock = context.lock("a");
                    locked.countDown();
                    while (letGo.getCount() > 0) {
                        context.checkpoint();
                        Thread.onSpinWait();
                    }
                    lock.close();
                    before.set(urgentRan.get());
                    return null;
                });
        host.work(
                "urgent",
                context -> {
                    try (HeldLock _ = context.lock("a")) {
                        urgentRan.set(true);
                    }
                    return null;
                });
        TaskId holder = schedule(domain, "holds");
        locked.await();
        TaskId urgent =
                TestHost.get(domain.schedule(TestHost.task("urgent").priority(90).build())).id();
        waits(domain, urgent);
        letGo.countDown();
        completed(domain, holder);
        assertThat(before).as("the urgent task ran within close()").isTrue();
    }

    @Test
    void aTaskThatIsCancelledWhileItWaitsEndsAtOnceWithoutTheLock() {
        Domain domain = domain(1, Map.of());
        CountDownLatch letGo = new CountDownLatch(1);
        host.work(
                "holds",
                context -> {
                    try (HeldLock _ = context.lock("a")) {
                        return context.blocking(() -> {
                            letGo.await();
                            return null;
                        });
                    }
                });
        AtomicReference<Throwable> seen = new AtomicReference<>();
        host.work(
                "waits",
                context -> {
                    try (HeldLock _ = context.lock("a")) {
                        return null;
                    } catch (RuntimeException e) {
                        seen.set(e);
                        throw e;
                    }
                });
        TaskId holder = schedule(domain, "holds");
        waits(domain, holder);
        TaskId waiter = schedule(domain, "waits");
        waits(domain, waiter);
        TaskId timed =
                TestHost.get(
                                domain.schedule(
                                        TestHost.task("waits")
                                                .timeout(Duration.ofMillis(50))
                                                .build()))
                        .id();
        assertThat(TestHost.ended(domain, timed).phase()).isEqualTo(TaskPhase.TIMED_OUT);
        TestHost.get(domain.cancel(waiter, "enough"));
        assertThat(TestHost.ended(domain, waiter).phase()).isEqualTo(TaskPhase.CANCELLED);
        assertThat(seen.get())
                .isInstanceOf(org.spicetime.runtime.api.handler.TaskCancelledException.class);
        letGo.countDown();
        completed(domain, holder);
        completed(domain, schedule(domain, "waits"));
    }

    @Test
    void aLimitedWaitEndsInTimeAndAFreeLockIsHadWithoutWaiting() throws InterruptedException {
        Domain domain = domain(2, Map.of());
        CountDownLatch letGo = holder("holds");
        host.work(
                "tries",
                context -> {
                    assertThat(context.tryLock("a", Duration.ZERO)).isEmpty();
                    assertThat(context.tryLock("a", Duration.ofMillis(-1))).isEmpty();
                    assertThat(context.tryLock("a", Duration.ofMillis(20))).isEmpty();
                    try (HeldLock other = context.tryLock("b", Duration.ZERO).orElseThrow();
                            HeldLock again = context.tryLock("b", Duration.ZERO).orElseThrow()) {
                        assertThat(again.name()).isEqualTo(other.name());
                    }
                    letGo.countDown();
                    context.tryLock("a", Duration.ofSeconds(50)).orElseThrow().close();
                    return null;
                });
        TaskId holder = schedule(domain, "holds");
        locked.await();
        completed(domain, schedule(domain, "tries"));
        completed(domain, holder);
    }

    @Test
    void anInterruptEndsTheWait() throws InterruptedException {
        Domain domain = domain(2, Map.of());
        CountDownLatch letGo = holder("holds");
        AtomicReference<Thread> thread = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        host.work(
                "waits",
                context -> {
                    thread.set(Thread.currentThread());
                    try (HeldLock _ = context.lock("a")) {
                        return null;
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        return null;
                    }
                });
        TaskId holder = schedule(domain, "holds");
        locked.await();
        TaskId waiter = schedule(domain, "waits");
        waits(domain, waiter);
        thread.get().interrupt();
        completed(domain, waiter);
        assertThat(interrupted).isTrue();
        letGo.countDown();
        completed(domain, holder);
    }

    @Test
    void aDeadlockFailsTheTaskThatWouldCloseIt() {
        Domain domain = domain(2, Map.of());
        CountDownLatch both = new CountDownLatch(2);
        for (String[] order : new String[][] {{"ab", "a", "b"}, {"ba", "b", "a"}}) {
            host.work(
                    order[0],
                    context -> {
                        try (HeldLock _ = context.lock(order[1])) {
                            both.countDown();
                            context.blocking(() -> {
                                both.await();
                                return null;
                            });
                            context.lock(order[2]).close();
                        }
                        return null;
                    });
        }
        TaskId ab = schedule(domain, "ab");
        TaskId ba = schedule(domain, "ba");
        List<Task> ended = List.of(TestHost.ended(domain, ab), TestHost.ended(domain, ba));
        assertThat(ended)
                .extracting(Task::phase)
                .containsExactlyInAnyOrder(TaskPhase.COMPLETED, TaskPhase.FAILED);
        Task failed =
                ended.stream().filter(t -> t.phase() == TaskPhase.FAILED).findFirst().orElseThrow();
        assertThat(Objects.requireNonNull(failed.error()).code())
                .isEqualTo(RuntimeErrorCode.SCHEDULER_ERROR);
        assertThat(failed.error().message())
                .contains("deadlock", ab.toString(), ba.toString(), "\"a\"", "\"b\"");
        assertThat(failed.error().context()).containsEntry("reason", "DEADLOCK");
    }

    @Test
    void whatAHandlerForgetsToGiveBackTheHostDoes() {
        Domain domain = domain(1, Map.of());
        AtomicBoolean fails = new AtomicBoolean(true);
        host.work(
                "forgets",
                context -> {
                    HeldLock unused = context.lock("a");
                    assertThat(unused.name()).isEqualTo("a");
                    if (fails.getAndSet(false)) {
                        throw new IllegalStateException("fails with the lock in its hand");
                    }
                    return null;
                });
        TaskId first =
                TestHost.get(domain.schedule(TestHost.task("forgets").maxRetries(1).build())).id();
        assertThat(completed(domain, first).attempt()).isEqualTo(2);
        completed(domain, schedule(domain, "forgets"));
    }

    @Test
    void theLocksOfAThreadLeftBehindAreRefusedUntilItReturns() throws InterruptedException {
        Domain domain = domain(2, Map.of());
        CountDownLatch stuck = new CountDownLatch(1);
        host.work(
                "stuck",
                context -> {
                    try (HeldLock _ = context.lock("a")) {
                        locked.countDown();
                        boolean done = false;
                        while (!done) {
                            try {
                                stuck.await();
                                done = true;
                            } catch (InterruptedException e) {
                                // The very handler that this test is about.
                            }
                        }
                        return null;
                    }
                });
        host.work(
                "wants",
                context -> {
                    context.lock("a").close();
                    return null;
                });
        TaskId lost = schedule(domain, "stuck");
        locked.await();
        TaskId waiter = schedule(domain, "wants");
        waits(domain, waiter);
        TestHost.get(domain.cancel(lost, null));
        assertThat(TestHost.ended(domain, lost).phase()).isEqualTo(TaskPhase.CANCELLED);
        for (TaskId id : List.of(waiter, schedule(domain, "wants"))) {
            Task refused = TestHost.ended(domain, id);
            assertThat(Objects.requireNonNull(refused.error()).context())
                    .containsEntry("reason", "LOCK_LOST");
            assertThat(refused.error().message()).contains(lost.toString());
        }
        stuck.countDown();
        TestHost.until(() ->
                TestHost.ended(domain, schedule(domain, "wants")).phase() == TaskPhase.COMPLETED);
    }

    @Test
    void onlyTheThreadOfTheHandlerUsesLocksAndAWaitInsideOfBlockingIsRefused()
            throws InterruptedException {
        Domain domain = domain(2, Map.of());
        CountDownLatch letGo = holder("holds");
        host.work(
                "wrong",
                context -> {
                    HeldLock mine = context.lock("b");
                    Thread other =
                            Thread.ofPlatform()
                                    .start(() -> {
                                        assertThatIllegalStateException()
                                                .isThrownBy(() -> context.lock("c"));
                                        assertThatIllegalStateException().isThrownBy(mine::close);
                                    });
                    context.blocking(() -> {
                        for (String heldOrFree : List.of("a", "c")) {
                            assertThatIllegalStateException()
                                    .isThrownBy(() -> context.lock(heldOrFree))
                                    .withMessageContaining("inside of blocking()");
                        }
                        return null;
                    });
                    letGo.countDown();
                    assertThatExceptionOfType(RefusedException.class)
                            .isThrownBy(() -> context.lock("no name"));
                    other.join();
                    mine.close();
                    mine.close();
                    return null;
                });
        TaskId holder = schedule(domain, "holds");
        locked.await();
        completed(domain, schedule(domain, "wrong"));
        completed(domain, holder);
    }

    /* Counters without any other protection: a lost update shows as a wrong sum. */
    @Test
    void manyTasksWithManyLocksExcludeEachOtherAndNoneWaitsForEver() {
        long seed = Long.getLong("test.seed", new Random().nextLong());
        System.out.println("test.seed " + seed);
        Domain domain = domain(4, Map.of("preemption", Map.of("enabled", true)));
        int locks = 5;
        int tasks = 40;
        int rounds = 100;
        long[] sums = new long[locks];
        host.work(
                "adds",
                context -> {
                    SplittableRandom random =
                            new SplittableRandom(seed ^ context.task().value().hashCode());
                    for (int round = 0; round < rounds; round++) {
                        int first = random.nextInt(locks);
                        int second = random.nextInt(locks);
                        try (HeldLock _ = context.lock("lock-" + Math.min(first, second));
                                HeldLock _ = context.lock("lock-" + Math.max(first, second))) {
                            long one = sums[first];
                            if (random.nextInt(8) == 0) {
                                context.checkpoint();
                            }
                            sums[first] = one + 1;
                        }
                        if (random.nextInt(20) == 0) {
                            context.tryLock(
                                            "lock-" + first,
                                            Duration.ofNanos(random.nextInt(50_000)))
                                    .ifPresent(HeldLock::close);
                        }
                    }
                    return null;
                });
        SplittableRandom priorities = new SplittableRandom(seed);
        List<TaskId> ids =
                IntStream.range(0, tasks)
                        .mapToObj(i ->
                                TestHost.get(
                                                domain.schedule(
                                                        TestHost.task("adds")
                                                                .priority(priorities.nextInt(100))
                                                                .build()))
                                        .id())
                        .toList();
        ids.forEach(id -> completed(domain, id));
        assertThat(java.util.Arrays.stream(sums).sum()).isEqualTo((long) tasks * rounds);
    }
}
