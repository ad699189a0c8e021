// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.BackupReport;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.LatencySummary;
import org.spicetime.runtime.api.domain.StoreHealth;
import org.spicetime.runtime.api.store.Ack;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.ChangePage;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.Known;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.OpenOptions;
import org.spicetime.runtime.api.store.OpenReport;
import org.spicetime.runtime.api.store.PruneBudget;
import org.spicetime.runtime.api.store.QueuedRef;
import org.spicetime.runtime.api.store.RankCursor;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.Retention;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.api.store.StoredRevision;
import org.spicetime.runtime.api.store.StoredSamples;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskSlice;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.store.fault.DiskSpace;
import org.spicetime.runtime.store.fault.FailStop;
import org.spicetime.runtime.store.fault.FaultSettings;
import org.spicetime.runtime.store.fault.StoreLimits;
import org.spicetime.runtime.store.sqlite.backup.Backup;
import org.spicetime.runtime.store.sqlite.migration.Step;
import org.spicetime.runtime.store.sqlite.read.PruneReads;
import org.spicetime.runtime.store.sqlite.row.Micros;

/**
 * The store on SQLite: one file, {@code tasks.db}, in the directory it is opened on. What it has
 * acknowledged survives the process and a loss of power. After a close it can be opened again.
 * Thread-safe.
 */
@Component(service = TaskStore.class, property = "service.ranking:Integer=0")
@Designate(ocd = StoreLimits.class)
public final class SqliteTaskStore implements TaskStore {

    private final FaultSettings settings;
    private final FailStop failStop;
    private final Function<Path, DiskSpace> disk;
    private final Tuning tuning;

    /* Null: not open. Changed under the monitor. */
    private volatile @Nullable OpenStore present;

    /** With the usual limits; a disk that refuses to synchronise ends the process. */
    public SqliteTaskStore() {
        this(FaultSettings.DEFAULT, FailStop.ofProcess());
    }

    /**
     * As a service.
     *
     * @param limits the configuration
     */
    @Activate
    public SqliteTaskStore(StoreLimits limits) {
        this(FaultSettings.of(limits), FailStop.ofProcess());
    }

    /**
     * With other limits.
     *
     * @param settings when growth is refused
     * @param failStop what to do when the disk refuses to synchronise
     */
    public SqliteTaskStore(FaultSettings settings, FailStop failStop) {
        this(settings, failStop, DiskSpace::of, Tuning.USUAL);
    }

    /* With another disk, and what else tests have otherwise. */
    SqliteTaskStore(
            FaultSettings settings,
            FailStop failStop,
            Function<Path, DiskSpace> disk,
            Tuning tuning) {
        this.settings = settings;
        this.failStop = failStop;
        this.disk = disk;
        this.tuning = tuning;
    }

    @Override
    public synchronized OpenReport open(OpenOptions options) {
        if (present != null) {
            throw new StoreException(Reason.LOCKED, "the task store is open already");
        }
        OpenStore opened = new OpenStore(options, settings, failStop, disk, tuning);
        present = opened;
        return opened.report;
    }

    private OpenStore opened() {
        OpenStore store = present;
        if (store == null) {
            throw new StoreException(Reason.CLOSED, "the task store is not open");
        }
        return store;
    }

    @Override
    public List<DomainRecord> domains() {
        return opened().reads.domains().domains();
    }

    @Override
    public List<ScheduleRecord> schedules(DomainId domain) {
        return opened().reads.domains().schedules(domain);
    }

    @Override
    public Lease acquire(DomainId domain, HostRef host, Duration validFor) {
        return opened().writer.acquire(domain, host);
    }

    @Override
    public CompletionStage<Ack> append(Lease lease, List<StoreEvent> events) {
        if (submitted(events) > 0) {
            throw new IllegalArgumentException("an admission needs room that was reserved before");
        }
        return append(lease, events, (Reservation) null, null);
    }

    @Override
    public CompletionStage<Ack> append(Lease lease, List<StoreEvent> events, Reservation room) {
        if (!(room instanceof org.spicetime.runtime.store.sqlite.write.Rooms.Room own)) {
            throw new IllegalArgumentException("the room was not reserved by this store");
        }
        OpenStore store = present;
        if (store == null) {
            own.close();
            return CompletableFuture.failedFuture(
                    new StoreException(Reason.CLOSED, "the task store is not open"));
        }
        Reservation used = own.use(store.rooms, lease.domain(), submitted(events));
        return append(lease, events, used, store);
    }

    private CompletionStage<Ack> append(
            Lease lease,
            List<StoreEvent> events,
            @Nullable Reservation room,
            @Nullable OpenStore with) {
        try {
            if (events.isEmpty()) {
                throw new IllegalArgumentException("an append has at least one event");
            }
            OpenStore store = with == null ? opened() : with;
            store.guard.check(events);
            return store.writer.append(lease, List.copyOf(events), room);
        } catch (StoreException refused) {
            giveBack(room);
            return CompletableFuture.failedFuture(refused);
        } catch (RuntimeException mistake) {
            giveBack(room);
            throw mistake;
        }
    }

    private static void giveBack(@Nullable Reservation room) {
        if (room != null) {
            room.close();
        }
    }

    private static long submitted(List<StoreEvent> events) {
        long submitted = 0;
        for (StoreEvent event : events) {
            if (event instanceof TaskEvent.Submitted) {
                submitted++;
            }
        }
        return submitted;
    }

