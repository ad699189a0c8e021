// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spicetime.runtime.kernel.task.Fixture.on;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.TaskPhase;

/** What can come between the two steps of an admission or an end, and between two lives. */
final class BetweenTheStepsTest {
    private final Fixture domain = Fixture.durable();

    private TaskEntry failed() {
        TaskEntry entry = domain.admitted(task());
        domain.pick();
        domain.fail(entry);
        domain.store();
        return entry;
    }

    @Test
    void whatWasDoneWhenATaskWasPreparedStaysDone() {
        TaskEntry on = failed();
        List<TaskEntry> prepared =
                domain.prepare(task().dependsOn(on(on, DependencyType.COMPLETION)));
        assertThat(prepared.getFirst().phase()).isEqualTo(TaskPhase.READY);
        domain.kernel.retry(on.taskId(), false, domain.now());
        domain.kernel.publish(prepared, domain.now());
        assertThat(prepared.getFirst().phase()).isEqualTo(TaskPhase.READY);
        assertThat(domain.kernel.dependents(on.taskId(), domain.now())).hasSize(1);
        domain.kernel.audit(domain.now());
    }

    @Test
    void aResultIsKeptForThoseThatNeedItWhenItsTaskIsPurged() {
        TaskEntry on = domain.admitted(task());
        domain.pick();
        domain.kernel.finished(on, new Outcome.Succeeded(Payload.json("7")), domain.now());
        domain.store();
        List<TaskEntry> prepared = domain.prepare(task().dependsOn(on(on, DependencyType.DATA)));
        domain.kernel.purge(on.taskId(), domain.now());
        domain.kernel.publish(prepared, domain.now());
        domain.run(prepared.getFirst());
        assertThat(domain.kernel.inputs(prepared.getFirst()))
                .containsEntry(on.taskId(), Payload.json("7"));
    }

    @Test
    void aPreparedTaskWhoseDeadlinePassesMissesItWhenItIsLetIn() {
        List<TaskEntry> prepared =
                domain.prepare(task().deadline(domain.now().instant().plusSeconds(1)));
        domain.pass(Duration.ofSeconds(2));
        assertThat(domain.missed).isEmpty();
        domain.kernel.publish(prepared, domain.now());
        domain.kernel.advance(domain.now());
        assertThat(domain.missed).isEqualTo(prepared);
    }

    @Test
    void aPreparedTaskLooksAtTheClockAsItIsWhenItIsLetIn() {
        List<TaskEntry> prepared =
                domain.prepare(task().runAt(domain.now().instant().plusSeconds(60)));
        assertThat(prepared.getFirst().phase()).isEqualTo(TaskPhase.SCHEDULED);
        domain.jump(Duration.ofHours(1));
        domain.kernel.publish(prepared, domain.now());
        assertThat(prepared.getFirst().phase()).isEqualTo(TaskPhase.READY);
    }

