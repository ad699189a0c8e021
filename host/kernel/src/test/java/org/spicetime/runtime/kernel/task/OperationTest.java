// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.spicetime.runtime.kernel.task.Fixture.on;
import static org.spicetime.runtime.kernel.task.Fixture.onBatch;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.TaskPhase;

/** Cancelling and retrying. */
final class OperationTest {
    private final Fixture domain = new Fixture();

    @Test
    void aTaskThatDoesNotRunIsCancelledAtOnceInEachPhase() {
        TaskEntry ready = domain.admit(task());
        TaskEntry waiting = domain.admit(task().dependsOn(on(ready, DependencyType.COMPLETION)));
        TaskEntry scheduled = domain.admit(task().runAt(domain.now().instant().plusSeconds(1)));
        TaskEntry suspended = domain.admit(task());
        domain.kernel.suspend(suspended.taskId(), domain.now());
        for (TaskEntry entry : List.of(waiting, scheduled, suspended, ready)) {
            domain.kernel.cancel(entry.taskId(), "not needed", domain.now());
            assertThat(entry.phase()).isEqualTo(TaskPhase.CANCELLED);
            assertThat(Objects.requireNonNull(entry.error()).message())
                    .isEqualTo("cancelled: not needed");
        }
        domain.pass(Duration.ofSeconds(2));
        domain.nothingToPick();
        assertThat(domain.kernel.unfinished()).isZero();
    }

    @Test
    void aTaskThatWaitsForItsRetryIsCancelledAtOnce() {
        TaskEntry entry = domain.admit(task().maxRetries(1));
        domain.pick();
        domain.fail(entry);
        domain.kernel.cancel(entry.taskId(), null, domain.now());
        domain.pass(Duration.ofMinutes(2));
        domain.nothingToPick();
        assertThat(domain.finished).containsExactly(entry);
    }

    @Test
    void aRunningTaskIsCancellingUntilItsHandlerReturns() {
        TaskEntry entry = domain.admit(task().maxRetries(3));
        domain.pick();
        domain.kernel.cancel(entry.taskId(), "enough", domain.now());
        domain.kernel.cancel(entry.taskId(), "twice", domain.now());
        assertThat(entry.phase()).isEqualTo(TaskPhase.CANCELLING);
        assertThat(domain.stops).containsExactly(entry.taskId() + " CANCELLED");
        domain.fail(entry);
        assertThat(entry.phase()).isEqualTo(TaskPhase.CANCELLED);
        assertThat(Objects.requireNonNull(entry.error()).message()).isEqualTo("cancelled: enough");
    }

