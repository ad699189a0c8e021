// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;

/** Schedules and full queues, with real time. */
@Timeout(60)
final class PeriodicTasksTest {
    private final TestHost host = new TestHost();

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void aScheduleReleasesATaskPerPeriodEachWithAnIdAndANumberOfItsOwn() {
        Domain domain = host.domain("periodic");
        CountDownLatch four = new CountDownLatch(4);
        host.work(
                "beat",
                context -> {
                    four.countDown();
                    return null;
                });
        Schedule made =
                TestHost.get(
                        domain.createSchedule(
                                ScheduleRequest.of(
                                        "beats",
                                        TestHost.task("beat").build(),
                                        Duration.ofMillis(5))));
        TestHost.until(() -> four.getCount() == 0);
        Schedule last = TestHost.get(domain.deleteSchedule(made.id(), "test"));
        assertThat(last.released()).isGreaterThanOrEqualTo(4);
        assertThat(domain.schedules()).isEmpty();
        TestHost.until(() -> domain.metrics().tasksCompleted() == last.released());
        List<Task> tasks = domain.tasks(TaskFilter.ALL);
        assertThat(tasks).hasSize((int) last.released());
        assertThat(tasks)
                .extracting(Task::release)
                .extracting(TaskRelease::number)
                .doesNotHaveDuplicates();
        assertThat(tasks)
                .extracting(Task::release)
                .extracting(TaskRelease::schedule)
                .containsOnly(made.id());
        assertThat(host.store.schedules(domain.id())).isEmpty();
    }

    @Test
    void aTaskWithAPeriodMakesAScheduleAndIsItsFirstRelease() {
        Domain domain = host.domain("implicit");
        TaskRequest request =
                TestHost.task("nothing")
                        .name("hourly")
                        .period(Duration.ofHours(1))
                        .idempotencyKey("once")
                        .traceId("4bf92f3577b34da6a3ce929d0e0e4736")
                        .build();
        Task first = TestHost.get(domain.schedule(request));
        assertThat(domain.schedules())
                .singleElement()
                .satisfies(schedule -> {
                    assertThat(schedule.name()).startsWith("hourly #");
                    assertThat(schedule.recurrence())
                            .isEqualTo(Recurrence.every(Duration.ofHours(1)));
                    assertThat(schedule.task().traceId()).isNull();
                    assertThat(schedule.lastTask()).isEqualTo(first.id());
                    assertThat(schedule.released()).isEqualTo(1);
                    assertThat(first.release())
                            .isEqualTo(new TaskRelease(schedule.id(), 1, schedule.startAt()));
                    assertThat(schedule.nextRelease())
                            .isEqualTo(schedule.startAt().plusSeconds(3600));
                });
        assertThat(first.request().traceId()).isEqualTo(request.traceId());
        assertThat(TestHost.get(domain.schedule(request)).id()).isEqualTo(first.id());
        assertThat(domain.schedules()).hasSize(1);
        assertThat(TestHost.ended(domain, first.id()).phase()).isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void whatCannotBeReleasedIsRefusedAndLeavesNoSchedule() {
        Domain domain = host.domain("refusing");
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () ->
                                TestHost.get(
                                        domain.schedule(
                                                TestHost.task("nothing")
                                                        .priority(101)
                                                        .period(Duration.ofSeconds(1))
                                                        .build())));
        assertThat(refused).hasMessageContaining("priority must be 0 .. 100, was 101");
        assertThat(domain.schedules()).isEmpty();
        assertThat(domain.metrics().tasksScheduled()).isZero();
    }

    @Test
    void aStoppedDomainReleasesNothingAndMakesUpForItOnceWhenItRunsAgain() {
        Domain domain = host.domain("stopped");
        Schedule made =
                TestHost.get(
                        domain.createSchedule(
                                ScheduleRequest.of(
                                        "slow",
                                        TestHost.task("nothing").build(),
                                        Duration.ofMillis(20))));
        TestHost.get(domain.stop(true));
        long released = domain.findSchedule(made.id()).orElseThrow().released();
        TestHost.until(
                () -> made.createdAt().plusMillis(20 * (released + 5)).isBefore(Instant.now()));
        assertThat(domain.findSchedule(made.id()).orElseThrow().released()).isEqualTo(released);
        TestHost.get(domain.start());
        TestHost.until(() -> domain.findSchedule(made.id()).orElseThrow().released() > released);
        assertThat(domain.findSchedule(made.id()).orElseThrow().skipped()).isGreaterThan(2);
    }

