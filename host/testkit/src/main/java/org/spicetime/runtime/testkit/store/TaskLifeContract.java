// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;

/** What every task store has to keep about the life of a task. */
public abstract class TaskLifeContract extends StoreFixture {

    /** For subclasses. */
    protected TaskLifeContract() {}

    @Test
    void aTaskIsReadBackAsItWasAdmitted() {
        Task task =
                task(
                        TaskPhase.READY,
                        request ->
                                request.name("näme \uD83D\uDE00")
                                        .priority(9)
                                        .payload(Payload.json("{\"a\":1}"))
                                        .maxRetries(2));
        append(lease, 1, List.of(submitted(task, 42)));
        TaskRecord record = load(task.id());
        assertThat(record.task()).isEqualTo(task);
        assertThat(record.rank()).isEqualTo(42);
        assertThat(record.attemptsLeft()).isEqualTo(3);
        assertThat(record.handlerVersion()).isEqualTo("1.0.0");
        assertThat(record.changedBy()).isEqualTo(task.request().owner());
        assertThat(record.claim()).isNull();
        assertThat(record.transitions()).isEmpty();
    }

    @Test
    void anUnknownTaskIsNotThere() {
        assertThat(store.load(newId())).isEmpty();
    }

    @Test
    void anAdmissionNeedsRoomAndUsesItUp() {
        Task task = ready();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.append(lease, List.of(submitted(task, 0))));
        Reservation room = store.reserve(DOMAIN, 1, 0);
        await(store.append(lease, List.of(submitted(task, 0)), room));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.append(lease, List.of(submitted(ready(), 0)), room));
        room.close();
        Reservation small = store.reserve(DOMAIN, 1, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        store.append(
                                lease,
                                List.of(submitted(ready(), 0), submitted(ready(), 1)),
                                small));
    }

    @Test
    void anAppendWithoutEventsIsAMistake() {
        assertThatIllegalArgumentException().isThrownBy(() -> store.append(lease, List.of()));
    }

    @Test
    void aTaskIsAdmittedOnce() {
        Task task = ready();
        submit(task);
        refused(Reason.STALE, () -> submit(task));
    }

    @Test
    void aTaskOfAnotherDomainIsRefused() {
        Lease other = store.acquire(DomainId.of("other"), HOST, VALID);
        Task task = ready();
        refused(Reason.STALE, () -> append(other, 1, List.of(submitted(task, 0))));
        submit(task);
        refused(
                Reason.STALE,
                () ->
                        await(
                                store.append(
                                        other,
                                        List.of(
                                                new TaskEvent.Started(
                                                        task.id(), now(), other.claim(1))))));
    }

    @Test
    void allEventsOfAnAppendHoldOrNone() {
        Task first = ready();
        Task second = ready();
        submit(first);
        long before = load(first.id()).changedSeq();
        refused(
                Reason.STALE,
                () ->
                        append(
                                lease,
                                1,
                                List.of(
                                        started(first, 1),
                                        submitted(second, 1),
                                        completed(second, 1))));
        assertThat(phase(first)).isEqualTo(TaskPhase.READY);
        assertThat(load(first.id()).changedSeq()).isEqualTo(before);
        assertThat(store.load(second.id())).isEmpty();
        submit(second);
        assertThat(load(second.id()).changedSeq()).isEqualTo(before + 1);
    }

    @Test
    void howATaskCameWhereItIsIsKeptFromItsFirstStepOn() {
        Task task = ready();
        submit(task);
        append(new TaskEvent.Suspended(task.id(), now(), "ann"));
        pass(Duration.ofSeconds(1));
        append(new TaskEvent.Resumed(task.id(), now(), "joe", TaskPhase.READY));
        append(started(task, 1));
        assertThat(load(task.id()).transitions())
                .containsExactly(
                        new Transition(task.createdAt(), TaskPhase.READY, task.request().owner()),
                        new Transition(now().minusSeconds(1), TaskPhase.SUSPENDED, "ann"),
                        new Transition(now(), TaskPhase.READY, "joe"),
                        new Transition(now(), TaskPhase.RUNNING, "host"));
    }

    @Test
    void ofALongLifeTheFirstStepsAndTheNewestAreKept() {
        Task task = ready();
        submit(task);
        for (int i = 0; i < 100; i++) {
            append(new TaskEvent.Suspended(task.id(), now(), "ann " + i));
            append(new TaskEvent.Resumed(task.id(), now(), "joe " + i, TaskPhase.READY));
        }
        List<Transition> steps = load(task.id()).transitions();
        assertThat(steps).hasSize(64);
        assertThat(steps.get(1).by()).isEqualTo("ann 0");
        assertThat(steps.getLast().by()).isEqualTo("joe 99");
    }

    @Test
    void aTaskRunsAndCompletes() {
        Task task = ready();
        submit(task);
        append(started(task, 1));
        TaskRecord running = load(task.id());
        assertThat(running.task().phase()).isEqualTo(TaskPhase.RUNNING);
        assertThat(running.task().attempt()).isEqualTo(1);
        assertThat(running.claim()).isEqualTo(lease.claim(1));
        assertThat(running.attemptsLeft()).isZero();
        append(new TaskEvent.Progress(task.id(), now(), lease.claim(1), 0.5));
        assertThat(load(task.id()).task().progress()).hasValue(0.5);
        pass(Duration.ofSeconds(1));
        append(completed(task, 1));
        TaskRecord done = load(task.id());
        assertThat(done.task().phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(done.task().result()).isEqualTo(Payload.json("{\"ok\":true}"));
        assertThat(done.task().updatedAt()).isEqualTo(now());
        assertThat(done.claim()).isNull();
        assertThat(done.transitions()).hasSize(1);
    }

    @Test
    void aWordOfAnotherRunIsStale() {
        Task task = task(TaskPhase.READY, request -> request.maxRetries(3));
        submit(task);
        refused(Reason.STALE, () -> append(completed(task, 1)));
        append(started(task, 1));
        refused(Reason.STALE, () -> append(started(task, 1)));
        refused(Reason.STALE, () -> append(completed(task, 2)));
        append(retry(task, 1), new TaskEvent.BecameReady(task.id(), now(), 0));
        refused(Reason.STALE, () -> append(started(task, 1)));
        append(started(task, 2));
        refused(Reason.STALE, () -> append(completed(task, 1)));
        append(completed(task, 2));
        refused(Reason.STALE, () -> append(completed(task, 2)));
        refused(Reason.STALE, () -> append(failed(task)));
    }

    private TaskEvent.RetryAt retry(Task task, int attempt) {
        return new TaskEvent.RetryAt(
                task.id(),
                now(),
                lease.claim(attempt),
                now().plusSeconds(5),
                error(task.id()),
                NO_COST);
    }

    @Test
    void aFailedAttemptWaitsForItsDelay() {
        Task task = task(TaskPhase.READY, request -> request.maxRetries(1));
        submit(task);
        append(started(task, 1), retry(task, 1));
        assertThat(phase(task)).isEqualTo(TaskPhase.RETRY_WAIT);
        assertThat(load(task.id()).attemptsLeft()).isEqualTo(1);
        assertThat(store.due(DOMAIN, 10))
                .singleElement()
                .satisfies(ref -> assertThat(ref.readyAt()).isEqualTo(now().plusSeconds(5)));
        append(new TaskEvent.BecameReady(task.id(), now(), 77));
        assertThat(store.due(DOMAIN, 10)).isEmpty();
        assertThat(load(task.id()).rank()).isEqualTo(77);
    }

    @Test
    void theFirstOutcomeOfACancelledTaskWins() {
        Task task = ready();
        submit(task);
        append(started(task, 1), new TaskEvent.CancelRequested(task.id(), now(), "eve", null));
        assertThat(phase(task)).isEqualTo(TaskPhase.CANCELLING);
        assertThat(load(task.id()).phaseBefore()).isEqualTo(TaskPhase.RUNNING);
        assertThat(load(task.id()).changedBy()).isEqualTo("eve");
        append(completed(task, 1));
        assertThat(phase(task)).isEqualTo(TaskPhase.COMPLETED);
        refused(Reason.STALE, () -> append(cancelled(task, 1)));
    }

    final TaskEvent.Cancelled cancelled(Task task, @Nullable Integer attempt) {
        return new TaskEvent.Cancelled(
                task.id(),
                now(),
                attempt == null ? null : lease.claim(attempt),
                "eve",
                error(task.id()),
                ending(TaskPhase.CANCELLED));
    }

    @Test
    void aWaitingTaskIsCancelledAtOnce() {
        Task task = ready();
        submit(task);
        append(cancelled(task, null));
        assertThat(phase(task)).isEqualTo(TaskPhase.CANCELLED);
        assertThat(load(task.id()).task().error()).isEqualTo(error(task.id()));
    }

    @Test
    void aSuspendedTaskGoesOnWhereItWas() {
        Instant later = now().plusSeconds(60);
        Task task = task(TaskPhase.SCHEDULED, request -> request.runAt(later));
        submit(task);
        append(new TaskEvent.Suspended(task.id(), now(), "eve"));
        assertThat(load(task.id()).phaseBefore()).isEqualTo(TaskPhase.SCHEDULED);
        assertThat(store.due(DOMAIN, 10)).isEmpty();
        refused(Reason.STALE, () -> append(started(task, 1)));
        append(new TaskEvent.Resumed(task.id(), now(), "eve", TaskPhase.SCHEDULED));
        assertThat(load(task.id()).phaseBefore()).isNull();
        assertThat(store.due(DOMAIN, 10).getFirst().readyAt()).isEqualTo(later);
    }

    @Test
    void aFailedTaskIsTriedAgainUnderItsId() {
        Task task = ready();
        submit(task);
        append(started(task, 1));
        append(
                new TaskEvent.Failed(
                        task.id(),
                        now(),
                        lease.claim(1),
                        error(task.id()),
                        ending(TaskPhase.FAILED)));
        append(new TaskEvent.Retried(task.id(), now(), "eve", 2, TaskPhase.READY, 3));
        TaskRecord again = load(task.id());
        assertThat(again.task().phase()).isEqualTo(TaskPhase.READY);
        assertThat(again.attemptsLeft()).isEqualTo(2);
        assertThat(again.task().attempt()).isEqualTo(1);
        assertThat(again.task().error()).isNull();
        append(started(task, 2));
        assertThat(load(task.id()).attemptsLeft()).isEqualTo(1);
    }

    @Test
    void priorityAndRankChangeTogether() {
        Task task = ready();
        submit(task);
        append(new TaskEvent.Changed(task.id(), now(), "eve", 8, -5));
        assertThat(load(task.id()).task().priority()).isEqualTo(8);
        assertThat(load(task.id()).rank()).isEqualTo(-5);
        assertThat(phase(task)).isEqualTo(TaskPhase.READY);
    }

    @Test
    void aMissedDeadlineIsCountedOnce() {
        Task task = ready();
        submit(task);
        append(new TaskEvent.DeadlineMissed(task.id(), now()));
        assertThat(load(task.id()).task().deadlineMissed()).isTrue();
        refused(Reason.STALE, () -> append(new TaskEvent.DeadlineMissed(task.id(), now())));
    }

    /** A task that waits for others. */
    final Task waiting(Task... on) {
        return task(
                TaskPhase.WAITING_DEPENDENCY,
                request -> {
                    for (Task task : on) {
                        request.dependsOn(
                                DependencyRequest.success(new TaskRef.Existing(task.id())));
                    }
                    return request;
                });
    }

    @Test
    void dependantsAreKnownAsLongAsTheyWait() {
        Task first = ready();
        Task second = ready();
        Task both = waiting(first, second);
        Task one = waiting(first);
        submit(first, second, both, one);
        assertThat(store.dependants(first.id())).containsExactlyInAnyOrder(both.id(), one.id());
        append(resolved(both, first, TaskPhase.WAITING_DEPENDENCY));
        assertThat(store.dependants(first.id())).containsExactly(one.id());
        assertThat(store.dependants(second.id())).containsExactly(both.id());
        append(resolved(both, second, TaskPhase.READY), failed(one));
        assertThat(phase(both)).isEqualTo(TaskPhase.READY);
        assertThat(store.dependants(first.id())).isEmpty();
        assertThat(store.dependants(second.id())).isEmpty();
        refused(Reason.STALE, () -> append(resolved(both, second, TaskPhase.READY)));
    }

    private TaskEvent.DependencyResolved resolved(Task task, Task on, TaskPhase after) {
        return new TaskEvent.DependencyResolved(task.id(), now(), on.id(), after);
    }

    @Test
    void aFailedDependencyFailsItsDependantInOneAppend() {
        Task first = ready();
        Task second = waiting(first);
        submit(first, second);
        append(
                failed(first),
                new TaskEvent.DependencyFailed(
                        second.id(), now(), first.id(), false, TaskPhase.WAITING_DEPENDENCY),
                failed(second));
        assertThat(phase(second)).isEqualTo(TaskPhase.FAILED);
    }
}