    @Test
    void aHandlerThatSucceedsBeforeItSeesTheCancellationCounts() {
        TaskEntry entry = domain.admit(task());
        domain.pick();
        domain.kernel.cancel(entry.taskId(), null, domain.now());
        domain.succeed(entry);
        assertThat(entry.phase()).isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void aCancelledTaskIsNotRetriedBecauseItsTimeLimitCameFirst() {
        TaskEntry entry = domain.admit(task().timeout(Duration.ofSeconds(1)).maxRetries(5));
        domain.pick();
        domain.pass(Duration.ofSeconds(1));
        domain.kernel.cancel(entry.taskId(), "stop", domain.now());
        domain.kernel.finished(entry, new Outcome.Cancelled(null), domain.now());
        assertThat(entry.phase()).isEqualTo(TaskPhase.CANCELLED);
        assertThat(domain.stops).hasSize(1);
    }

    @Test
    void aPreemptedTaskIsAskedToEndAndGetsASlotToDoSo() {
        TaskEntry entry = domain.admit(task());
        domain.kernel.leave(domain.pick(), SliceEnd.PREEMPTED, domain.now());
        domain.kernel.cancel(entry.taskId(), null, domain.now());
        assertThat(domain.stops).hasSize(1);
        assertThat(domain.pick().phase()).isEqualTo(TaskPhase.CANCELLING);
        domain.kernel.finished(entry, new Outcome.Cancelled(null), domain.now());
        assertThat(entry.phase()).isEqualTo(TaskPhase.CANCELLED);
    }

    @Test
    void allUnfinishedTasksAreCancelledTogether() {
        List<TaskEntry> entries = domain.admitAll(task(), task().dependsOn(onBatch(0)), task());
        domain.pick();
        assertThat(domain.kernel.cancelAll("shut", domain.now())).isEqualTo(3);
        assertThat(entries)
                .extracting(TaskEntry::phase)
                .containsExactly(TaskPhase.CANCELLING, TaskPhase.CANCELLED, TaskPhase.CANCELLED);
    }

    @Test
    void whatHasEndedCannotBeCancelledAndWhatIsUnknownIsNotFound() {
        TaskEntry done = domain.admit(task());
        domain.run(done);
        RefusedException ended =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> domain.kernel.cancel(done.taskId(), null, domain.now()));
        assertThat(ended.code()).isEqualTo(RequestErrorCode.CONFLICT);
        RefusedException unknown =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> domain.kernel.cancel(domain.newId(), null, domain.now()));
        assertThat(unknown.code()).isEqualTo(RequestErrorCode.NOT_FOUND);
    }

    @Test
    void aFailedTaskIsRetriedUnderItsIdAndCountsOn() {
        TaskEntry entry = domain.admit(task());
        TaskEntry dependant = domain.admit(task().dependsOn(on(entry, DependencyType.SUCCESS)));
        domain.pick();
        domain.fail(entry);
        domain.kernel.retry(entry.taskId(), false, domain.now());
        assertThat(dependant.phase()).isEqualTo(TaskPhase.FAILED);
        domain.run(entry);
        assertThat(entry.attempt()).isEqualTo(2);
        assertThat(entry.error()).isNull();
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> domain.kernel.retry(entry.taskId(), false, domain.now()));
        assertThat(refused).hasMessageContaining("COMPLETED");
    }

    @Test
    void aRetryWithCascadeTakesTheFailedDependantsAlong() {
        List<TaskEntry> entries =
                domain.admitAll(
                        task(),
                        task().dependsOn(onBatch(0)),
                        task().dependsOn(onBatch(1)),
                        task().dependsOn(onBatch(0)));
        domain.pick();
        domain.fail(entries.getFirst());
        domain.kernel.retry(entries.getFirst().taskId(), true, domain.now());
        assertThat(entries)
                .extracting(TaskEntry::phase)
                .containsExactly(
                        TaskPhase.READY,
                        TaskPhase.WAITING_DEPENDENCY,
                        TaskPhase.WAITING_DEPENDENCY,
                        TaskPhase.WAITING_DEPENDENCY);
        domain.run(entries.get(0));
        domain.run(entries.get(1));
        domain.succeed(domain.pick());
        domain.succeed(domain.pick());
        assertThat(domain.kernel.unfinished()).isZero();
        assertThat(domain.kernel.counts().completed()).isEqualTo(4);
    }

    @Test
    void aRetriedDependantOfAFailedTaskFailsAgain() {
        TaskEntry entry = domain.admit(task());
        TaskEntry dependant = domain.admit(task().dependsOn(on(entry, DependencyType.SUCCESS)));
        domain.pick();
        domain.fail(entry);
        domain.kernel.retry(dependant.taskId(), false, domain.now());
        assertThat(dependant.phase()).isEqualTo(TaskPhase.FAILED);
        assertThat(domain.kernel.unfinished()).isZero();
    }

    @Test
    void aTaskRetriedAfterItsDeadlineIsLateAndRuns() {
        TaskEntry entry = domain.admit(task().relativeDeadline(Duration.ofSeconds(1)));
        domain.pick();
        domain.fail(entry);
        domain.pass(Duration.ofSeconds(5));
        domain.kernel.retry(entry.taskId(), false, domain.now());
        domain.run(entry);
        assertThat(domain.missed).containsExactly(entry);
    }
}
