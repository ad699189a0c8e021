// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigSource;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.task.AttemptOutcome;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskHistory;
import org.spicetime.runtime.api.task.TaskLogLine;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRetry;
import org.spicetime.runtime.api.task.TaskTransition;
import org.spicetime.runtime.api.task.TaskWait;
import org.spicetime.runtime.api.task.WaitReason;

@Timeout(60)
class TaskHistoryTest {

    private static final ChangedBy MARIA = new ChangedBy("maria", ConfigSource.API);
    private static final TaskRetry AT_ONCE =
            new TaskRetry(BackoffStrategy.NONE, Duration.ZERO, Duration.ZERO, 1.0, 0.0);

    private static List<TaskPhase> phases(TaskHistory history) {
        return history.transitions().stream().map(TaskTransition::phase).toList();
    }

    private static TaskHistory history(Domain domain, Task task) {
        return domain.history(task.id()).orElseThrow();
    }

    @Test
    void aTaskThatSimplyRunsHasThreeEventsAndOneAttempt() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("plain");
            Task task =
                    TestHost.get(domain.schedule(TestHost.task("nothing").owner("joe").build()));
            Task end = TestHost.ended(domain, task.id());
            TaskHistory history = history(domain, task);
            assertThat(phases(history))
                    .containsExactly(TaskPhase.READY, TaskPhase.RUNNING, TaskPhase.COMPLETED);
            assertThat(history.transitions().getFirst().actor()).isEqualTo("joe");
            assertThat(history.transitions().get(1).actor()).isNull();
            assertThat(history.transitions().get(1).worker()).isNotNull().isBetween(0, 1);
            assertThat(history.transitions())
                    .extracting(TaskTransition::timestamp)
                    .isSorted()
                    .allMatch(at -> !at.isBefore(end.createdAt().minusNanos(1000)));
            TaskAttempt attempt = history.attempts().getFirst();
            assertThat(history.attempts()).hasSize(1);
            assertThat(attempt.number()).isEqualTo(1);
            assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.COMPLETED);
            assertThat(attempt.startedAt()).isEqualTo(end.metrics().startedAt());
            assertThat(attempt.finishedAt()).isEqualTo(end.metrics().finishedAt());
            assertThat(attempt.host()).isEqualTo(host.domains.host());
            assertThat(
                            domain.history(
                                    org.spicetime.runtime.api.TaskId.of(
                                            Instant.EPOCH, new java.util.Random(1))))
                    .isEmpty();
        }
    }

    @Test
    void everyAttemptTellsItsErrorAndItsLog() {
        try (TestHost host = new TestHost()) {
            host.work(
                    "stumbles",
                    context -> {
                        context.log(LogLevel.INFO, "attempt " + context.attempt());
                        if (context.attempt() < 3) {
                            throw new IllegalStateException("not yet " + context.attempt());
                        }
                        return "done";
                    });
            Domain domain = host.domain("attempts");
            Task task =
                    TestHost.get(
                            domain.schedule(
                                    TestHost.task("stumbles")
                                            .maxRetries(5)
                                            .retry(AT_ONCE)
                                            .build()));
            TestHost.ended(domain, task.id());
            TaskHistory history = history(domain, task);
            assertThat(history.attempts()).extracting(TaskAttempt::number).containsExactly(1, 2, 3);
            assertThat(history.attempts())
                    .extracting(TaskAttempt::outcome)
                    .containsExactly(
                            AttemptOutcome.FAILED, AttemptOutcome.FAILED, AttemptOutcome.COMPLETED);
            assertThat(history.attempts().get(1).error()).isNotNull();
            assertThat(history.attempts().get(1).error().message()).isEqualTo("not yet 2");
            assertThat(history.attempts().get(2).error()).isNull();
            assertThat(history.attempts())
                    .extracting(attempt -> attempt.log().getFirst().message())
                    .containsExactly("attempt 1", "attempt 2", "attempt 3");
            assertThat(phases(history))
                    .containsExactly(
                            TaskPhase.READY,
                            TaskPhase.RUNNING,
                            TaskPhase.READY,
                            TaskPhase.RUNNING,
                            TaskPhase.READY,
                            TaskPhase.RUNNING,
                            TaskPhase.COMPLETED);
            assertThat(history.transitions().get(2).message()).isEqualTo("not yet 1");
        }
    }

    @Test
    void ofAFloodOfLinesTheNewestThousandAreKeptAndTheRestIsCounted() throws Exception {
        try (TestHost host = new TestHost()) {
            CountDownLatch logged = new CountDownLatch(1);
            CountDownLatch read = new CountDownLatch(1);
            host.work(
                    "talks",
                    context -> {
                        IntStream.range(0, 1500)
                                .forEach(i -> context.log(LogLevel.DEBUG, "line " + i));
                        context.log(LogLevel.WARN, "x".repeat(5000));
                        logged.countDown();
                        read.await();
                        return null;
                    });
            Domain domain = host.domain("flood");
            Task task = TestHost.get(domain.schedule(TestHost.task("talks").build()));
            logged.await();
            TaskAttempt running = history(domain, task).attempts().getFirst();
            assertThat(running.outcome()).isNull();
            assertThat(running.log()).hasSize(1000);
            assertThat(running.linesDropped()).isEqualTo(501);
            assertThat(running.log().getFirst().message()).isEqualTo("line 501");
            TaskLogLine last = running.log().getLast();
            assertThat(last.level()).isEqualTo(LogLevel.WARN);
            assertThat(last.message()).hasSize(TaskLogLine.MAX_LENGTH).endsWith("x\u2026");
            read.countDown();
            TestHost.ended(domain, task.id());
            assertThat(history(domain, task).attempts().getFirst().log()).hasSize(1000);
        }
    }

    @Test
    void whoChangedATaskIsOnRecordWithTheReason() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("actors");
            TestHost.get(domain.pause());
            Task task = TestHost.get(domain.schedule(TestHost.task("nothing").build()));
            TestHost.get(domain.by(MARIA).changePriority(task.id(), 9));
            TestHost.get(domain.by(MARIA).cancel(task.id(), "not needed"));
            TaskHistory history = history(domain, task);
            assertThat(phases(history))
                    .containsExactly(TaskPhase.READY, TaskPhase.READY, TaskPhase.CANCELLED);
            assertThat(history.transitions())
                    .extracting(TaskTransition::actor)
                    .containsExactly(task.request().owner(), "maria", "maria");
            assertThat(history.transitions().get(1).message()).contains("9");
            assertThat(history.transitions().get(2).message()).isEqualTo("cancelled: not needed");
            assertThat(history.attempts()).isEmpty();
            TestHost.get(domain.by(MARIA).retry(task.id(), false));
            TestHost.get(domain.resume());
            TestHost.ended(domain, task.id());
            assertThat(history(domain, task).attempts())
                    .extracting(TaskAttempt::outcome)
                    .containsExactly(AttemptOutcome.COMPLETED);
        }
    }

    @Test
    void waitsTellWhyAndForWhom() throws Exception {
        try (TestHost host = new TestHost()) {
            CountDownLatch go = new CountDownLatch(1);
            host.work(
                    "blocks",
                    context -> {
                        go.await();
                        return null;
                    });
            Domain domain = host.domain("waits", Map.of("executor", Map.of("parallelism", 1)));
            Task first = TestHost.get(domain.schedule(TestHost.task("blocks").build()));
            Task second =
                    TestHost.get(
                            domain.schedule(
                                    TestHost.task("nothing")
                                            .dependsOn(
                                                    new DependencyRequest(
                                                            new TaskRef.Existing(first.id()),
                                                            DependencyType.SUCCESS,
                                                            Duration.ZERO))
                                            .build()));
            TestHost.until(() ->
                    domain.task(first.id()).orElseThrow().phase() == TaskPhase.RUNNING
                            && history(domain, second).waits().getLast().length().isPositive());
            TaskWait open = history(domain, second).waits().getLast();
            assertThat(open.reason()).isEqualTo(WaitReason.DEPENDENCY);
            assertThat(open.open()).isTrue();
            assertThat(open.blockedBy()).isEqualTo(first.id());
            TestHost.get(domain.pause());
            Task third = TestHost.get(domain.schedule(TestHost.task("nothing").build()));
            TestHost.until(() -> history(domain, third).waits().getLast().length().isPositive());
            assertThat(history(domain, third).waits().getLast().reason())
                    .isEqualTo(WaitReason.HELD);
            TestHost.get(domain.resume());
            go.countDown();
            TestHost.ended(domain, second.id());
            TestHost.ended(domain, third.id());
            List<TaskWait> waits = history(domain, second).waits();
            assertThat(waits).noneMatch(TaskWait::open);
            assertThat(waits.getFirst().reason()).isEqualTo(WaitReason.DEPENDENCY);
            assertThat(waits.getFirst().blockedBy()).isEqualTo(first.id());
        }
    }

    @Test
    void aCancelledAttemptAndALateOneSaySo() throws Exception {
        try (TestHost host = new TestHost()) {
            CountDownLatch running = new CountDownLatch(1);
            host.work(
                    "waits",
                    context -> {
                        running.countDown();
                        new CountDownLatch(1).await();
                        return null;
                    });
            Domain domain = host.domain("outcomes");
            Task cancelled = TestHost.get(domain.schedule(TestHost.task("waits").build()));
            running.await();
            TestHost.get(domain.by(MARIA).cancel(cancelled.id(), "enough"));
            TestHost.ended(domain, cancelled.id());
            TaskHistory history = history(domain, cancelled);
            assertThat(phases(history))
                    .containsExactly(
                            TaskPhase.READY,
                            TaskPhase.RUNNING,
                            TaskPhase.CANCELLING,
                            TaskPhase.CANCELLED);
            assertThat(history.transitions().get(2).message()).isEqualTo("enough");
            assertThat(history.transitions().get(2).actor()).isEqualTo("maria");
            assertThat(history.attempts().getFirst().outcome()).isEqualTo(AttemptOutcome.CANCELLED);
            Task late =
                    TestHost.get(
                            domain.schedule(
                                    TestHost.task("waits").timeout(Duration.ofMillis(5)).build()));
            TestHost.ended(domain, late.id());
            TaskAttempt attempt = history(domain, late).attempts().getFirst();
            assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
            assertThat(attempt.error()).isNotNull();
        }
    }
}
