// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;

final class LifeCycleTest {
    private final Fixture domain = new Fixture();

    @Test
    void aTaskGoesFromReadyOverRunningToCompletedAndIsMeasured() {
        TaskEntry entry = domain.admit(task().priority(3));
        assertThat(entry.phase()).isEqualTo(TaskPhase.READY);
        assertThat(domain.ready).isEqualTo(1);
        domain.pass(Duration.ofMillis(5));
        assertThat(domain.pick()).isSameAs(entry);
        assertThat(entry.attempt()).isEqualTo(1);
        assertThat(entry.lastWaitNanos()).isEqualTo(5_000_000);
        domain.pass(Duration.ofMillis(20));
        domain.kernel.charge(
                entry,
                new Measured(
                        7_000,
                        MeasurementAccuracy.EXACT,
                        4096,
                        OptionalLong.of(3),
                        OptionalLong.empty()));
        domain.kernel.finished(entry, new Outcome.Succeeded(Payload.json("{}")), domain.now());
        domain.pass(Duration.ofSeconds(1));

        Task done = domain.task(entry);
        assertThat(done.phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(done.result()).isEqualTo(Payload.json("{}"));
        assertThat(done.error()).isNull();
        assertThat(done.metrics().duration()).isEqualTo(Duration.ofMillis(20));
        assertThat(done.metrics().waitTime()).isEqualTo(Duration.ofMillis(5));
        assertThat(done.metrics().cpuNanos()).isEqualTo(7_000);
        assertThat(done.metrics().poolPeakBytes()).isEqualTo(4096);
        assertThat(done.metrics().ioOperations()).hasValue(3);
        assertThat(done.metrics().heapAllocatedBytes()).isEmpty();
        assertThat(domain.phases)
                .containsExactly(TaskPhase.READY, TaskPhase.RUNNING, TaskPhase.COMPLETED);
        assertThat(domain.finished).containsExactly(entry);
        assertThat(domain.kernel.counts())
                .isEqualTo(new KernelCounts(1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0));
    }

    @Test
    void aTaskWithRunAtIsScheduledUntilItsTimeHasCome() {
        TaskEntry entry = domain.admit(task().runAt(domain.now().instant().plusSeconds(10)));
        assertThat(entry.phase()).isEqualTo(TaskPhase.SCHEDULED);
        domain.nothingToPick();
        assertThat(domain.kernel.nextTimerNanos()).isEqualTo(10_000_000_000L);
        domain.pass(Duration.ofSeconds(10));
        domain.run(entry);
    }

    @Test
    void aRunAtInThePastMeansNow() {
        domain.run(domain.admit(task().runAt(domain.now().instant().minusSeconds(10))));
    }

    @Test
    void aPreemptedTaskKeepsItsAttemptAndGoesOn() {
        TaskEntry entry = domain.admit(task());
        domain.pick();
        domain.kernel.leave(entry, SliceEnd.PREEMPTED, domain.now());
        assertThat(entry.phase()).isEqualTo(TaskPhase.PREEMPTED);
        assertThat(entry.started()).isTrue();
        domain.run(entry);
        assertThat(entry.attempt()).isEqualTo(1);
        assertThat(domain.task(entry).metrics().preemptions()).isEqualTo(1);
    }

    @Test
    void aTaskThatWaitsForAResourceIsBlockedUntilItIsWoken() {
        TaskEntry entry = domain.admit(task());
        domain.pick();
        domain.kernel.leave(entry, SliceEnd.BLOCKED, domain.now());
        assertThat(domain.task(entry).phase()).isEqualTo(TaskPhase.WAITING_RESOURCE);
        domain.nothingToPick();
        domain.kernel.woken(entry, domain.now());
        domain.run(entry);
    }

    @Test
    void atTheCapOfStartedTasksOnlyStartedOnesAreDispatched() {
        Fixture small = new Fixture(KernelSettings.basic(1));
        List<TaskEntry> waiting = new ArrayList<>();
        for (int i = 0; i < small.kernel.settings().maxStarted(); i++) {
            waiting.add(small.admit(task()));
            small.kernel.leave(small.pick(), SliceEnd.BLOCKED, small.now());
        }
        small.admit(task());
        small.nothingToPick();
        small.kernel.woken(waiting.get(9), small.now());
        small.run(waiting.get(9));
    }

    @Test
    void aSuspendedTaskIsHeldBackUntilItIsResumed() {
        TaskEntry entry = domain.admit(task());
        domain.kernel.suspend(entry.taskId(), domain.now());
        assertThat(entry.phase()).isEqualTo(TaskPhase.SUSPENDED);
        domain.nothingToPick();
        domain.kernel.resume(entry.taskId(), domain.now());
        domain.run(entry);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> domain.kernel.suspend(entry.taskId(), domain.now()))
                .withMessageContaining("COMPLETED");
    }

    @Test
    void aTaskOnAWorkerCannotBeSuspended() {
        TaskEntry entry = domain.admit(task());
        domain.pick();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> domain.kernel.suspend(entry.taskId(), domain.now()))
                .withMessageContaining("dispatched");
        domain.succeed(entry);
    }

    @Test
    void aTaskThatTheHostTakesBackRunsAgainWithoutUsingUpARetry() {
        TaskEntry entry = domain.admit(task());
        domain.pick();
        domain.kernel.finished(entry, new Outcome.Requeued(), domain.now());
        assertThat(entry.phase()).isEqualTo(TaskPhase.READY);
        domain.run(entry);
        assertThat(entry.attempt()).isEqualTo(2);
        assertThat(domain.kernel.counts().retries()).isZero();
    }

    @Test
    void onlyTheNewestFinishedTasksAreKept() {
        KernelSettings basic = KernelSettings.basic(1);
        Fixture small =
                new Fixture(
                        new KernelSettings(
                                basic.priorities(),
                                basic.queuePolicy(),
                                0,
                                1,
                                0,
                                2,
                                basic.durability(),
                                false));
        List<TaskEntry> entries = small.admitAll(task(), task(), task(), task());
        entries.forEach(small::run);
        assertThat(entries)
                .extracting(entry -> small.kernel.entry(entry.taskId()).isPresent())
                .containsExactly(false, false, true, true);
    }

    @Test
    void anOutcomeOfATaskThatDoesNotRunIsAMistakeOfTheHost() {
        TaskEntry entry = domain.admit(task());
        assertThatIllegalStateException().isThrownBy(() -> domain.succeed(entry));
    }

    @Test
    void aHundredThousandTasksRunOnceEach() {
        List<TaskRequest.Builder> batch = new ArrayList<>();
        for (int i = 0; i < 1000; i++) batch.add(task().priority(i % 11));
        for (int round = 0; round < 100; round++) domain.admitAll(batch);
        assertThat(domain.kernel.ready()).isEqualTo(100_000);
        for (int i = 0; i < 100_000; i++) domain.succeed(domain.pick());
        domain.nothingToPick();
        assertThat(domain.finished).hasSize(100_000).doesNotHaveDuplicates();
        assertThat(domain.kernel.counts().completed()).isEqualTo(100_000);
    }
}
