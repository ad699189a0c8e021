// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.store.LogLine;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.task.AttemptOutcome;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskLogLine;
import org.spicetime.runtime.api.task.TaskPhase;

/** What every task store has to keep about attempts and their log lines. */
public abstract class AttemptContract extends TaskListContract {

    /** For subclasses. */
    protected AttemptContract() {}

    private TaskEvent.AttemptLogged logged(Task task, int attempt, int from, int to, int dropped) {
        List<LogLine> lines = new ArrayList<>();
        for (int i = from; i < to; i++) {
            lines.add(new LogLine(now(), System.Logger.Level.WARNING, "line " + i));
        }
        return new TaskEvent.AttemptLogged(task.id(), now(), lease.claim(attempt), lines, dropped);
    }

    private TaskEvent.RetryAt retry(Task task, int attempt) {
        return new TaskEvent.RetryAt(
                task.id(),
                now(),
                lease.claim(attempt),
                now().plusSeconds(1),
                error(task.id()),
                NO_COST);
    }

    @Test
    void anOnlyAttemptThatGoesWellInSilenceIsToldByItsTask() {
        assertThat(store.attempts(finish(ready()).id())).isEmpty();
        assertThat(store.attempts(newId())).isEmpty();
        Task running = ready();
        submit(running);
        append(started(running, 1));
        assertThat(store.attempts(running.id())).isEmpty();
    }

    @Test
    void everyFurtherAttemptIsKeptFromItsBeginning() {
        Task task = task(TaskPhase.READY, request -> request.maxRetries(3));
        submit(task);
        Instant first = now();
        append(started(task, 1));
        pass(Duration.ofSeconds(1));
        Instant failed = now();
        append(retry(task, 1));
        TaskAttempt one =
                new TaskAttempt(
                        1,
                        first,
                        failed,
                        AttemptOutcome.FAILED,
                        error(task.id()),
                        HOST,
                        List.of(),
                        0);
        assertThat(store.attempts(task.id())).containsExactly(one);
        pass(Duration.ofSeconds(1));
        Instant second = now();
        append(new TaskEvent.BecameReady(task.id(), now(), 0));
        append(started(task, 2));
        assertThat(store.attempts(task.id()))
                .containsExactly(
                        one, new TaskAttempt(2, second, null, null, null, HOST, List.of(), 0));
        pass(Duration.ofSeconds(1));
        append(completed(task, 2));
        assertThat(store.attempts(task.id()))
                .containsExactly(
                        one,
                        new TaskAttempt(
                                2,
                                second,
                                now(),
                                AttemptOutcome.COMPLETED,
                                null,
                                HOST,
                                List.of(),
                                0));
        append(new TaskEvent.Purged(task.id(), now(), "eve"));
        assertThat(store.attempts(task.id())).isEmpty();
    }

    @Test
    void attemptsOfOneAppendAreKeptToo() {
        Task task = task(TaskPhase.READY, request -> request.maxRetries(3));
        submit(task);
        append(
                started(task, 1),
                logged(task, 1, 0, 2, 0),
                retry(task, 1),
                new TaskEvent.BecameReady(task.id(), now(), 0),
                started(task, 2),
                new TaskEvent.CancelRequested(task.id(), now(), "eve", null),
                new TaskEvent.Cancelled(
                        task.id(),
                        now(),
                        lease.claim(2),
                        "eve",
                        error(task.id()),
                        ending(TaskPhase.CANCELLED)));
        assertThat(store.attempts(task.id()))
                .extracting(TaskAttempt::outcome)
                .containsExactly(AttemptOutcome.FAILED, AttemptOutcome.CANCELLED);
        assertThat(store.attempts(task.id()).getFirst().log()).hasSize(2);
    }

    @Test
    void linesAreKeptInOrderAndOnlyTheNewest() {
        Task task = ready();
        submit(task);
        append(started(task, 1));
        Instant began = now();
        pass(Duration.ofSeconds(1));
        append(logged(task, 1, 0, 3, 0));
        assertThat(store.attempts(task.id()))
                .containsExactly(
                        new TaskAttempt(
                                1,
                                began,
                                null,
                                null,
                                null,
                                HOST,
                                List.of(line(0), line(1), line(2)),
                                0));
        append(logged(task, 1, 3, 700, 4), completed(task, 1));
        append(logged(task, 1, 700, 1010, 5));
        TaskAttempt kept = store.attempts(task.id()).getFirst();
        assertThat(kept.log()).hasSize(TaskAttempt.MAX_LOG_LINES);
        assertThat(kept.log().getFirst().message()).isEqualTo("line 10");
        assertThat(kept.log().getLast().message()).isEqualTo("line 1009");
        assertThat(kept.linesDropped()).isEqualTo(4 + 5 + 10);
        assertThat(kept.outcome()).isEqualTo(AttemptOutcome.COMPLETED);
        assertThat(kept.finishedAt()).isEqualTo(now());
    }

    private TaskLogLine line(int number) {
        return new TaskLogLine(now(), LogLevel.WARN, "line " + number);
    }

    @Test
    void linesMayComeAfterAnAttemptThatWentWell() {
        Task task = finish(ready());
        Instant ended = now();
        pass(Duration.ofSeconds(1));
        long before = load(task.id()).changedSeq();
        append(logged(task, 1, 0, 1, 0));
        TaskAttempt late = store.attempts(task.id()).getFirst();
        assertThat(late.outcome()).isEqualTo(AttemptOutcome.COMPLETED);
        assertThat(late.finishedAt()).isEqualTo(ended);
        assertThat(load(task.id()).changedSeq()).as("no visible change").isEqualTo(before);
    }

    @Test
    void anAttemptThatWasLostNamesTheHostThatRanIt() {
        Task task = task(TaskPhase.READY, request -> request.maxRetries(1));
        submit(task);
        append(started(task, 1));
        Instant began = now();
        pass(Duration.ofSeconds(5));
        HostRef other = new HostRef("host-2", new UUID(2, 2));
        lease = store.acquire(DOMAIN, other, VALID);
        assertThat(store.attempts(task.id()))
                .containsExactly(
                        new TaskAttempt(
                                1, began, now(), AttemptOutcome.LOST, null, HOST, List.of(), 0));
        append(new TaskEvent.BecameReady(task.id(), now(), 0));
        append(started(task, 2));
        assertThat(store.attempts(task.id()).getLast().host()).isEqualTo(other);
    }
}
