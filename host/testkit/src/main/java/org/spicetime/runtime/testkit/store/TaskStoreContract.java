// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.Known;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * What every task store has to keep. Extend it and name the store:
 *
 * <pre>{@code
 * final class SqliteTaskStoreTest extends TaskStoreContract {
 *     protected TaskStore newStore() { return new SqliteTaskStore(); }
 * }
 * }</pre>
 *
 * <p>A restart has to keep exactly what the store says it keeps. The random test publishes its
 * seed; {@code -Dtest.seed=N} repeats a run, {@code -Dtest.long=true} makes it fifty times as long.
 */
public abstract class TaskStoreContract extends StoreModelContract {

    /** For subclasses. */
    protected TaskStoreContract() {}

    @Test
    void aKeyNamesItsTask() {
        Task task = task(TaskPhase.READY, request -> request.idempotencyKey("k"));
        assertThat(store.known(DOMAIN, "k")).isEmpty();
        submit(task);
        assertThat(store.known(DOMAIN, "k")).contains(new Known(task.id(), hash(1)));
        assertThat(store.known(DomainId.of("other"), "k")).isEmpty();
        Task second = task(TaskPhase.READY, request -> request.idempotencyKey("k"));
        refused(Reason.DUPLICATE_KEY, () -> submit(second));
        assertThat(store.load(second.id())).isEmpty();
    }

    @Test
    void aKeyIsKnownForADayAndAsLongAsItsTaskLives() {
        Task task = task(TaskPhase.READY, request -> request.idempotencyKey("k"));
        submit(task);
        pass(Duration.ofDays(30));
        assertThat(store.known(DOMAIN, "k")).as("unfinished").isPresent();
        Task soon = task(TaskPhase.READY, request -> request.idempotencyKey("soon"));
        finish(soon);
        append(new TaskEvent.Purged(soon.id(), now(), "eve"));
        pass(Duration.ofHours(23));
        assertThat(store.known(DOMAIN, "soon")).as("purged").isPresent();
    }

    @Test
    void ofManyThatUseOneKeyAtOnceOneWins() throws Exception {
        int threads = 4;
        int rounds = 25;
        CyclicBarrier together = new CyclicBarrier(threads);
        List<List<Task>> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            List<Task> own = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                String key = "k" + round;
                own.add(task(TaskPhase.READY, request -> request.idempotencyKey(key)));
            }
            tasks.add(own);
        }
        try (ExecutorService callers = Executors.newFixedThreadPool(threads)) {
            List<Future<Integer>> wins = new ArrayList<>();
            for (List<Task> own : tasks) {
                wins.add(
                        callers.submit(() -> {
                            int won = 0;
                            for (Task task : own) {
                                together.await();
                                won += wins(task) ? 1 : 0;
                            }
                            return won;
                        }));
            }
            int won = 0;
            for (Future<Integer> each : wins) {
                won += each.get();
            }
            assertThat(won).isEqualTo(rounds);
        }
        for (int round = 0; round < rounds; round++) {
            TaskId known = store.known(DOMAIN, "k" + round).orElseThrow().task();
            for (List<Task> own : tasks) {
                TaskId id = own.get(round).id();
                assertThat(store.load(id).isPresent()).isEqualTo(id.equals(known));
            }
        }
    }

    private boolean wins(Task task) {
        try {
            submit(task);
            return true;
        } catch (StoreException refused) {
            assertThat(refused.reason()).isEqualTo(Reason.DUPLICATE_KEY);
            return false;
        }
    }

    @Test
    void manyThreadsAppendAtOnce() throws Exception {
        int threads = 4;
        int each = 200;
        CountDownLatch go = new CountDownLatch(1);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < threads * each; i++) {
            tasks.add(ready());
        }
        try (ExecutorService callers = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                List<Task> own = tasks.subList(i * each, (i + 1) * each);
                done.add(
                        callers.submit(() -> {
                            go.await();
                            own.forEach(this::finish);
                            return null;
                        }));
            }
            go.countDown();
            for (Future<?> caller : done) {
                caller.get();
            }
        }
        Set<Long> numbers = new HashSet<>();
        for (Task task : tasks) {
            assertThat(phase(task)).isEqualTo(TaskPhase.COMPLETED);
            numbers.add(load(task.id()).changedSeq());
        }
        assertThat(numbers).as("no number is given twice").hasSize(threads * each);
        assertThat(store.count(DOMAIN, TaskFilter.ALL)).hasValue(tasks.size());
    }

    @Test
    void aClosedStoreRefusesEverything() {
        store.close();
        store.close();
        refused(Reason.CLOSED, () -> store.domains());
        refused(Reason.CLOSED, () -> store.load(newId()));
        refused(Reason.CLOSED, () -> store.reserve(DOMAIN, 1, 0));
        refused(Reason.CLOSED, () -> store.acquire(DOMAIN, HOST, VALID));
        refused(Reason.CLOSED, () -> append(new TaskEvent.DeadlineMissed(newId(), now())));
    }

    @Test
    void aStoreIsOpenedOnce() {
        refused(Reason.LOCKED, () -> open(store));
        TaskStore unopened = newStore();
        refused(Reason.CLOSED, unopened::domains);
        assertThat(store.health().durable()).isEqualTo(opened.durable());
        assertThat(store.health().readOnly()).isFalse();
    }

    @Test
    void aRestartKeepsWhatTheStoreSaysItKeeps() {
        boolean durable = opened.durable();
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        Task done =
                finish(
                        task(
                                TaskPhase.READY,
                                request -> request.idempotencyKey("k").traceId(trace)));
        Task running = task(TaskPhase.READY, request -> request.maxRetries(1));
        submit(running);
        append(started(running, 1));
        TaskRecord before = load(done.id());
        store.close();
        store = newStore();
        opened = open(store);
        assertThat(opened.cleanStop()).isTrue();
        assertThat(store.load(done.id()).equals(Optional.of(before))).isEqualTo(durable);
        assertThat(store.known(DOMAIN, "k").isPresent()).isEqualTo(durable);
        Lease next = store.acquire(DOMAIN, HOST, VALID);
        assertThat(next.incarnation().equals(lease.incarnation())).isEqualTo(durable);
        if (durable) {
            assertThat(next.epoch()).isGreaterThan(lease.epoch());
            assertThat(phase(running)).isEqualTo(TaskPhase.RETRY_WAIT);
        }
    }

    @Test
    void aStoreCopiesItselfOrSaysThatItCannot() {
        Path copy = directory.resolve("copy");
        if (opened.durable()) {
            assertThat(store.backup(copy).sizeBytes()).isEqualTo(copy.toFile().length());
            refused(Reason.IO, () -> store.backup(copy));
        } else {
            refused(Reason.NOT_SUPPORTED, () -> store.backup(copy));
            assertThat(copy).doesNotExist();
        }
    }
}
