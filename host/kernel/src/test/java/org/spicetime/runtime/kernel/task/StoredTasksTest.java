// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spicetime.runtime.kernel.task.Fixture.on;
import static org.spicetime.runtime.kernel.task.Fixture.onBatch;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskStatus;

/** Tasks of a domain with a durable store; the queue holds three. */
final class StoredTasksTest {
    private final Fixture domain = Fixture.durable();

    /* ---- admission ---- */

    @Test
    void aPreparedTaskIsSeenByNobodyAndDoesNotRun() {
        TaskEntry entry = domain.prepare(task()).getFirst();
        assertThat(entry.phase()).isEqualTo(TaskPhase.READY);
        assertThat(domain.kernel.entry(entry.taskId())).isEmpty();
        assertThat(domain.phases).isEmpty();
        domain.pass(Duration.ofHours(1));
        domain.nothingToPick();
        assertThat(domain.kernel.counts().pending()).isZero();
        domain.kernel.publish(List.of(entry), domain.now());
        domain.kernel.audit(domain.now());
        domain.run(entry);
    }

    @Test
    void aPreparedTaskTakesRoomInTheQueueUntilItIsWithdrawn() {
        List<TaskEntry> prepared = domain.prepare(task(), task());
        domain.admitted(task());
        assertThatThrownBy(() -> domain.prepare(task()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("3 of at most 3");
        domain.kernel.withdraw(prepared, domain.now());
        assertThat(domain.kernel.unfinished()).isEqualTo(1);
        domain.kernel.publish(domain.prepare(task(), task()), domain.now());
        assertThat(domain.kernel.counts().scheduled()).isEqualTo(3);
    }

    @Test
    void theFirstPhaseIsToldBeforeItIsTrue() {
        TaskEntry on = domain.admitted(task());
        Instant later = domain.now().instant().plusSeconds(60);
        assertThat(domain.prepare(task().runAt(later)).getFirst().phase())
                .isEqualTo(TaskPhase.SCHEDULED);
        assertThat(
                        domain.prepare(task().dependsOn(on(on, DependencyType.SUCCESS)))
                                .getFirst()
                                .phase())
                .isEqualTo(TaskPhase.WAITING_DEPENDENCY);
    }

    @Test
    void whatIsDoneBetweenTheStepsIsNotWaitedFor() {
        TaskEntry on = domain.admitted(task());
        List<TaskEntry> prepared = domain.prepare(task().dependsOn(on(on, DependencyType.SUCCESS)));
        domain.run(on);
        domain.store();
        domain.kernel.purge(on.taskId(), domain.now());
        domain.kernel.publish(prepared, domain.now());
        assertThat(prepared.getFirst().phase()).isEqualTo(TaskPhase.READY);
        domain.run(prepared.getFirst());
    }

    @Test
    void whatFailsBetweenTheStepsFailsTheTask() {
        TaskEntry on = domain.admitted(task());
        List<TaskEntry> prepared =
                domain.prepare(
                        task().dependsOn(on(on, DependencyType.SUCCESS)),
                        task().dependsOn(onBatch(0)));
        domain.kernel.cancel(on.taskId(), null, domain.now());
        domain.store();
        domain.kernel.publish(prepared, domain.now());
        assertThat(prepared.getFirst().decided()).isEqualTo(TaskPhase.FAILED);
        domain.store();
        assertThat(prepared).extracting(TaskEntry::phase).containsOnly(TaskPhase.FAILED);
    }

    /* ---- end ---- */

    @Test
    void anEndIsSeenWhenItIsStoredAndTheWorkerIsFreeBefore() {
        TaskEntry first = domain.admitted(task());
        TaskEntry dependant = domain.admitted(task().dependsOn(on(first, DependencyType.DATA)));
        domain.pick();
        domain.kernel.finished(first, new Outcome.Succeeded(Payload.json("7")), domain.now());
        assertThat(first.decided()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(domain.task(first).phase()).isEqualTo(TaskPhase.RUNNING);
        assertThat(domain.task(first).result()).isNull();
        assertThat(domain.task(first).metrics().finishedAt()).isNull();
        assertThat(domain.finished).isEmpty();
        assertThat(domain.kernel.counts().completed()).isZero();
        assertThat(domain.kernel.unstored()).isOne();
        domain.nothingToPick();

        TaskEntry other = domain.admitted(task());
        domain.run(other);
        domain.kernel.stored(first, domain.now());
        assertThat(domain.task(first).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(domain.task(first).result()).isEqualTo(Payload.json("7"));
        assertThat(domain.kernel.inputs(dependant))
                .containsEntry(first.taskId(), Payload.json("7"));
        domain.run(dependant);
        domain.kernel.stored(other, domain.now());
        domain.kernel.stored(dependant, domain.now());
        assertThat(domain.kernel.counts().completed()).isEqualTo(3);
        assertThat(domain.kernel.unstored()).isZero();
        domain.kernel.audit(domain.now());
    }

    @Test
    void nothingChangesATaskWhoseEndIsDecided() {
        TaskEntry entry = domain.admitted(task().deadline(domain.now().instant().plusSeconds(1)));
        domain.pick();
        domain.succeed(entry);
        domain.pass(Duration.ofMinutes(1));
        assertThat(entry.deadlineMissed()).isFalse();
        for (Runnable change :
                List.<Runnable>of(
                        () -> domain.kernel.cancel(entry.taskId(), null, domain.now()),
                        () -> domain.kernel.suspend(entry.taskId(), domain.now()),
                        () -> domain.kernel.changePriority(entry.taskId(), 1, domain.now()),
                        () -> domain.kernel.retry(entry.taskId(), false, domain.now()),
                        () -> domain.kernel.purge(entry.taskId(), domain.now())))
            assertThatThrownBy(change::run).isInstanceOf(RefusedException.class);
        assertThat(domain.kernel.cancelAll(null, domain.now())).isZero();
        domain.store();
        assertThat(entry.phase()).isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void aCancelledTaskLeavesTheQueueAtOnce() {
        TaskEntry entry = domain.admitted(task());
        domain.kernel.cancel(entry.taskId(), "enough", domain.now());
        assertThat(domain.task(entry).phase()).isEqualTo(TaskPhase.READY);
        domain.nothingToPick();
        domain.kernel.audit(domain.now());
        domain.store();
        assertThat(domain.task(entry).phase()).isEqualTo(TaskPhase.CANCELLED);
    }

    @Test
    void aChainThatFailsIsDecidedAtOnceAndSeenAsItIsStored() {
        TaskEntry first = domain.admitted(task());
        TaskEntry second = domain.admitted(task().dependsOn(on(first, DependencyType.SUCCESS)));
        TaskEntry third = domain.admitted(task().dependsOn(on(second, DependencyType.SUCCESS)));
        domain.kernel.cancel(first.taskId(), null, domain.now());
        assertThat(List.of(first, second, third))
                .extracting(TaskEntry::decided)
                .containsExactly(TaskPhase.CANCELLED, TaskPhase.FAILED, TaskPhase.FAILED);
        assertThat(second.phase()).isEqualTo(TaskPhase.WAITING_DEPENDENCY);
        domain.kernel.stored(first, domain.now());
        domain.kernel.stored(second, domain.now());
        assertThat(third.phase()).isEqualTo(TaskPhase.WAITING_DEPENDENCY);
        domain.kernel.stored(third, domain.now());
        assertThat(third.phase()).isEqualTo(TaskPhase.FAILED);
        TaskEntry again = domain.kernel.entry(first.taskId()).orElseThrow();
        domain.kernel.retry(again.taskId(), true, domain.now());
        assertThat(List.of(first, second, third))
                .extracting(TaskEntry::phase)
                .containsExactly(
                        TaskPhase.READY,
                        TaskPhase.WAITING_DEPENDENCY,
                        TaskPhase.WAITING_DEPENDENCY);
    }

    @Test
    void volatileTasksEndAtOnceBesideStoredOnes() {
        TaskEntry entry = domain.admitted(task().durability(Durability.VOLATILE));
        domain.run(entry);
        assertThat(entry.phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(domain.ending).isEmpty();
    }

    @Test
    void endedTasksLeaveForTheStoreAndAreNotPurged() {
        for (int i = 0; i <= Lifecycle.MOST_STORED_ENDED; i++) {
            domain.run(domain.admitted(task()));
            domain.store();
        }
        assertThat(domain.left).containsExactly(domain.finished.getFirst());
        assertThat(domain.kernel.entry(domain.finished.getFirst().taskId())).isEmpty();
        assertThat(domain.kernel.entry(domain.finished.get(1).taskId())).isPresent();
    }

    /* ---- restart ---- */

    @Test
    void tasksComeBackAsTheyWere() {
        Instant soon = domain.now().instant().plusSeconds(5);
        TaskEntry ready = domain.prepare(task()).getFirst();
        TaskEntry again = domain.prepare(task().maxRetries(2)).getFirst();
        TaskEntry held = domain.prepare(task()).getFirst();
        Fixture next = Fixture.durable();
        List<TaskEntry> back =
                next.kernel.restore(
                        List.of(
                                domain.stored(ready, TaskPhase.READY, 1, null),
                                domain.stored(again, TaskPhase.RETRY_WAIT, 1, soon),
                                domain.stored(held, TaskPhase.SUSPENDED, 1, null)),
                        next.now());
        assertThat(next.kernel.entry(ready.taskId())).isEmpty();
        next.kernel.publish(back, next.now());
        assertThat(back)
                .extracting(TaskEntry::phase)
                .containsExactly(TaskPhase.READY, TaskPhase.RETRY_WAIT, TaskPhase.SUSPENDED);
        assertThat(next.kernel.counts().scheduled()).as("admitted in this life").isZero();
        next.run(back.getFirst());
        next.pass(Duration.ofSeconds(5));
        assertThat(next.pick()).isSameAs(back.get(1));
        assertThat(back.get(1).attempt()).isEqualTo(3);
        next.fail(back.get(1));
        assertThat(back.get(1).decided()).as("no attempt is left").isEqualTo(TaskPhase.FAILED);
        next.kernel.resume(held.taskId(), next.now());
        next.run(back.get(2));
        next.store();
        next.kernel.audit(next.now());
    }

    @Test
    void dependenciesAreJudgedAgain() {
        TaskEntry done = domain.prepare(task()).getFirst();
        TaskEntry open = domain.prepare(task()).getFirst();
        TaskEntry waiting =
                domain.prepare(task().dependsOn(on(published(open), DependencyType.SUCCESS)))
                        .getFirst();
        Fixture next = Fixture.durable();
        Restored dependant = domain.stored(waiting, TaskPhase.WAITING_DEPENDENCY, 1, null);
        List<TaskEntry> back =
                next.kernel.restore(
                        List.of(dependant, domain.stored(open, TaskPhase.READY, 1, null)),
                        next.now());
        next.kernel.publish(back, next.now());
        assertThat(back.getFirst().phase()).isEqualTo(TaskPhase.WAITING_DEPENDENCY);
        next.run(back.getLast());
        next.store();
        assertThat(back.getFirst().phase()).isEqualTo(TaskPhase.READY);

        Fixture later = Fixture.durable();
        List<TaskEntry> alone = later.kernel.restore(List.of(withEnded(dependant)), later.now());
        later.kernel.publish(alone, later.now());
        assertThat(alone.getFirst().phase()).isEqualTo(TaskPhase.READY);

        Fixture lost = Fixture.durable();
        List<TaskEntry> orphan = lost.kernel.restore(List.of(dependant), lost.now());
        lost.kernel.publish(orphan, lost.now());
        assertThat(orphan.getFirst().decided()).isEqualTo(TaskPhase.FAILED);
        assertThat(done.phase()).isEqualTo(TaskPhase.READY);
    }

    private TaskEntry published(TaskEntry prepared) {
        domain.kernel.publish(List.of(prepared), domain.now());
        return prepared;
    }

    /* What it waits for ended before, and only the store knows. */
    private static Restored withEnded(Restored dependant) {
        TaskDependency edge = dependant.stored().task().dependencies().getFirst();
        return new Restored(
                dependant.stored(),
                new Admission(
                        dependant.admission().id(),
                        dependant.admission().request(),
                        "noop",
                        Map.of(
                                edge.task(),
                                new ForeignTask(Fixture.DOMAIN, TaskPhase.COMPLETED, true, null))));
    }

    @Test
    void aFailedTaskThatOnlyTheStoreKnewCanBeTriedAgain() {
        TaskEntry failed = domain.prepare(task()).getFirst();
        Fixture next = Fixture.durable();
        List<TaskEntry> back =
                next.kernel.restore(
                        List.of(domain.stored(failed, TaskPhase.FAILED, 0, null)), next.now());
        next.kernel.publish(back, next.now());
        assertThat(next.kernel.unfinished()).isZero();
        next.kernel.retry(failed.taskId(), false, next.now());
        next.run(back.getFirst());
        next.store();
        assertThat(back.getFirst().phase().status()).isEqualTo(TaskStatus.COMPLETED);
    }
}
