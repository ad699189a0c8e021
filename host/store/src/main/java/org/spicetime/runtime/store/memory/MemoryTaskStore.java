// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.memory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
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

/**
 * The store for hosts that keep nothing: all is in memory and forgotten when it is closed. A
 * service only where somebody configures it. An append has taken effect when it returns; its stage
 * is complete by then. After a close it can be opened again, empty. Thread-safe.
 */
@Component(
        service = TaskStore.class,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        configurationPid = "org.spicetime.runtime.store.memory",
        property = "service.ranking:Integer=1000")
public final class MemoryTaskStore implements TaskStore {

    private static final String ENGINE = "memory 1";
    private static final int SCHEMA_VERSION = 1;
    private static final int MAX_TASKS = 1_000_000;
    private static final long MAX_BYTES = 512L << 20;
    private static final int MAX_COUNT = 10_000;
    private static final UUID NOBODY = new UUID(0, 0);

    private final int maxTasks;
    private final Rooms rooms;
    private final ReentrantLock lock = new ReentrantLock();

    /* Null: not open. Guarded by the lock. */
    private @Nullable Memory memory;

    /** A store for a million tasks and 512 MiB of payloads and results. */
    @Activate
    public MemoryTaskStore() {
        this(MAX_TASKS, MAX_BYTES);
    }

    /**
     * A store of another size.
     *
     * @param maxTasks most tasks, and most idempotency keys
     * @param maxBytes most bytes of payloads, results and texts
     */
    public MemoryTaskStore(int maxTasks, long maxBytes) {
        this.maxTasks = maxTasks;
        rooms = new Rooms(maxTasks, maxBytes);
    }

    @Override
    public OpenReport open(OpenOptions options) {
        lock.lock();
        try {
            if (memory != null) {
                throw new StoreException(
                        StoreException.Reason.LOCKED, "the store in memory is open already");
            }
            memory = new Memory(options.clock());
            return new OpenReport(ENGINE, SCHEMA_VERSION, false, true, false, List.of());
        } finally {
            lock.unlock();
        }
    }

    private Memory opened() {
        if (memory == null) {
            throw new StoreException(
                    StoreException.Reason.CLOSED, "the store in memory is not open");
        }
        return memory;
    }

    /** Does something under the lock. */
    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable DomainData data(DomainId domain) {
        return opened().domains.get(domain);
    }

    @Override
    public List<DomainRecord> domains() {
        return locked(() -> {
            List<DomainRecord> records = new ArrayList<>();
            for (DomainData data : opened().domains.values()) {
                if (data.record != null) {
                    records.add(data.record);
                }
            }
            records.sort(Comparator.comparing(DomainRecord::id));
            return records;
        });
    }

    @Override
    public List<ScheduleRecord> schedules(DomainId domain) {
        return locked(() -> {
            DomainData data = data(domain);
            return data == null
                    ? List.of()
                    : data.schedules.values().stream()
                            .sorted(Comparator.comparing(ScheduleRecord::name))
                            .toList();
        });
    }

    @Override
    public Lease acquire(DomainId domain, HostRef host, Duration validFor) {
        return locked(() -> Leases.acquire(opened(), domain, host));
    }

    @Override
    public CompletionStage<Ack> append(Lease lease, List<StoreEvent> events) {
        if (events.stream().anyMatch(TaskEvent.Submitted.class::isInstance)) {
            throw new IllegalArgumentException("an admission needs room that was reserved before");
        }
        return settle(lease, List.copyOf(events));
    }

    @Override
    public CompletionStage<Ack> append(Lease lease, List<StoreEvent> events, Reservation room) {
        Rooms.Room own = rooms.issued(room);
        try {
            own.check(
                    lease.domain(),
                    events.stream().filter(TaskEvent.Submitted.class::isInstance).count());
            return settle(lease, List.copyOf(events));
        } finally {
            own.close();
        }
    }