    /* ---- a full queue ---- */

    @Test
    void underWaitARequestWaitsForRoomAndIsThenAdmitted() {
        Domain domain = waiting("waits", 20_000);
        CountDownLatch release = new CountDownLatch(1);
        fill(domain, release);
        CompletableFuture<Task> third =
                domain.schedule(TestHost.task("nothing").build()).toCompletableFuture();
        CompletableFuture<Task> fourth =
                domain.schedule(TestHost.task("nothing").build()).toCompletableFuture();
        assertThat(third).isNotDone();
        assertThat(fourth).isNotDone();
        release.countDown();
        Task admitted = TestHost.get(third);
        assertThat(TestHost.ended(domain, admitted.id()).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(TestHost.get(fourth).createdAt()).isAfterOrEqualTo(admitted.createdAt());
    }

    @Test
    void aRepeatedRequestIsAnsweredThoughOthersWaitForRoom() {
        Domain domain = waiting("repeated", 60_000);
        CountDownLatch release = new CountDownLatch(1);
        host.work(
                "hold",
                context -> {
                    release.await();
                    return null;
                });
        TaskRequest keyed = TestHost.task("hold").idempotencyKey("key").build();
        Task first = TestHost.get(domain.schedule(keyed));
        TestHost.get(domain.schedule(TestHost.task("hold").build()));
        CompletableFuture<Task> waits =
                domain.schedule(TestHost.task("nothing").build()).toCompletableFuture();
        assertThat(TestHost.get(domain.schedule(keyed)).id()).isEqualTo(first.id());
        assertThat(waits).isNotDone();
        release.countDown();
        TestHost.get(waits);
    }

    @Test
    void underWaitARequestIsRefusedWhenItHasWaitedLongEnough() {
        Domain domain = waiting("gives-up", 30);
        CountDownLatch release = new CountDownLatch(1);
        fill(domain, release);
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> TestHost.get(domain.schedule(TestHost.task("nothing").build())));
        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
        assertThat(refused).hasMessageContaining("30 ms");
        assertThat(domain.metrics().tasksScheduled()).isEqualTo(2);
        release.countDown();
    }

    @Test
    void aBatchLargerThanTheQueueIsRefusedAtOnce() {
        Domain domain = waiting("too-much", 60_000);
        List<TaskRequest> three =
                List.of(
                        TestHost.task("nothing").build(),
                        TestHost.task("nothing").build(),
                        TestHost.task("nothing").build());
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class, () -> TestHost.get(domain.scheduleAll(three)));
        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
    }

    @Test
    void whoWaitsIsToldWhenTheDomainStops() {
        Domain domain = waiting("stops", 60_000);
        CountDownLatch release = new CountDownLatch(1);
        fill(domain, release);
        CompletableFuture<Task> third =
                domain.schedule(TestHost.task("nothing").build()).toCompletableFuture();
        TestHost.get(domain.stop(false));
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> TestHost.get(third));
        assertThat(refused).hasMessageContaining("admits no tasks");
        release.countDown();
    }

    private Domain waiting(String id, int maxWait) {
        return host.domain(
                id,
                Map.of(
                        "executor",
                        Map.of(
                                "parallelism",
                                2,
                                "queueCapacity",
                                2,
                                "overflowPolicy",
                                "WAIT",
                                "maxWait",
                                maxWait)));
    }

    private void fill(Domain domain, CountDownLatch release) {
        host.work(
                "hold",
                context -> {
                    release.await();
                    return null;
                });
        for (int i = 0; i < 2; i++) {
            TestHost.get(domain.schedule(TestHost.task("hold").build()));
        }
    }
}
