// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.TaskDefaults;

/** The contract of {@code ExecutorService}, as a domain keeps it. */
@Timeout(60)
class DomainExecutorTest {

    private static final TaskDefaults DEFAULTS = TaskDefaults.of("test");

    @Test
    void whatIsSubmittedRunsAndItsResultAndItsExceptionComeBack() throws Exception {
        try (TestHost host = new TestHost()) {
            ExecutorService view = host.domain("a").executor(DEFAULTS);
            Future<String> well = view.submit(() -> "done");
            Future<?> badly =
                    view.submit(() -> {
                        throw new IllegalStateException("no");
                    });

            assertThat(well.get(10, TimeUnit.SECONDS)).isEqualTo("done");
            assertThatThrownBy(() -> badly.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("no");
        }
    }

    @Test
    void anExceptionOfAnExecutedTaskIsCountedAndTheNextOneRuns() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("a");
            ExecutorService view = domain.executor(DEFAULTS);
            view.execute(() -> {
                throw new IllegalStateException("no");
            });
            view.submit(() -> {}).get(10, TimeUnit.SECONDS);

            TestHost.until(() -> domain.metrics().tasksCompleted() == 1);
            TestHost.until(() -> domain.metrics().tasksFailed() == 1);
            assertThat(domain.metrics().tasksScheduled()).isEqualTo(2);
            assertThat(domain.metrics().tasksRunning()).isZero();
        }
    }

    @Test
    void invokeAllAndInvokeAnyAnswer() throws Exception {
        try (TestHost host = new TestHost()) {
            ExecutorService view = host.domain("a").executor(DEFAULTS);
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int value = i;
                calls.add(() -> value);
            }
            int sum = 0;
            for (Future<Integer> future : view.invokeAll(calls)) {
                sum += future.get();
            }

            assertThat(sum).isEqualTo(4950);
            assertThat(view.invokeAny(calls)).isBetween(0, 99);
        }
    }

    @Test
    void shutdownEndsTheViewAloneAndRunsWhatWasSubmitted() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("a");
            ExecutorService view = domain.executor(DEFAULTS);
            ExecutorService other = domain.executor(DEFAULTS);
            AtomicInteger ran = new AtomicInteger();
            for (int i = 0; i < 1000; i++) {
                view.execute(ran::incrementAndGet);
            }
            view.shutdown();

            assertThat(view.isShutdown()).isTrue();
            assertThat(view.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            assertThat(view.isTerminated()).isTrue();
            assertThat(ran).hasValue(1000);
            assertThatThrownBy(() -> view.execute(() -> {}))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("was shut down");
            assertThat(other.isShutdown()).isFalse();
            assertThat(other.submit(() -> 1).get(10, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void closeWaitsForTheTasksOfTheView() {
        try (TestHost host = new TestHost()) {
            AtomicInteger ran = new AtomicInteger();
            try (ExecutorService view = host.domain("a").executor(DEFAULTS)) {
                for (int i = 0; i < 100; i++) {
                    view.execute(ran::incrementAndGet);
                }
            }
            assertThat(ran).hasValue(100);
        }
    }

    @Test
    void anEmptyViewTerminatesAtOnce() {
        try (TestHost host = new TestHost()) {
            ExecutorService view = host.domain("a").executor(DEFAULTS);
            view.shutdown();
            assertThat(view.isTerminated()).isTrue();
        }
    }

    @Test
    void shutdownNowInterruptsWhatRunsAndHandsBackTheRest() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("a", Map.of("executor", Map.of("parallelism", 1)));
            ExecutorService view = domain.executor(DEFAULTS);
            ExecutorService other = domain.executor(DEFAULTS);
            CountDownLatch running = new CountDownLatch(1);
            AtomicBoolean interrupted = new AtomicBoolean();
            view.execute(() -> interrupted.set(isInterrupted(running)));
            running.await();
            Runnable second = () -> {};
            view.execute(second);
            Future<?> third = view.submit(() -> {});
            AtomicInteger others = new AtomicInteger();
            Future<?> kept = other.submit(others::incrementAndGet);

            List<Runnable> rest = view.shutdownNow();

            assertThat(rest).hasSize(2).contains(second).contains((Runnable) third);
            assertThat(view.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            assertThat(interrupted).isTrue();
            kept.get(10, TimeUnit.SECONDS);
            assertThat(others).hasValue(1);
        }
    }

    /* Computes, since a task that waits would lose its slot to the next one. */
    private static boolean isInterrupted(CountDownLatch running) {
        running.countDown();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < end) {
            if (Thread.interrupted()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    @Test
    void cancelInterruptsWhatRunsAndNothingAfterIt() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("a", Map.of("executor", Map.of("parallelism", 1)));
            ExecutorService view = domain.executor(DEFAULTS);
            for (int round = 0; round < 200; round++) {
                CountDownLatch running = new CountDownLatch(1);
                AtomicBoolean interrupted = new AtomicBoolean();
                CountDownLatch over = new CountDownLatch(1);
                Future<?> first =
                        view.submit(() -> {
                            interrupted.set(isInterrupted(running));
                            over.countDown();
                        });
                running.await();
                AtomicBoolean leaked = new AtomicBoolean();
                Future<?> next = view.submit(() -> leaked.set(Thread.interrupted()));

                assertThat(first.cancel(true)).isTrue();
                assertThatThrownBy(first::get).isInstanceOf(CancellationException.class);
                over.await();
                next.get(10, TimeUnit.SECONDS);
                assertThat(interrupted).isTrue();
                assertThat(leaked).isFalse();
            }
        }
    }

    @Test
    void whatIsCancelledWhileItWaitsNeverRunsAndLeavesTheQueue() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("a", Map.of("executor", Map.of("parallelism", 1)));
            ExecutorService view = domain.executor(DEFAULTS);
            CountDownLatch hold = new CountDownLatch(1);
            CountDownLatch running = new CountDownLatch(1);
            view.execute(() -> {
                running.countDown();
                holdSlotUntil(hold);
            });
            running.await();
            AtomicBoolean ran = new AtomicBoolean();
            Future<?> waiting = view.submit(() -> ran.set(true));
            assertThat(domain.metrics().tasksPending()).isEqualTo(1);

            assertThat(waiting.cancel(false)).isTrue();

            assertThat(domain.metrics().tasksPending()).isZero();
            assertThat(domain.metrics().tasksFailed()).isEqualTo(1);
            hold.countDown();
            view.submit(() -> {}).get(10, TimeUnit.SECONDS);
            assertThat(ran).isFalse();
        }
    }

    private static void holdSlotUntil(CountDownLatch latch) {
        while (latch.getCount() > 0 && !Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aFullQueueRejectsAndTakesAgainWhenThereIsRoom() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain =
                    host.domain(
                            "a", Map.of("executor", Map.of("parallelism", 1, "queueCapacity", 3)));
            ExecutorService view = domain.executor(DEFAULTS);
            CountDownLatch hold = new CountDownLatch(1);
            List<Future<?>> admitted = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                admitted.add(view.submit(() -> holdSlotUntil(hold)));
            }

            assertThatThrownBy(() -> view.execute(() -> {}))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("executor.queueCapacity allows, 3");
            assertThatThrownBy(
                            () -> TestHost.get(domain.schedule(TestHost.task("nothing").build())))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("3 of at most 3");
            hold.countDown();
            for (Future<?> future : admitted) {
                future.get(10, TimeUnit.SECONDS);
            }
            TestHost.until(() -> domain.metrics().tasksCompleted() == 3);
            view.submit(() -> {}).get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aFullQueueThatWaitsTakesTheTaskAsSoonAsThereIsRoom() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain =
                    host.domain(
                            "a",
                            Map.of(
                                    "executor",
                                    Map.of(
                                            "parallelism",
                                            1,
                                            "queueCapacity",
                                            1,
                                            "overflowPolicy",
                                            "WAIT",
                                            "maxWait",
                                            20_000)));
            ExecutorService view = domain.executor(DEFAULTS);
            AtomicInteger ran = new AtomicInteger();
            for (int i = 0; i < 1000; i++) {
                view.execute(ran::incrementAndGet);
            }
            view.close();
            assertThat(ran).hasValue(1000);
        }
    }

    @Test
    void aDomainThatDoesNotRunRejectsAndAStopKeepsWhatWaits() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("a", Map.of("executor", Map.of("parallelism", 1)));
            ExecutorService view = domain.executor(DEFAULTS);
            CountDownLatch running = new CountDownLatch(1);
            AtomicBoolean interrupted = new AtomicBoolean();
            view.execute(() -> interrupted.set(isInterrupted(running)));
            running.await();
            Future<Integer> waits = view.submit(() -> 7);

            TestHost.get(domain.stop(false));

            assertThat(interrupted).isTrue();
            assertThat(waits.isDone()).isFalse();
            assertThatThrownBy(() -> view.execute(() -> {}))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("STOPPED");
            TestHost.get(domain.start());
            assertThat(waits.get(10, TimeUnit.SECONDS)).isEqualTo(7);
        }
    }

    @Test
    void aDrainRunsWhatWasSubmittedAndDeletionCancelsIt() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain drained = host.domain("a");
            ExecutorService view = drained.executor(DEFAULTS);
            AtomicInteger ran = new AtomicInteger();
            for (int i = 0; i < 5000; i++) {
                view.execute(ran::incrementAndGet);
            }
            TestHost.get(drained.stop(true));
            assertThat(ran).hasValue(5000);

            Domain deleted = host.domain("b", Map.of("executor", Map.of("parallelism", 1)));
            ExecutorService doomed = deleted.executor(DEFAULTS);
            CountDownLatch running = new CountDownLatch(1);
            doomed.execute(() -> isInterrupted(running));
            running.await();
            Future<?> waits = doomed.submit(() -> {});
            TestHost.get(host.domains.delete(deleted.id(), true));
            assertThatThrownBy(() -> waits.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(CancellationException.class);
            assertThatThrownBy(() -> doomed.execute(() -> {}))
                    .isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void aPriorityOutsideOfTheRangeIsRefused() {
        try (TestHost host = new TestHost()) {
            Domain domain =
                    host.domain(
                            "a",
                            Map.of(
                                    "scheduler",
                                    Map.of(
                                            "priorities",
                                            Map.of("min", 0, "max", 10, "default", 5))));
            assertThatThrownBy(() -> domain.executor(DEFAULTS.withPriority(99)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("priority must be 0 .. 10, was 99");
        }
    }

    @Test
    void viewsAndTasksCompeteUnderThePolicyInCharge() throws Exception {
        try (TestHost host = new TestHost()) {
            List<String> order = java.util.Collections.synchronizedList(new ArrayList<>());
            host.work(
                    "heavy",
                    context -> {
                        order.add("heavy 5");
                        return null;
                    });
            Domain domain =
                    host.domain(
                            "a",
                            Map.of(
                                    "executor",
                                    Map.of("parallelism", 1),
                                    "scheduler",
                                    Map.of("policy", "PRIORITY")));
            CountDownLatch hold = new CountDownLatch(1);
            CountDownLatch running = new CountDownLatch(1);
            ExecutorService urgent = domain.executor(DEFAULTS.withPriority(9));
            ExecutorService late = domain.executor(DEFAULTS.withPriority(1));
            urgent.execute(() -> {
                running.countDown();
                computeQuietly(hold);
            });
            running.await();
            late.execute(() -> order.add("light 1"));
            TestHost.get(domain.schedule(TestHost.task("heavy").priority(5).build()));
            urgent.execute(() -> order.add("light 9"));
            hold.countDown();

            TestHost.until(() -> order.size() == 3);
            assertThat(order).containsExactly("light 9", "heavy 5", "light 1");
        }
    }

    /* Who waits loses its slot. */
    private static void computeQuietly(CountDownLatch until) {
        while (until.getCount() > 0) Thread.onSpinWait();
    }
}
