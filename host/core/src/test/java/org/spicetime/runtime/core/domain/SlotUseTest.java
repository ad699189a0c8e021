// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDefaults;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.WaitReason;

/**
 * Slots are taken from tasks that wait without saying so, and from tasks that do not give way. In a
 * domain with a single slot: each test would time out if the slot stayed where it was.
 */
@Timeout(60)
final class SlotUseTest {
    private static final Map<String, Object> AT_POLLS =
            Map.of(
                    "quantumMicros",
                    1000,
                    "preemption",
                    Map.of("enabled", true, "mode", "THRESHOLD", "threshold", 1));

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

    private static Task ended(Domain domain, TaskId id) {
        Task task = TestHost.ended(domain, id);
        assertThat(task.phase()).isEqualTo(TaskPhase.COMPLETED);
        return task;
    }

    @Test
    void aTaskThatWaitsForALockOfJavaLosesItsSlotWhileOthersAreReady() throws Exception {
        Domain domain = oneSlot(Map.of());
        Object monitor = new Object();
        CountDownLatch otherRan = new CountDownLatch(1);
        host.work(
                "waits",
                context -> {
                    synchronized (monitor) {
                        context.checkpoint();
                    }
                    return null;
                });
        host.work(
                "other",
                context -> {
                    otherRan.countDown();
                    return null;
                });
        TaskId waits;
        synchronized (monitor) {
            waits = schedule(domain, "waits");
            TestHost.until(() -> domain.metrics().tasksRunning() == 1);
            TaskId other = schedule(domain, "other");
            otherRan.await();
            ended(domain, other);
            assertThat(domain.task(waits).orElseThrow().phase())
                    .isEqualTo(TaskPhase.WAITING_RESOURCE);
            assertThat(domain.history(waits).orElseThrow().waits())
                    .last()
                    .matches(wait -> wait.reason() == WaitReason.LOCK && wait.open());
        }
        ended(domain, waits);
        assertThat(domain.metrics().tasksBlocked()).isZero();
    }

