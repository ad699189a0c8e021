// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskWait;
import org.spicetime.runtime.api.task.WaitReason;

/**
 * Tasks that wait leave their slot. Each work ends only if another one runs meanwhile, in a domain
 * with a single slot; one that kept its slot would make the test time out.
 */
@Timeout(60)
final class OffSlotTest {
    private final TestHost host = new TestHost();

    @AfterEach
    void close() {
        host.close();
    }

    private Domain oneSlot(Map<String, Object> scheduler) {
        return host.domain(
                "one", Map.of("executor", Map.of("parallelism", 1), "scheduler", scheduler));
    }

    private static TaskId schedule(Domain domain, String work) {
        return TestHost.get(domain.schedule(TestHost.task(work).build())).id();
    }

    private static List<TaskWait> waits(Domain domain, TaskId id) {
        return domain.history(id).orElseThrow().waits();
    }

    @Test
    void aCallThatBlocksLeavesTheSlotAndItsAnswerComesBack() {
        Domain domain = oneSlot(Map.of());
        CountDownLatch otherRan = new CountDownLatch(1);
        host.work(
                "blocks",
                context -> {
                    Thread before = Thread.currentThread();
                    String answer =
                            context.blocking(() -> {
                                otherRan.await();
                                return Thread.currentThread().equals(before)
                                        ? "same thread"
                                        : "other thread";
                            });
                    context.checkpoint();
                    return answer;
                });
        host.work(
                "other",
                context -> {
                    otherRan.countDown();
                    return null;
                });
        TaskId blocks = schedule(domain, "blocks");
        TestHost.until(
                () -> domain.task(blocks).orElseThrow().phase() == TaskPhase.WAITING_RESOURCE);
        assertThat(waits(domain, blocks))
                .last()
                .matches(wait -> wait.reason() == WaitReason.IO && wait.open());
        assertThat(domain.metrics().tasksBlocked()).isOne();
        TestHost.until(() ->
                domain.stack(blocks).orElseThrow().stream()
                        .anyMatch(call -> call.contains("await")));
        TaskId other = schedule(domain, "other");
        assertThat(TestHost.ended(domain, other).phase()).isEqualTo(TaskPhase.COMPLETED);
        Task done = TestHost.ended(domain, blocks);
        assertThat(done.phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(done.result()).isNotNull();
        assertThat(done.result().utf8()).contains("same thread");
        assertThat(domain.stack(blocks)).isEmpty();
    }

    @Test
    void neverMoreTasksComputeThanThereAreSlotsHoweverOftenTheyBlock() {
        Domain domain = oneSlot(Map.of());
        AtomicInteger computing = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int tasks = 8;
        host.work(
                "mixed",
                context -> {
                    for (int i = 0; i < 50; i++) {
                        most.accumulateAndGet(computing.incrementAndGet(), Math::max);
                        for (int k = 0; k < 1000; k++) {
                            Thread.onSpinWait();
                        }
                        computing.decrementAndGet();
                        context.blocking(() -> {
                            LockSupport.parkNanos(1);
                            return "";
                        });
                    }
                    return null;
                });
        List<TaskId> ids = Stream.generate(() -> schedule(domain, "mixed")).limit(tasks).toList();
        assertThat(ids)
                .allSatisfy(id ->
                        assertThat(TestHost.ended(domain, id).phase())
                                .isEqualTo(TaskPhase.COMPLETED));
        assertThat(most).hasValue(1);
    }

    @Test
    void atTheLimitOfStartedTasksBlockedOnesHoldTheOthersBack() {
        Domain domain = oneSlot(Map.of("maxStarted", 2));
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        host.work(
                "waits",
                context -> {
                    begun.incrementAndGet();
                    return context.blocking(() -> {
                        go.await();
                        return null;
                    });
                });
        List<TaskId> ids = Stream.generate(() -> schedule(domain, "waits")).limit(3).toList();
        TestHost.until(() -> domain.metrics().tasksBlocked() == 2);
        assertThat(domain.task(ids.get(2)).orElseThrow().phase()).isEqualTo(TaskPhase.READY);
        assertThat(begun).hasValue(2);
        go.countDown();
        assertThat(ids)
                .allSatisfy(id ->
                        assertThat(TestHost.ended(domain, id).phase())
                                .isEqualTo(TaskPhase.COMPLETED));
    }

    @Test
    void aBlockedTaskThatIsCancelledIsInterruptedAndEndsWithoutASlot() {
        Domain domain = oneSlot(Map.of());
        AtomicReference<Throwable> seen = new AtomicReference<>();
        CountDownLatch end = new CountDownLatch(1);
        host.work(
                "blocks",
                context -> {
                    try {
                        return context.blocking(() -> {
                            new CountDownLatch(1).await();
                            return null;
                        });
                    } catch (InterruptedException e) {
                        seen.set(e);
                        throw e;
                    }
                });
        host.work(
                "holds",
                context -> {
                    end.await();
                    return null;
                });
        TaskId blocks = schedule(domain, "blocks");
        TestHost.until(() -> domain.metrics().tasksBlocked() == 1);
        TaskId holds = schedule(domain, "holds");
        TestHost.until(() -> domain.task(holds).orElseThrow().phase() == TaskPhase.RUNNING);
        TestHost.get(domain.cancel(blocks, "enough"));
        assertThat(TestHost.ended(domain, blocks).phase()).isEqualTo(TaskPhase.CANCELLED);
        assertThat(seen.get()).isInstanceOf(InterruptedException.class);
        end.countDown();
        assertThat(TestHost.ended(domain, holds).phase()).isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void aBlockedTaskThatIgnoresItsCancellationIsLeftBehindAndTheDomainGoesOn() {
        Domain domain = oneSlot(Map.of());
        CountDownLatch end = new CountDownLatch(1);
        host.work(
                "deaf",
                context ->
                        context.blocking(() -> {
                            while (end.getCount() > 0) {
                                try {
                                    end.await();
                                } catch (InterruptedException ignored) {
                                    // That is what this one does.
                                }
                            }
                            return null;
                        }));
        TaskId deaf = schedule(domain, "deaf");
        TestHost.until(() -> domain.metrics().tasksBlocked() == 1);
        TestHost.get(domain.cancel(deaf, null));
        assertThat(TestHost.ended(domain, deaf).phase()).isEqualTo(TaskPhase.CANCELLED);
        TaskId next = schedule(domain, "nothing");
        assertThat(TestHost.ended(domain, next).phase()).isEqualTo(TaskPhase.COMPLETED);
        end.countDown();
    }

    @Test
    void aTaskThatWaitsForPoolMemoryHasNoSlotAndSaysWhatItWaitsFor() {
        Domain domain = oneSlot(Map.of());
        CountDownLatch otherRan = new CountDownLatch(1);
        CountDownLatch holds = new CountDownLatch(1);
        host.work(
                "holder",
                context ->
                        context.blocking(() -> {
                            holds.countDown();
                            otherRan.await();
                            return null;
                        }));
        host.work(
                "other",
                context -> {
                    otherRan.countDown();
                    return null;
                });
        TaskId holder =
                TestHost.get(domain.schedule(TestHost.task("holder").memory(3 << 20).build())).id();
        TestHost.until(() -> holds.getCount() == 0);
        TaskId waits =
                TestHost.get(domain.schedule(TestHost.task("nothing").memory(3 << 20).build()))
                        .id();
        TestHost.until(
                () -> domain.task(waits).orElseThrow().phase() == TaskPhase.WAITING_RESOURCE);
        assertThat(waits(domain, waits)).last().matches(w -> w.reason() == WaitReason.MEMORY);
        TaskId other = schedule(domain, "other");
        assertThat(TestHost.ended(domain, other).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(TestHost.ended(domain, holder).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(TestHost.ended(domain, waits).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(waits(domain, waits))
                .anyMatch(wait -> wait.reason() == WaitReason.MEMORY && !wait.open());
    }

    @Test
    void whatIsDoneWhileBlockedIsChargedToTheTask() {
        Domain domain = oneSlot(Map.of());
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long least = Duration.ofMillis(20).toNanos();
        host.work(
                "computes",
                context ->
                        context.blocking(() -> {
                            long end = threads.getCurrentThreadCpuTime() + least;
                            while (threads.getCurrentThreadCpuTime() < end) {
                                Thread.onSpinWait();
                            }
                            return null;
                        }));
        TaskId id = schedule(domain, "computes");
        assertThat(TestHost.ended(domain, id).metrics().cpuNanos()).isGreaterThanOrEqualTo(least);
    }
}