    @Override
    public Reservation reserve(DomainId domain, int tasks, long bytes) {
        if (tasks < 1 || bytes < 0) {
            throw new IllegalArgumentException(
                    "room is for 1 task or more and 0 bytes or more, was for %d and %d"
                            .formatted(tasks, bytes));
        }
        OpenStore store = opened();
        store.guard.checkGrowth();
        return store.rooms.reserve(domain, tasks, bytes);
    }

    @Override
    public Optional<Known> known(DomainId domain, String key) {
        OpenStore store = opened();
        return store.reads.domains().known(domain, key, now(store));
    }

    private static Instant now(OpenStore store) {
        return store.options.clock().instant();
    }

    @Override
    public List<QueuedRef> head(DomainId domain, RankCursor after, int limit) {
        return opened().reads.tasks().head(domain, after, limit);
    }

    @Override
    public List<QueuedRef> due(DomainId domain, int limit) {
        return opened().reads.tasks().due(domain, limit);
    }

    @Override
    public List<TaskId> dependants(TaskId task) {
        return opened().reads.tasks().dependants(task);
    }

    @Override
    public Optional<TaskRecord> load(TaskId task) {
        return opened().reads.tasks().load(task);
    }

    @Override
    public List<TaskRecord> loadAll(List<TaskId> tasks) {
        return opened().reads.tasks().loadAll(tasks);
    }

    @Override
    public List<QueuedRef> held(DomainId domain, long afterSeq, int limit) {
        return opened().reads.tasks().held(domain, afterSeq, limit);
    }

    @Override
    public List<QueuedRef> deadlines(DomainId domain, int limit) {
        return opened().reads.tasks().deadlines(domain, limit);
    }

    @Override
    public Map<TaskPhase, Long> unfinished(DomainId domain) {
        return opened().reads.tasks().unfinished(domain);
    }

    @Override
    public TaskSlice query(DomainId domain, TaskRange range) {
        return opened().reads.tasks().query(domain, range);
    }

    @Override
    public OptionalLong count(DomainId domain, TaskFilter filter) {
        return opened().reads.tasks().count(domain, filter);
    }

    @Override
    public List<TaskAttempt> attempts(TaskId task) {
        return opened().reads.attempts().attempts(task);
    }

    @Override
    public List<StoredRevision> revisions(DomainId domain, long before, int limit) {
        return opened().reads.changes().revisions(domain, before, limit);
    }

    @Override
    public ChangePage changes(DomainId domain, ChangeCursor after, int limit) {
        return opened().reads.changes().changes(domain, after, limit);
    }

    @Override
    public long prune(DomainId domain, Retention retention, PruneBudget budget) {
        OpenStore store = opened();
        store.writer.forget(domain);
        long start = System.nanoTime();
        long removed = 0;
        while (removed < budget.maxTasks()
                && System.nanoTime() - start <= budget.maxTime().toNanos()) {
            int most = (int) Math.min(PruneReads.MOST, budget.maxTasks() - removed);
            List<TaskId> chosen = store.reads.pruning().choose(domain, retention, most, now(store));
            int gone = chosen.isEmpty() ? 0 : store.writer.purge(domain, chosen);
            removed += gone;
            if (gone == 0) {
                break;
            }
        }
        return removed;
    }

    @Override
    public void saveSamples(DomainId domain, List<StoredSamples> samples) {
        OpenStore store = present;
        if (store != null && !samples.isEmpty() && !store.guard.readOnly()) {
            store.writer.keep(domain, new ArrayList<>(samples));
        }
    }

    @Override
    public List<StoredSamples> samples(DomainId domain, Duration resolution) {
        return opened().reads.domains().samples(domain, resolution);
    }

    @Override
    public BackupReport backup(Path file) {
        OpenStore store = opened();
        Instant now = now(store);
        BackupReport report;
        try (Connection connection = Database.reader(store.file)) {
            report = Backup.take(connection, file, Step.ALL.size(), now);
        } catch (SQLException e) {
            throw new StoreException(Reason.IO, "no copy to " + file + ": " + e.getMessage(), e);
        }
        store.writer.run("UPDATE store SET last_backup = " + Micros.of(now) + " WHERE id = 1");
        store.lastBackup = now;
        return report;
    }

    @Override
    public StoreHealth health() {
        OpenStore store = present;
        if (store == null) {
            return new StoreHealth(
                    HealthStatus.UNHEALTHY,
                    true,
                    true,
                    "the store is not open",
                    "SQLite",
                    Step.ALL.size(),
                    0,
                    OptionalLong.empty(),
                    0,
                    LatencySummary.EMPTY,
                    null);
        }
        String message = store.guard.message();
        HealthStatus status = store.guard.status();
        return new StoreHealth(
                message == null ? HealthStatus.HEALTHY : status,
                store.guard.readOnly(),
                true,
                message,
                store.engine,
                Step.ALL.size(),
                store.size(),
                store.guard.freeBytes(),
                store.writer.queueDepth(),
                store.writer.commitLatency(),
                store.lastBackup);
    }

    @Override
    @Deactivate
    public synchronized void close() {
        OpenStore store = present;
        present = null;
        if (store != null) {
            store.close();
        }
    }
}
