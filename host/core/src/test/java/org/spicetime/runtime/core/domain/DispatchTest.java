// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;

@Timeout(60)
class DispatchTest {

    @Test
    void theMostUrgentTaskRunsFirst() {
        try (TestHost host = new TestHost()) {
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            Domain domain = host.domain("urgent", Map.of("executor", Map.of("parallelism", 1)));
            host.work(
                    "note",
                    context -> {
                        order.add(domain.task(context.task()).orElseThrow().priority());
                        return null;
                    });
            TestHost.get(domain.pause());
            List<Integer> priorities = new ArrayList<>();
            List<TaskId> ids = new ArrayList<>();
            Random random = new Random(7);
            for (int i = 0; i < 50; i++) {
                priorities.add(random.nextInt(101));
                ids.add(
                        TestHost.get(
                                        domain.schedule(
                                                TestHost.task("note")
                                                        .priority(priorities.get(i))
                                                        .build()))
                                .id());
            }
            assertThat(order).isEmpty();
            TestHost.get(domain.resume());
            ids.forEach(id -> TestHost.ended(domain, id));

            priorities.sort(Collections.reverseOrder());
            assertThat(order).isEqualTo(priorities);
        }
    }

    @Test
    void aSuspendedTaskIsHeldBackUntilItIsResumed() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("held", Map.of("executor", Map.of("parallelism", 1)));
            TestHost.get(domain.pause());
            TaskId held = TestHost.get(domain.schedule(TestHost.task("nothing").build())).id();
            assertThat(TestHost.get(domain.suspend(held)).phase()).isEqualTo(TaskPhase.SUSPENDED);
            TestHost.get(domain.resume());
            TaskId other = TestHost.get(domain.schedule(TestHost.task("nothing").build())).id();
            assertThat(TestHost.ended(domain, other).phase()).isEqualTo(TaskPhase.COMPLETED);
            assertThat(domain.task(held))
                    .get()
                    .extracting(Task::phase)
                    .isEqualTo(TaskPhase.SUSPENDED);
            TestHost.get(domain.resume(held));
            assertThat(TestHost.ended(domain, held).phase()).isEqualTo(TaskPhase.COMPLETED);
        }
    }

    @Test
    void aTaskWaitsForOneOfAnotherDomainAndGetsItsResult() {
        try (TestHost host = new TestHost()) {
            Domain first = host.domain("first");
            Domain second = host.domain("second");
            CountDownLatch go = new CountDownLatch(1);
            host.work(
                    "source",
                    context -> {
                        go.await();
                        return "from afar";
                    });
            host.work("sink", context -> context.inputs().values().iterator().next().utf8());
            Task source = TestHost.get(first.schedule(TestHost.task("source").build()));
            Task sink =
                    TestHost.get(
                            second.schedule(
                                    TestHost.task("sink")
                                            .dependsOn(
                                                    new DependencyRequest(
                                                            new TaskRef.Existing(source.id()),
                                                            DependencyType.DATA,
                                                            Duration.ZERO))
                                            .build()));
            assertThat(sink.phase()).isEqualTo(TaskPhase.WAITING_DEPENDENCY);
            go.countDown();
            Task done = TestHost.ended(second, sink.id());
            assertThat(done.phase()).isEqualTo(TaskPhase.COMPLETED);
            assertThat(done.result()).isNotNull();
            assertThat(done.result().utf8()).contains("from afar");
        }
    }

    @Test
    void aTaskWhoseDependencyInAnotherDomainFailsFailsWithDependencyFailed() {
        try (TestHost host = new TestHost()) {
            Domain first = host.domain("first");
            Domain second = host.domain("second");
            CountDownLatch go = new CountDownLatch(1);
            host.work(
                    "broken",
                    context -> {
                        go.await();
                        throw new IOException("the disk is gone");
                    });
            Task source = TestHost.get(first.schedule(TestHost.task("broken").build()));
            Task sink =
                    TestHost.get(
                            second.schedule(
                                    TestHost.task("nothing")
                                            .dependsOn(
                                                    DependencyRequest.success(
                                                            new TaskRef.Existing(source.id())))
                                            .build()));
            go.countDown();
            Task failed = TestHost.ended(second, sink.id());
            assertThat(error(failed).code()).isEqualTo(RuntimeErrorCode.DEPENDENCY_FAILED);
            assertThat(second.metrics().contextSwitches()).isZero();
        }
    }

    @Test
    void whateverAHandlerThrowsFailsItsTaskAndNothingElse() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("hostile", Map.of("executor", Map.of("parallelism", 1)));
            host.work(
                    "message",
                    context -> {
                        throw new IOException("no such file: x");
                    });
            host.work(
                    "silent",
                    context -> {
                        throw new IllegalStateException();
                    });
            host.work(
                    "null",
                    context -> {
                        throw new NullPointerException("class Foo.bar");
                    });
            host.work("deep", context -> String.valueOf(depth(0)));
            host.work(
                    "heap",
                    context -> {
                        throw new OutOfMemoryError("Java heap space");
                    });
            host.work(
                    "linkage",
                    context -> {
                        throw new NoClassDefFoundError("org/secret/Name");
                    });
            host.work(
                    "interrupted",
                    context -> {
                        Thread.currentThread().interrupt();
                        throw new InterruptedException("by itself");
                    });
            for (String work :
                    List.of(
                            "message",
                            "silent",
                            "null",
                            "deep",
                            "heap",
                            "linkage",
                            "interrupted")) {
                Task task = TestHost.get(domain.schedule(TestHost.task(work).build()));
                Task failed = TestHost.ended(domain, task.id());
                assertThat(failed.phase()).as(work).isEqualTo(TaskPhase.FAILED);
                assertThat(error(failed).code())
                        .as(work)
                        .isEqualTo(RuntimeErrorCode.SCHEDULER_ERROR);
                assertThat(error(failed).message())
                        .as(work)
                        .isNotBlank()
                        .doesNotContain("Exception", "org/secret", "Foo", "\tat ");
            }
            assertThat(domain.errors(1).getFirst().message()).contains("interrupted");
            Task good = TestHost.get(domain.schedule(TestHost.task("nothing").build()));
            assertThat(TestHost.ended(domain, good.id()).phase()).isEqualTo(TaskPhase.COMPLETED);
            assertThat(domain.state().status()).isEqualTo(RuntimeStatus.RUNNING);
            assertThat(domain.metrics().tasksFailed()).isEqualTo(7);
        }
    }

    private static RuntimeError error(Task task) {
        return Objects.requireNonNull(task.error(), "error");
    }

    private static int depth(int level) {
        return level < 0 ? 0 : depth(level + 1) + 1;
    }

    @Test
    void aCancelledHandlerIsInterruptedAndSeesItAtItsCheckpoint() throws InterruptedException {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("cancel");
            CountDownLatch entered = new CountDownLatch(2);
            host.work(
                    "spin",
                    context -> {
                        entered.countDown();
                        while (true) {
                            context.checkpoint();
                        }
                    });
            host.work(
                    "sleep",
                    context -> {
                        entered.countDown();
                        new CountDownLatch(1).await();
                        return null;
                    });
            Task spin = TestHost.get(domain.schedule(TestHost.task("spin").build()));
            Task sleep = TestHost.get(domain.schedule(TestHost.task("sleep").build()));
            entered.await();
            TestHost.get(domain.cancel(spin.id(), "not needed"));
            TestHost.get(domain.cancel(sleep.id(), null));
            assertThat(TestHost.ended(domain, spin.id()).phase()).isEqualTo(TaskPhase.CANCELLED);
            assertThat(TestHost.ended(domain, sleep.id()).phase()).isEqualTo(TaskPhase.CANCELLED);
            assertThat(domain.state().status()).isEqualTo(RuntimeStatus.RUNNING);
        }
    }

    @Test
    void aHandlerThatNeverReturnsIsLeftBehindAndReplaced() throws InterruptedException {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("stuck", Map.of("executor", Map.of("parallelism", 1)));
            CountDownLatch release = new CountDownLatch(1);
            host.work(
                    "stuck",
                    context -> {
                        context.arena().allocate(1024);
                        boolean over = false;
                        while (!over) {
                            try {
                                release.await();
                                over = true;
                            } catch (InterruptedException ignoredByABadHandler) {
                                Thread.onSpinWait();
                            }
                        }
                        return null;
                    });
            Task stuck =
                    TestHost.get(
                            domain.schedule(
                                    TestHost.task("stuck").timeout(Duration.ofMillis(50)).build()));
            Task late = TestHost.ended(domain, stuck.id());
            assertThat(late.phase()).isEqualTo(TaskPhase.TIMED_OUT);
            assertThat(error(late).code()).isEqualTo(RuntimeErrorCode.TASK_TIMEOUT);
            assertThat(domain.state().status()).isEqualTo(RuntimeStatus.DEGRADED);
            assertThat(domain.state().statusReason()).contains("left behind", "test.run");
            assertThat(domain.resources().memory().leaked()).isPositive();

            Task next = TestHost.get(domain.schedule(TestHost.task("nothing").build()));
            assertThat(TestHost.ended(domain, next.id()).phase()).isEqualTo(TaskPhase.COMPLETED);

            release.countDown();
            TestHost.until(() -> domain.state().status() == RuntimeStatus.RUNNING);
            assertThat(domain.resources().memory().leaked()).isZero();
            assertThat(domain.task(stuck.id()).orElseThrow().phase())
                    .isEqualTo(TaskPhase.TIMED_OUT);
        }
    }

    @Test
    void whatATaskCostsIsMeasured(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("data"), new byte[100_000]);
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("measured");
            host.work(
                    "costly",
                    context -> {
                        context.arena().allocate(100_000);
                        byte[] buffer = new byte[1000];
                        try (InputStream in = Files.newInputStream(file)) {
                            while (in.read(buffer) > 0) {
                                context.checkpoint();
                            }
                        }
                        long end = System.nanoTime() + 20_000_000;
                        double x = 0;
                        while (System.nanoTime() < end) {
                            x += Math.sqrt(end - x);
                        }
                        byte[] heap = new byte[1_000_000];
                        return heap.length + " " + (x > 0);
                    });
            Task task = TestHost.get(domain.schedule(TestHost.task("costly").build()));
            Task done = TestHost.ended(domain, task.id());
            assertThat(done.phase()).isEqualTo(TaskPhase.COMPLETED);
            assertThat(done.metrics().cpuNanos()).isBetween(1_000_000L, 10_000_000_000L);
            assertThat(done.metrics().cpuAccuracy()).isEqualTo(MeasurementAccuracy.EXACT);
            assertThat(done.metrics().duration()).isGreaterThan(Duration.ofMillis(19));
            assertThat(done.metrics().poolPeakBytes()).isGreaterThanOrEqualTo(100_000);
            assertThat(done.metrics().heapAllocatedBytes().orElse(1_000_000))
                    .isGreaterThanOrEqualTo(1_000_000);
            if (Files.exists(Path.of("/proc/thread-self/io"))) {
                assertThat(done.metrics().ioOperations().orElseThrow()).isBetween(100L, 400L);
            }
            assertThat(domain.resources().memory().used()).isZero();
        }
    }

    @Test
    void aTaskThatDoesNoInputOrOutputIsChargedNone() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("quiet", Map.of("executor", Map.of("parallelism", 1)));
            Task last = TestHost.get(domain.schedule(TestHost.task("nothing").build()));
            for (int i = 0; i < 20; i++) {
                last = TestHost.get(domain.schedule(TestHost.task("nothing").build()));
                TestHost.ended(domain, last.id());
            }
            Task done = domain.task(last.id()).orElseThrow();
            if (Files.exists(Path.of("/proc/thread-self/io"))) {
                assertThat(done.metrics().ioOperations()).hasValue(0);
            }
        }
    }
}