    private CompletionStage<Ack> settle(Lease lease, List<StoreEvent> events) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("an append has at least one event");
        }
        try {
            return CompletableFuture.completedFuture(locked(() -> write(lease, events)));
        } catch (StoreException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private Ack write(Lease lease, List<StoreEvent> events) {
        Memory all = opened();
        DomainData data = Leases.held(all, lease);
        Transaction transaction = new Transaction(all, data, lease);
        transaction.apply(events);
        transaction.commit();
        return new Ack(data.asOf());
    }

    @Override
    public Reservation reserve(DomainId domain, int tasks, long bytes) {
        if (tasks < 1 || bytes < 0) {
            throw new IllegalArgumentException(
                    "room is for 1 task or more and 0 bytes or more, was for %d and %d"
                            .formatted(tasks, bytes));
        }
        return locked(() -> {
            Memory all = opened();
            if (all.keys() + tasks > maxTasks) {
                all.dropKeys();
            }
            return rooms.reserve(
                    domain, tasks, bytes, Math.max(all.tasks(), all.keys()), all.bytes());
        });
    }

    @Override
    public Optional<Known> known(DomainId domain, String key) {
        return locked(() -> {
            DomainData data = data(domain);
            return data == null ? Optional.empty() : opened().known(data, key);
        });
    }

    @Override
    public List<QueuedRef> head(DomainId domain, RankCursor after, int limit) {
        checkLimit(limit);
        return read(domain, List.of(), data -> Reading.head(data, after, limit));
    }

    @Override
    public List<QueuedRef> due(DomainId domain, int limit) {
        checkLimit(limit);
        return read(
                domain,
                List.of(),
                data -> data.timed.stream().limit(limit).map(Row::queued).toList());
    }

    @Override
    public List<TaskId> dependants(TaskId task) {
        return locked(() -> Reading.waiting(opened(), task));
    }

    @Override
    public Optional<TaskRecord> load(TaskId task) {
        return locked(() -> Optional.ofNullable(opened().find(task)).map(Row::record));
    }

    @Override
    public List<TaskRecord> loadAll(List<TaskId> tasks) {
        return locked(() -> {
            List<TaskRecord> found = new ArrayList<>();
            for (TaskId task : tasks) {
                Row row = opened().find(task);
                if (row != null) {
                    found.add(row.record());
                }
            }
            return found;
        });
    }

    @Override
    public List<QueuedRef> held(DomainId domain, long afterSeq, int limit) {
        checkLimit(limit);
        return read(domain, List.of(), data -> Reading.held(data, afterSeq, limit));
    }

    @Override
    public List<QueuedRef> deadlines(DomainId domain, int limit) {
        checkLimit(limit);
        return read(domain, List.of(), data -> Reading.deadlines(data, limit));
    }

    @Override
    public Map<TaskPhase, Long> unfinished(DomainId domain) {
        return read(domain, Map.of(), Reading::unfinished);
    }

    @Override
    public TaskSlice query(DomainId domain, TaskRange range) {
        return read(
                domain,
                new TaskSlice(List.of(), false, new ChangeCursor(NOBODY, 0)),
                data -> Reading.slice(data, range));
    }

    @Override
    public OptionalLong count(DomainId domain, TaskFilter filter) {
        return read(domain, OptionalLong.of(0), data -> Reading.count(data, filter, MAX_COUNT));
    }

    @Override
    public List<TaskAttempt> attempts(TaskId task) {
        return locked(() -> opened().attempts(task));
    }

    @Override
    public List<StoredRevision> revisions(DomainId domain, long before, int limit) {
        checkLimit(limit);
        return read(
                domain,
                List.of(),
                data ->
                        data.revisions.headMap(before, false).descendingMap().values().stream()
                                .limit(limit)
                                .toList());
    }

    private <T> T read(DomainId domain, T nothing, Function<DomainData, T> reading) {
        return locked(() -> {
            DomainData data = data(domain);
            return data == null ? nothing : reading.apply(data);
        });
    }

    @Override
    public ChangePage changes(DomainId domain, ChangeCursor after, int limit) {
        checkLimit(limit);
        return read(
                domain,
                new ChangePage.Expired(new ChangeCursor(NOBODY, 0)),
                data -> data.changesAfter(after, limit));
    }

    @Override
    public long prune(DomainId domain, Retention retention, PruneBudget budget) {
        return read(domain, 0L, data -> new Pruner(opened(), data, retention).prune(budget));
    }

    @Override
    public void saveSamples(DomainId domain, List<StoredSamples> blocks) {
        lock.lock();
        try {
            DomainData data = memory == null ? null : memory.domains.get(domain);
            if (data != null) {
                blocks.forEach(data::keep);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<StoredSamples> samples(DomainId domain, Duration resolution) {
        return locked(() -> {
            DomainData data = data(domain);
            return data == null ? List.of() : data.samples(resolution);
        });
    }

    @Override
    public BackupReport backup(Path file) {
        throw new StoreException(
                StoreException.Reason.NOT_SUPPORTED, "a store in memory has nothing to copy");
    }

    @Override
    public StoreHealth health() {
        boolean open = locked(() -> memory != null);
        return new StoreHealth(
                open ? HealthStatus.HEALTHY : HealthStatus.UNHEALTHY,
                !open,
                false,
                open ? null : "the store is not open",
                ENGINE,
                SCHEMA_VERSION,
                0,
                OptionalLong.empty(),
                0,
                LatencySummary.EMPTY,
                null);
    }

    private static void checkLimit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be 1 or more, was " + limit);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            memory = null;
        } finally {
            lock.unlock();
        }
    }
}