    @Test
    void aTaskThatEndsWithoutASafePointAfterItsSlotWasTakenIsAccountedForOnce() throws Exception {
        Domain domain = oneSlot(Map.of());
        CountDownLatch otherRan = new CountDownLatch(1);
        host.work(
                "waits",
                context -> {
                    otherRan.await();
                    return "done";
                });
        host.work(
                "other",
                context -> {
                    otherRan.countDown();
                    return null;
                });
        for (int i = 0; i < 50; i++) {
            TaskId waits = schedule(domain, "waits");
            TaskId other = schedule(domain, "other");
            ended(domain, other);
            ended(domain, waits);
        }
        assertThat(domain.metrics().tasksCompleted()).isEqualTo(100);
        assertThat(domain.metrics().tasksRunning()).isZero();
        assertThat(domain.metrics().tasksBlocked()).isZero();
        assertThat(domain.metrics().tasksPending()).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aTaskThatWaitsInACallOfTheOperatingSystemLosesItsSlot() throws Exception {
        Domain domain = oneSlot(Map.of());
        CountDownLatch reading = new CountDownLatch(1);
        Process silent = new ProcessBuilder("sleep", "60").start();
        try (InputStream output = silent.getInputStream()) {
            host.work(
                    "reads",
                    context -> {
                        reading.countDown();
                        try {
                            return "read " + output.read();
                        } catch (IOException closed) {
                            return "closed";
                        }
                    });
            TaskId reads = schedule(domain, "reads");
            reading.await();
            ended(domain, schedule(domain, "nothing"));
            assertThat(domain.task(reads).orElseThrow().phase())
                    .isEqualTo(TaskPhase.WAITING_RESOURCE);
            silent.destroyForcibly();
            ended(domain, reads);
        } finally {
            silent.destroyForcibly();
        }
    }

    @Test
    void aTaskThatRunsAgainWithoutASafePointGetsASlotWhenItIsItsTurn() throws Exception {
        Domain domain = oneSlot(Map.of());
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean end = new AtomicBoolean();
        host.work(
                "astray",
                context -> {
                    go.await();
                    while (!end.get()) {
                        Thread.onSpinWait();
                    }
                    return null;
                });
        TaskId astray = schedule(domain, "astray");
        TestHost.until(() -> domain.metrics().tasksRunning() == 1);
        ended(domain, schedule(domain, "nothing"));
        TestHost.until(
                () -> domain.task(astray).orElseThrow().phase() == TaskPhase.WAITING_RESOURCE);
        go.countDown();
        TestHost.until(() -> domain.task(astray).orElseThrow().phase() == TaskPhase.RUNNING);
        TaskId next = schedule(domain, "nothing");
        assertThat(domain.task(next).orElseThrow().phase()).isEqualTo(TaskPhase.READY);
        end.set(true);
        ended(domain, astray);
        ended(domain, next);
    }

    @Test
    void aTaskWithoutPollsGivesItsSlotUpAllTheSameAndEndsInItsTime() {
        Domain domain = oneSlot(AT_POLLS);
        AtomicBoolean end = new AtomicBoolean();
        AtomicBoolean spinning = new AtomicBoolean();
        host.work(
                "deaf",
                context -> {
                    spinning.set(true);
                    while (!end.get()) {
                        Thread.onSpinWait();
                    }
                    context.checkpoint();
                    return null;
                });
        assertThat(domain.metrics().longestPollGap()).isNull();
        TaskId deaf = schedule(domain, "deaf");
        TestHost.until(spinning::get);
        for (int i = 0; i < 20; i++) {
            ended(domain, schedule(domain, "nothing"));
        }
        assertThat(domain.task(deaf).orElseThrow().phase().isFinal()).isFalse();
        end.set(true);
        Task done = ended(domain, deaf);
        assertThat(done.metrics().preemptions()).isPositive();
        assertThat(domain.metrics().longestPollGap()).isGreaterThan(Duration.ofMillis(1));
        long all = Duration.ofNanos(done.metrics().cpuNanos()).toMillis();
        assertThat(all)
                .as("processor time, told by the monitor and by the thread, counts once")
                .isLessThanOrEqualTo(Objects.requireNonNull(done.metrics().duration()).toMillis());
    }

    @Test
    void aTaskAstrayThatIsCancelledIsInterrupted() {
        Domain domain = oneSlot(Map.of());
        CountDownLatch never = new CountDownLatch(1);
        host.work(
                "waits",
                context -> {
                    never.await();
                    return null;
                });
        TaskId waits = schedule(domain, "waits");
        TestHost.until(() -> domain.metrics().tasksRunning() == 1);
        ended(domain, schedule(domain, "nothing"));
        TestHost.get(domain.cancel(waits, null));
        assertThat(TestHost.ended(domain, waits).phase()).isEqualTo(TaskPhase.CANCELLED);
        ended(domain, schedule(domain, "nothing"));
    }

    @Test
    void aTaskOfTheExecutorViewThatWaitsLosesItsSlotToTheOneThatItWaitsFor() throws Exception {
        Domain domain = oneSlot(Map.of());
        ExecutorService view = domain.executor(TaskDefaults.of("view"));
        CountDownLatch second = new CountDownLatch(1);
        Future<String> waits =
                view.submit(() -> {
                    second.await();
                    return "both ran";
                });
        view.execute(second::countDown);
        assertThat(waits.get(30, TimeUnit.SECONDS)).isEqualTo("both ran");
        ended(domain, schedule(domain, "nothing"));
    }

    @Test
    void whileNobodyWaitsForASlotABlockedTaskKeepsIt() throws Exception {
        Domain domain = host.domain("two", Map.of("executor", Map.of("parallelism", 2)));
        CountDownLatch go = new CountDownLatch(1);
        host.work(
                "waits",
                context -> {
                    go.await();
                    return null;
                });
        TaskId waits = schedule(domain, "waits");
        TestHost.until(() -> domain.metrics().tasksRunning() == 1);
        for (int i = 0; i < 20; i++) {
            ended(domain, schedule(domain, "nothing"));
        }
        assertThat(domain.task(waits).orElseThrow().phase()).isEqualTo(TaskPhase.RUNNING);
        go.countDown();
        ended(domain, waits);
    }

    @Test
    void manyTasksThatBlockComputeAndGiveWayAtRandomAllEndOnce() {
        Domain domain = oneSlot(AT_POLLS);
        AtomicInteger ends = new AtomicInteger();
        Object monitor = new Object();
        host.work(
                "mixed",
                context -> {
                    long kind = context.task().value().getLeastSignificantBits() & 3;
                    for (int i = 0; i < 3; i++) {
                        if (kind == 0) {
                            synchronized (monitor) {
                                monitor.wait(2);
                            }
                        } else if (kind == 1) {
                            context.blocking(() -> {
                                synchronized (monitor) {
                                    monitor.wait(1);
                                }
                                return "";
                            });
                        } else {
                            long until = System.nanoTime() + 3_000_000;
                            while (System.nanoTime() < until) {
                                if (kind == 2) {
                                    context.checkpoint();
                                }
                                Thread.onSpinWait();
                            }
                        }
                    }
                    ends.incrementAndGet();
                    return null;
                });
        List<TaskId> ids = Stream.generate(() -> schedule(domain, "mixed")).limit(100).toList();
        ids.forEach(id -> ended(domain, id));
        assertThat(ends).hasValue(100);
        assertThat(domain.metrics().tasksCompleted()).isEqualTo(100);
        assertThat(domain.metrics().tasksRunning()).isZero();
        assertThat(domain.metrics().tasksBlocked()).isZero();
        ended(domain, schedule(domain, "nothing"));
    }
}