    @Test
    void anAttemptEndsOnce() {
        TaskEntry entry = domain.admitted(task());
        domain.pick();
        domain.succeed(entry);
        assertThatThrownBy(() -> domain.fail(entry)).isInstanceOf(IllegalStateException.class);
        assertThat(entry.decided()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(domain.kernel.unstored()).isOne();
        domain.store();
        assertThatThrownBy(() -> domain.kernel.stored(entry, domain.now()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(domain.kernel.unstored()).isZero();
    }

    @Test
    void anEndThatIsNotStoredStaysDecidedAndHoldsBackThoseThatWait() {
        TaskEntry lost = domain.admitted(task());
        TaskEntry waits = domain.admitted(task().dependsOn(on(lost, DependencyType.SUCCESS)));
        domain.pick();
        domain.succeed(lost);
        domain.ending.clear();
        TaskEntry other = domain.admitted(task());
        domain.run(other);
        domain.store();
        domain.pass(Duration.ofDays(1));
        domain.nothingToPick();
        assertThat(domain.kernel.unstored()).isOne();
        assertThat(lost.decided()).isEqualTo(TaskPhase.COMPLETED);
        domain.kernel.stored(lost, domain.now());
        domain.run(waits);
    }

    /* ---- between two lives ---- */

    private static TaskEntry back(Fixture into, Restored task) {
        List<TaskEntry> entries = into.kernel.restore(List.of(task), into.now());
        into.kernel.publish(entries, into.now());
        return entries.getFirst();
    }

    @Test
    void aTaskThatComesBackLateTakesOverThoseThatWaitForIt() {
        TaskEntry on = domain.admitted(task().priority(1));
        TaskEntry waits =
                domain.admitted(task().priority(9).dependsOn(on(on, DependencyType.SUCCESS)));
        Instant now = domain.now().instant();
        Fixture next = Fixture.durable();
        ForeignTask parked = new ForeignTask(Fixture.DOMAIN, TaskPhase.READY, false, null);
        TaskEntry dependant =
                back(
                        next,
                        domain.stored(
                                waits,
                                TaskPhase.WAITING_DEPENDENCY,
                                1,
                                now,
                                null,
                                Map.of(on.taskId(), parked)));
        assertThat(dependant.phase()).isEqualTo(TaskPhase.WAITING_DEPENDENCY);
        TaskEntry late = back(next, domain.stored(on, TaskPhase.READY, 1, now, null, Map.of()));
        assertThat(late.priority()).as("inherited").isEqualTo(9);
        assertThat(next.kernel.awaits(on.taskId())).isFalse();
        next.run(late);
        next.store();
        next.run(dependant);
        next.kernel.audit(next.now());
    }

    @Test
    void theTimeOutOfADependencyGoesOnWhileNoProcessRuns() {
        TaskEntry on = domain.admitted(task());
        TaskEntry waits =
                domain.admitted(
                        task().dependsOn(on(on, DependencyType.SUCCESS, Duration.ofSeconds(15))));
        Fixture next = Fixture.durable();
        next.passUnnoticed(Duration.ofSeconds(10));
        Instant changed = next.now().instant().minusSeconds(10);
        back(next, domain.stored(on, TaskPhase.READY, 1, changed, null, Map.of()));
        TaskEntry dependant =
                back(
                        next,
                        domain.stored(
                                waits, TaskPhase.WAITING_DEPENDENCY, 1, changed, null, Map.of()));
        next.pass(Duration.ofSeconds(4));
        assertThat(dependant.decided()).isNull();
        next.pass(Duration.ofSeconds(1));
        assertThat(dependant.decided()).isEqualTo(TaskPhase.FAILED);
    }

    @Test
    void whoDependsTwiceOnAFailureDoesNotHideItFromOthers() {
        TaskEntry on = domain.admitted(task());
        TaskEntry twice =
                domain.admitted(
                        task().dependsOn(on(on, DependencyType.START))
                                .dependsOn(on(on, DependencyType.SUCCESS)));
        TaskEntry once = domain.admitted(task().dependsOn(on(on, DependencyType.SUCCESS)));
        domain.kernel.cancel(on.taskId(), "not needed", domain.now());
        assertThat(twice.decided()).isEqualTo(TaskPhase.FAILED);
        assertThat(once.decided()).isEqualTo(TaskPhase.FAILED);
        domain.store();
        assertThat(once.phase()).isEqualTo(TaskPhase.FAILED);
        domain.kernel.audit(domain.now());
    }

    @Test
    void aRetryFindsWhatLeftForTheStoreAndCameBack() {
        TaskEntry on = failed();
        TaskEntry broken = domain.admitted(task().dependsOn(on(on, DependencyType.SUCCESS)));
        domain.store();
        Restored record =
                domain.stored(on, TaskPhase.FAILED, 0, domain.now().instant(), null, Map.of());
        for (int i = 0; i < Lifecycle.MOST_STORED_ENDED - 1; i++) {
            domain.run(domain.admitted(task()));
            domain.store();
        }
        assertThat(domain.left).containsExactly(on);
        domain.kernel.retry(broken.taskId(), false, domain.now());
        domain.store();
        assertThat(broken.phase()).as("what it needs is not here").isEqualTo(TaskPhase.FAILED);
        TaskEntry again = back(domain, record);
        domain.kernel.retry(again.taskId(), false, domain.now());
        domain.run(again);
        domain.store();
        domain.kernel.retry(broken.taskId(), false, domain.now());
        assertThat(broken.phase()).isEqualTo(TaskPhase.READY);
        domain.run(broken);
        domain.kernel.audit(domain.now());
    }
}
