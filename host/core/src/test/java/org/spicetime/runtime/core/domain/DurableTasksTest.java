// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigSource;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.CrashPolicy;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRetry;
import org.spicetime.runtime.api.task.TaskStatus;

/** What is acknowledged when: nothing starts, and nothing is seen, before the store has it. */
@Timeout(60)
class DurableTasksTest {

    private static final ChangedBy ANN = new ChangedBy("ann", ConfigSource.API);

    private final HeldStore store = new HeldStore();
    private final CountDownLatch open = new CountDownLatch(1);
    private TestHost host;
    private Domain domain;

    @BeforeEach
    void start(@TempDir Path instance) {
        host = new TestHost(store, instance);
        host.work(
                "wait",
                context -> {
                    open.await();
                    return "done";
                });
        domain = host.domain("durable", Map.of("executor", Map.of("parallelism", 1)));
    }

    @AfterEach
    void stop() {
        store.heal();
        store.release();
        open.countDown();
        host.close();
    }

    private TaskRecord stored(TaskId id) {
        return store.memory.load(id).orElseThrow();
    }

    private Task task(TaskId id) {
        return domain.task(id).orElseThrow();
    }

    @Test
    void aTaskIsDurableUnlessItSaysOtherwiseAndStoredWhenItIsAnswered() {
        Task task = TestHost.get(domain.schedule(TestHost.task("nothing").name("kept").build()));
        assertThat(task.durability()).isEqualTo(Durability.DURABLE);
        assertThat(stored(task.id()).task().request()).isEqualTo(task.request());
        Task ended = TestHost.ended(domain, task.id());
        TaskRecord record = stored(task.id());
        assertThat(record.task().phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(record.task().result()).isEqualTo(ended.result());
        assertThat(record.task().metrics()).isEqualTo(ended.metrics());
        assertThat(record.transitions())
                .extracting(transition -> transition.to())
                .containsExactly(TaskPhase.READY, TaskPhase.RUNNING, TaskPhase.COMPLETED);

        Task fleeting =
                TestHost.get(
                        domain.schedule(
                                TestHost.task("nothing").durability(Durability.VOLATILE).build()));
        assertThat(fleeting.durability()).isEqualTo(Durability.VOLATILE);
        assertThat(store.memory.load(fleeting.id())).isEmpty();
    }

    @Test
    void nothingStartsOrIsSeenBeforeItsCommit() {
        AtomicInteger ran = new AtomicInteger();
        host.work("count", context -> String.valueOf(ran.incrementAndGet()));
        store.hold();
        CompletableFuture<Task> answer =
                domain.schedule(TestHost.task("count").build()).toCompletableFuture();
        // A task that is not stored passes it by.
        Task other =
                TestHost.get(
                        domain.schedule(
                                TestHost.task("nothing").durability(Durability.VOLATILE).build()));
        TestHost.ended(domain, other.id());
        assertThat(answer).isNotDone();
        assertThat(ran).hasValue(0);
        assertThat(domain.tasks(TaskFilter.ALL)).extracting(Task::id).containsExactly(other.id());
        store.release();
        assertThat(TestHost.ended(domain, TestHost.get(answer).id()).phase())
                .isEqualTo(TaskPhase.COMPLETED);
        assertThat(ran).hasValue(1);
    }

    @Test
    void anEndIsSeenAndReleasesDependantsWhenItIsStored() {
        Task first = TestHost.get(domain.schedule(TestHost.task("wait").build()));
        Task second =
                TestHost.get(
                        domain.schedule(
                                TestHost.task("nothing")
                                        .dependsOn(
                                                DependencyRequest.success(
                                                        new TaskRef.Existing(first.id())))
                                        .build()));
        TestHost.until(() -> task(first.id()).phase() == TaskPhase.RUNNING);
        store.hold();
        open.countDown();
        TestHost.until(() -> store.heldAppends() > 0);
        // Its worker is free all the same.
        Task other =
                TestHost.get(
                        domain.schedule(
                                TestHost.task("nothing").durability(Durability.VOLATILE).build()));
        TestHost.ended(domain, other.id());
        assertThat(task(first.id()).phase()).isEqualTo(TaskPhase.RUNNING);
        assertThat(task(second.id()).phase()).isEqualTo(TaskPhase.WAITING_DEPENDENCY);
        store.release();
        assertThat(TestHost.ended(domain, second.id()).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(task(first.id()).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(stored(second.id()).task().dependencies())
                .allMatch(dependency -> dependency.satisfied());
    }

    @Test
    void aFurtherAttemptAndOneThatMustNotRunTwiceWaitForTheirStartsWithoutASlot() {
        AtomicInteger ran = new AtomicInteger();
        host.work("count", context -> String.valueOf(ran.incrementAndGet()));
        store.hold();
        CompletableFuture<Task> answer =
                domain.schedule(TestHost.task("count").onCrash(CrashPolicy.FAIL).build())
                        .toCompletableFuture();
        TestHost.until(() -> store.heldAppends() == 1);
        store.fail(StoreException.Reason.COMMIT_FAILED, DurableTasksTest::starts, false);
        store.release();
        TaskId id = TestHost.get(answer).id();
        TestHost.until(() -> store.failures() > 0);
        Task other =
                TestHost.get(
                        domain.schedule(
                                TestHost.task("nothing").durability(Durability.VOLATILE).build()));
        TestHost.ended(domain, other.id());
        assertThat(ran).hasValue(0);
        store.heal();
        assertThat(TestHost.ended(domain, id).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(ran).hasValue(1);
    }

    private static boolean starts(List<StoreEvent> events) {
        return events.stream().anyMatch(TaskEvent.Started.class::isInstance);
    }

    private static boolean admits(List<StoreEvent> events) {
        return events.stream().anyMatch(TaskEvent.Submitted.class::isInstance);
    }

    @Test
    void attemptsAndTheirLinesAreStored() {
        AtomicInteger ran = new AtomicInteger();
        host.work(
                "second",
                context -> {
                    context.log(
                            org.spicetime.runtime.api.LogLevel.INFO,
                            "attempt " + context.attempt() + " of " + context.incarnation());
                    if (ran.incrementAndGet() == 1) {
                        throw new IllegalStateException("the first fails");
                    }
                    return "second";
                });
        Task task =
                TestHost.get(
                        domain.schedule(
                                TestHost.task("second")
                                        .maxRetries(1)
                                        .retry(
                                                new TaskRetry(
                                                        BackoffStrategy.FIXED,
                                                        Duration.ofMillis(1),
                                                        Duration.ofMillis(1),
                                                        1,
                                                        0))
                                        .build()));
        assertThat(TestHost.ended(domain, task.id()).attempt()).isEqualTo(2);
        assertThat(store.memory.attempts(task.id()))
                .hasSize(2)
                .allMatch(attempt -> attempt.log().size() == 1);
        assertThat(store.memory.attempts(task.id()).getFirst().error()).isNotNull();
    }

    @Test
    void thirtyTwoProducersFindWhatWasAcknowledged() throws InterruptedException {
        Set<TaskId> acknowledged = ConcurrentHashMap.newKeySet();
        List<Thread> producers = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            producers.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int k = 0; k < 50; k++) {
                                    Task task =
                                            TestHost.get(
                                                    domain.schedule(
                                                            TestHost.task("nothing").build()));
                                    if (store.memory.load(task.id()).isPresent()) {
                                        acknowledged.add(task.id());
                                    }
                                }
                            }));
        }
        for (Thread producer : producers) {
            producer.join();
        }
        assertThat(acknowledged).hasSize(1600);
        TestHost.until(() -> domain.metrics().tasksCompleted() == 1600);
        assertThat(acknowledged).allMatch(id -> stored(id).task().phase() == TaskPhase.COMPLETED);
    }

    @Test
    void aBatchOfBothKindsIsAdmittedAsAWhole() {
        store.hold();
        CompletableFuture<List<Task>> answer =
                domain.scheduleAll(
                                List.of(
                                        TestHost.task("nothing").build(),
                                        TestHost.task("nothing")
                                                .durability(Durability.VOLATILE)
                                                .idempotencyKey("fleeting")
                                                .dependsOn(
                                                        DependencyRequest.success(
                                                                new TaskRef.InBatch(0)))
                                                .build()))
                        .toCompletableFuture();
        assertThat(answer).isNotDone();
        assertThat(domain.tasks(TaskFilter.ALL)).isEmpty();
        store.release();
        List<Task> tasks = TestHost.get(answer);
        assertThat(TestHost.ended(domain, tasks.get(1).id()).phase())
                .isEqualTo(TaskPhase.COMPLETED);
        assertThat(store.memory.load(tasks.get(1).id())).isEmpty();
    }

    @Test
    void changesByPeopleAreStoredWithTheirNames() {
        host.work(
                "busy",
                context -> {
                    TestHost.compute(open);
                    return null;
                });
        Task running = TestHost.get(domain.schedule(TestHost.task("busy").build()));
        TestHost.until(() -> task(running.id()).phase() == TaskPhase.RUNNING);
        Task queued = TestHost.get(domain.schedule(TestHost.task("nothing").build()));
        Task waiting =
                TestHost.get(
                        domain.schedule(
                                TestHost.task("nothing")
                                        .dependsOn(
                                                DependencyRequest.success(
                                                        new TaskRef.Existing(queued.id())))
                                        .build()));
        Domain ann = domain.by(ANN);
        TestHost.get(ann.changePriority(queued.id(), 7));
        assertThat(stored(queued.id()).task().priority()).isEqualTo(7);
        assertThat(TestHost.get(ann.suspend(queued.id())).phase()).isEqualTo(TaskPhase.SUSPENDED);
        assertThat(stored(queued.id()).task().phase()).isEqualTo(TaskPhase.SUSPENDED);
        assertThat(stored(queued.id()).changedBy()).isEqualTo("ann");
        TestHost.get(ann.resume(queued.id()));
        assertThat(stored(queued.id()).task().phase()).isEqualTo(TaskPhase.READY);

        assertThat(TestHost.get(ann.cancel(queued.id(), "why not")).phase())
                .isEqualTo(TaskPhase.CANCELLED);
        assertThat(stored(queued.id()).task().phase()).isEqualTo(TaskPhase.CANCELLED);
        assertThat(stored(queued.id()).changedBy()).isEqualTo("ann");
        // What fails by it is stored with it.
        assertThat(stored(waiting.id()).task().phase()).isEqualTo(TaskPhase.FAILED);
        assertThat(task(waiting.id()).phase()).isEqualTo(TaskPhase.FAILED);

        TestHost.get(ann.retry(queued.id(), true));
        assertThat(stored(queued.id()).task().phase()).isEqualTo(TaskPhase.READY);
        assertThat(stored(waiting.id()).task().phase()).isEqualTo(TaskPhase.WAITING_DEPENDENCY);

        assertThat(TestHost.get(ann.cancel(running.id(), "enough")).phase())
                .isIn(TaskPhase.CANCELLING, TaskPhase.CANCELLED);
        assertThat(store.events())
                .anyMatch(event ->
                        event instanceof TaskEvent.CancelRequested asked
                                && asked.by().equals("ann")
                                && "enough".equals(asked.reason()));
        TestHost.ended(domain, running.id());
        TestHost.ended(domain, waiting.id());
        TestHost.get(ann.purgeAll(TaskFilter.ALL.withStatus(List.of(TaskStatus.FAILED)), false));
        assertThat(store.memory.load(running.id())).isEmpty();
        assertThat(domain.task(running.id())).isEmpty();
    }

    @Test
    void aTaskThatIsOnlyStoredCanBeDependedOn() {
        Task first = TestHost.get(domain.schedule(TestHost.task("nothing").build()));
        TestHost.ended(domain, first.id());
        for (int i = 0; i < 1100; i += 100) {
            List<Task> batch =
                    TestHost.get(
                            domain.scheduleAll(
                                    java.util.Collections.nCopies(
                                            100, TestHost.task("nothing").build())));
            TestHost.ended(domain, batch.getLast().id());
        }
        TestHost.until(() -> domain.metrics().tasksCompleted() == 1101);
        Task second =
                TestHost.get(
                        domain.schedule(
                                TestHost.task("nothing")
                                        .dependsOn(
                                                DependencyRequest.success(
                                                        new TaskRef.Existing(first.id())))
                                        .build()));
        assertThat(TestHost.ended(domain, second.id()).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(stored(second.id()).task().phase()).isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void anotherOwnerStopsTheDomainAtOnce() {
        Task running = TestHost.get(domain.schedule(TestHost.task("wait").build()));
        TestHost.until(() -> task(running.id()).phase() == TaskPhase.RUNNING);
        store.fail(StoreException.Reason.FENCED, some -> true, false);
        ChangesTest.assertRefused(
                () -> TestHost.get(domain.schedule(TestHost.task("nothing").build())),
                org.spicetime.runtime.api.error.RequestErrorCode.REQUEST_TIMEOUT);
        TestHost.until(() -> domain.state().status() == RuntimeStatus.FAILED);
        open.countDown();
        assertThat(stored(running.id()).task().phase()).isEqualTo(TaskPhase.RUNNING);
        ChangesTest.assertRefused(
                () -> TestHost.get(domain.start()),
                org.spicetime.runtime.api.error.RequestErrorCode.CONFLICT);
    }

    @Test
    void anAdmissionInDoubtIsSettledByReadingTheStore() {
        for (boolean applied : new boolean[] {true, false}) {
            store.fail(StoreException.Reason.COMMIT_FAILED, DurableTasksTest::admits, applied);
            CompletableFuture<Task> answer =
                    domain.schedule(TestHost.task("nothing").name("doubt " + applied).build())
                            .toCompletableFuture();
            assertThat(answer.handle((task, failure) -> failure).join())
                    .isInstanceOfSatisfying(
                            org.spicetime.runtime.api.error.RefusedException.class,
                            refused ->
                                    assertThat(refused.details())
                                            .containsEntry("outcome", "UNKNOWN"));
            store.heal();
            TestHost.until(() ->
                    domain.tasks(TaskFilter.ALL).stream()
                                            .filter(task -> task.phase() == TaskPhase.COMPLETED)
                                            .count()
                                    == 1
                            && domain.state().status() == RuntimeStatus.RUNNING);
            String name = "doubt " + applied;
            assertThat(domain.tasks(TaskFilter.ALL))
                    .noneMatch(task -> !applied && name.equals(task.request().name()));
        }
    }

    @Test
    void anEndWhoseCommitFailedIsStoredAgain() {
        Task task = TestHost.get(domain.schedule(TestHost.task("wait").build()));
        TestHost.until(() -> task(task.id()).phase() == TaskPhase.RUNNING);
        store.fail(StoreException.Reason.COMMIT_FAILED, some -> true, false);
        open.countDown();
        TestHost.until(() -> domain.state().status() == RuntimeStatus.DEGRADED);
        assertThat(task(task.id()).phase()).isEqualTo(TaskPhase.RUNNING);
        ChangesTest.assertRefused(
                () -> TestHost.get(domain.schedule(TestHost.task("nothing").build())),
                org.spicetime.runtime.api.error.RequestErrorCode.READ_ONLY);
        store.heal();
        assertThat(TestHost.ended(domain, task.id()).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(stored(task.id()).task().phase()).isEqualTo(TaskPhase.COMPLETED);
        TestHost.until(() -> domain.state().status() == RuntimeStatus.RUNNING);
    }

    @Test
    void aStoreWithoutRoomRefusesAdmissionsWithItsReason() {
        Map<StoreException.Reason, String> reasons =
                Map.of(
                        StoreException.Reason.OVERLOADED, "STORE_OVERLOADED",
                        StoreException.Reason.DISK_FULL, "INSUFFICIENT_STORAGE",
                        StoreException.Reason.READ_ONLY, "READ_ONLY");
        reasons.forEach((reason, told) -> {
            store.refuse(reason);
            assertThat(
                            domain.schedule(TestHost.task("nothing").build())
                                    .toCompletableFuture()
                                    .handle((task, failure) -> failure)
                                    .join())
                    .isInstanceOfSatisfying(
                            org.spicetime.runtime.api.error.RefusedException.class,
                            refused -> assertThat(refused.details()).containsEntry("reason", told));
        });
        store.heal();
        TestHost.ended(
                domain, TestHost.get(domain.schedule(TestHost.task("nothing").build())).id());
    }
}
