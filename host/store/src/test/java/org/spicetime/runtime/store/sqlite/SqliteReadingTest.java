// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.ChangePage;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.OpenOptions;
import org.spicetime.runtime.api.store.RankCursor;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.store.fault.FaultSettings;
import org.spicetime.runtime.store.sqlite.backup.Restore;
import org.spicetime.runtime.store.sqlite.file.StoreFiles;
import org.spicetime.runtime.store.sqlite.migration.Step;
import org.spicetime.runtime.store.sqlite.read.Readers;

/** What only the store on SQLite can do wrong: damaged rows, slow questions, copies put back. */
class SqliteReadingTest {

    private static final DomainId DOMAIN = DomainId.of("scoring");
    private static final HostRef HOST = new HostRef("host-1", new UUID(1, 1));
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration VALID = Duration.ofMinutes(1);

    private final SplittableRandom random = new SplittableRandom(5);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    private SqliteTaskStore store;
    private Lease lease;

    @BeforeEach
    void open() {
        store = newStore();
        lease = store.acquire(DOMAIN, HOST, VALID);
    }

    private SqliteTaskStore newStore() {
        SqliteTaskStore opened =
                new SqliteTaskStore(
                        FaultSettings.OFF,
                        (what, cause) -> {
                            throw new AssertionError(what, cause);
                        });
        opened.open(new OpenOptions(directory, HOST, () -> NOW));
        return opened;
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Task submit() throws Exception {
        TaskRequest request =
                TaskRequest.of(TaskType.COMPUTATION)
                        .payload(Payload.json("{\"amount\":100}"))
                        .maxRetries(1)
                        .build();
        Task task =
                new Task(
                        TaskId.of(NOW, random),
                        DOMAIN,
                        request,
                        "digest.data",
                        Durability.DURABLE,
                        5,
                        5,
                        null,
                        TaskPhase.READY,
                        0,
                        NOW,
                        NOW,
                        List.of(),
                        new TaskMetrics(
                                null,
                                null,
                                null,
                                Duration.ZERO,
                                0,
                                MeasurementAccuracy.EXACT,
                                0,
                                OptionalLong.empty(),
                                OptionalLong.empty(),
                                0),
                        false,
                        OptionalDouble.empty(),
                        null,
                        null,
                        null);
        List<StoreEvent> events = List.of(new TaskEvent.Submitted(task, 0, null, "1.0.0", null));
        store.append(lease, events, store.reserve(DOMAIN, 1, 100))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return task;
    }

    private static void refused(Reason reason, ThrowingCallable doing) {
        assertThatThrownBy(doing)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private void inFile(String sql) throws SQLException {
        Path file = new StoreFiles(directory).database();
        try (Connection connection = BareStore.connect(file.toString());
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
        }
    }

    @Test
    void aTaskOfTheFirstLayoutIsReadAsItWas() throws Exception {
        Task task = submit();
        store.close();
        Path file = new StoreFiles(directory).database();
        try (Connection connection = BareStore.connect(file.toString());
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE task DROP COLUMN trace_id");
            statement.execute("DELETE FROM schema_version WHERE version = 2");
            statement.execute("PRAGMA user_version = 1");
        }
        store = newStore();
        assertThat(store.load(task.id()).orElseThrow().task().request()).isEqualTo(task.request());
    }

    @Test
    void aTraceThatWasChangedInTheFileIsDamage() throws Exception {
        Task task = submit();
        store.close();
        inFile("UPDATE task SET trace_id = x'4bf92f3577b34da6a3ce929d0e0e4736'");
        store = newStore();
        refused(Reason.DAMAGED, () -> store.load(task.id()));
    }

    @Test
    void aDamagedTaskIsRefusedAloneAndIsNoObstacleToOthers() throws Exception {
        Task first = submit();
        Task damaged = submit();
        Task last = submit();
        store.close();
        inFile("UPDATE task SET payload = CAST('{\"amount\":999}' AS BLOB) WHERE seq = 2");
        store = newStore();
        lease = store.acquire(DOMAIN, HOST, VALID);
        refused(Reason.DAMAGED, () -> store.load(damaged.id()));
        assertThat(store.load(first.id())).isPresent();
        assertThat(store.head(DOMAIN, RankCursor.START, 9)).hasSize(3);
        assertThat(store.loadAll(List.of(first.id(), damaged.id(), last.id())))
                .extracting(record -> record.task().id())
                .containsExactly(first.id(), last.id());
        assertThat(store.query(DOMAIN, TaskRange.newest(TaskFilter.ALL, 9)).items())
                .extracting(record -> record.task().id())
                .containsExactlyInAnyOrder(first.id(), last.id());
        ChangePage page = store.changes(DOMAIN, new ChangeCursor(lease.incarnation(), 0), 9);
        assertThat(((ChangePage.Changes) page).changes())
                .extracting(ChangePage.TaskChange::task)
                .containsExactly(first.id(), last.id());
    }

    @Test
    void everyColumnThatNeverChangesIsGuarded() throws Exception {
        List<String> changes =
                List.of(
                        "type = 1",
                        "name = 'x'",
                        "handler = 'x'",
                        "handler_version = '9'",
                        "owner = 'x'",
                        "labels = '{\"a\":\"b\"}'",
                        "run_at = 1",
                        "deadline = 1",
                        "on_deadline_miss = 1",
                        "timeout = 7",
                        "max_retries = 7",
                        "on_crash = 1",
                        "content_type = 'text/plain'",
                        "payload = NULL",
                        "created = created + 1");
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            tasks.add(submit());
        }
        store.close();
        for (int i = 0; i < changes.size(); i++) {
            inFile("UPDATE task SET " + changes.get(i) + " WHERE seq = " + (i + 1));
        }
        store = newStore();
        for (int i = 0; i < changes.size(); i++) {
            TaskId id = tasks.get(i).id();
            assertThatThrownBy(() -> store.load(id))
                    .as(changes.get(i))
                    .isInstanceOf(StoreException.class);
        }
    }

    @Test
    void aQuestionThatTakesTooLongIsGivenUpAndTheNextIsAnswered() throws Exception {
        Path file = new StoreFiles(directory).database();
        try (Readers readers =
                new Readers(
                        () -> BareStore.connect(file.toString()),
                        1,
                        Duration.ofMillis(50),
                        failed -> {})) {
            String endless =
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                            + " SELECT count(*) FROM n";
            refused(
                    Reason.TIMEOUT,
                    () ->
                            readers.read(session -> {
                                try (var rows = session.statement(endless).executeQuery()) {
                                    return rows.next();
                                }
                            }));
            try (Readers patient =
                    new Readers(
                            () -> BareStore.connect(file.toString()),
                            1,
                            Duration.ofMinutes(1),
                            failed -> {})) {
                assertThat(answer(patient, "SELECT 7")).isEqualTo(7);
                refused(Reason.IO, () -> answer(patient, "SELECT no_such_column FROM task"));
                refused(Reason.IO, () -> answer(patient, "DELETE FROM task RETURNING 1"));
                assertThat(answer(patient, "SELECT 8")).isEqualTo(8);
            }
        }
    }

    @Test
    void aStatementThatFailedOnceIsPreparedAnew() throws Exception {
        Path file = new StoreFiles(directory).database();
        String like = "SELECT 'a' LIKE ?";
        try (Readers readers =
                new Readers(
                        () -> BareStore.connect(file.toString()),
                        1,
                        Duration.ofMinutes(1),
                        failed -> {})) {
            refused(Reason.IO, () -> likes(readers, like, "x".repeat(100_000)));
            assertThat(likes(readers, like, "a")).isOne();
        }
    }

    private static int likes(Readers readers, String sql, String pattern) {
        return readers.read(session -> {
            session.statement(sql).setString(1, pattern);
            try (var rows = session.statement(sql).executeQuery()) {
                return rows.next() ? rows.getInt(1) : -1;
            }
        });
    }

    private static int answer(Readers readers, String sql) {
        return readers.read(session -> {
            try (var rows = session.statement(sql).executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        });
    }

    @Test
    void aRestoredStoreHasNewIncarnationsAndSettlesWhatRan() throws Exception {
        Task running = submit();
        store.append(lease, List.of(new TaskEvent.Started(running.id(), NOW, lease.claim(1))))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        ChangeCursor before = store.query(DOMAIN, TaskRange.newest(TaskFilter.ALL, 1)).asOf();
        Path copy = directory.resolveSibling(directory.getFileName() + "-copy.db");
        store.backup(copy);
        Task later = submit();
        store.close();
        new Restore(directory, Step.ALL.size()).from(copy, NOW);
        store = newStore();
        Lease former = lease;
        lease = store.acquire(DOMAIN, HOST, VALID);
        assertThat(lease.incarnation()).isNotEqualTo(former.incarnation());
        assertThat(lease.epoch()).isGreaterThan(former.epoch());
        assertThat(store.load(later.id())).isEmpty();
        TaskRecord settled = store.load(running.id()).orElseThrow();
        assertThat(settled.task().phase()).isEqualTo(TaskPhase.RETRY_WAIT);
        assertThat(store.changes(DOMAIN, before, 9)).isInstanceOf(ChangePage.Expired.class);
        refused(
                Reason.FENCED,
                () -> {
                    try {
                        store.append(
                                        former,
                                        List.of(new TaskEvent.DeadlineMissed(running.id(), NOW)))
                                .toCompletableFuture()
                                .get(30, TimeUnit.SECONDS);
                    } catch (ExecutionException e) {
                        throw e.getCause();
                    }
                });
        store.close();
        store = newStore();
        assertThat(store.acquire(DOMAIN, HOST, VALID).incarnation())
                .as("drawn once")
                .isEqualTo(lease.incarnation());
    }

    @Test
    void aHostDoesNotOpenAStoreThatIsHalfRestored() throws Exception {
        store.close();
        Files.writeString(new StoreFiles(directory).restoring(), "copy.db");
        refused(Reason.DAMAGED, this::newStore);
        Files.delete(new StoreFiles(directory).restoring());
        store = newStore();
    }
}
