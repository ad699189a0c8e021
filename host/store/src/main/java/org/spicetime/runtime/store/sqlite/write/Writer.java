// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.LatencySummary;
import org.spicetime.runtime.api.store.Ack;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.OpenReport.Recovery;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.api.store.StoredSamples;
import org.spicetime.runtime.store.fault.StoreGuard;
import org.spicetime.runtime.store.sqlite.prune.Housekeeping;

/**
 * The one thread that writes, with the one connection that writes (group commit: DeWitt et al.,
 * "Implementation Techniques for Main Memory Database Systems", SIGMOD 1984). It takes all calls
 * that wait, commits them together and completes their stages, itself: a thread between it and
 * those who wait would be one more change of threads for each commit. While the disk synchronises,
 * the next calls gather. Thread-safe.
 */
public final class Writer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int MOST_EVENTS = 1024;
    private static final long MOST_BYTES = 4L << 20;
    private static final long CACHE_BYTES = 32L << 20;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String LAST_SEQ = "SELECT max(seq) FROM task";

    private final CallQueue queue = new CallQueue();
    private final CommitLatency latency = new CommitLatency();
    private final LogUpkeep log;
    private final Batch.Known known =
            new Batch.Known(new LiveTasks(CACHE_BYTES), new HashMap<>(), new AtomicLong());
    private final Thread thread;
    private final Sql sql;
    private final InstantSource clock;
    private final StoreGuard guard;
    private final long tendNanos;
    private long tended;

    /**
     * A writer that is not running yet.
     *
     * @param connection the only one that writes; closed by whoever opened it
     * @param clock the present
     * @param guard told of failures, and tended
     * @param tendNanos time between two looks at the disk
     * @param logPages pages of the log from which on it is copied into the file
     * @throws SQLException if the file cannot be read
     */
    public Writer(
            Connection connection,
            InstantSource clock,
            StoreGuard guard,
            long tendNanos,
            int logPages)
            throws SQLException {
        sql = new Sql(connection);
        this.clock = clock;
        this.guard = guard;
        this.tendNanos = tendNanos;
        log = new LogUpkeep(logPages);
        thread = Thread.ofPlatform().name("store-writer").daemon().unstarted(this::run);
        readSeq();
    }

    private void readSeq() throws SQLException {
        Long last = sql.first(LAST_SEQ, to -> {}, row -> row.getLong(1));
        known.seq().set(last == null ? 0 : last);
    }

    /** Begins to work. Once. */
    public void start() {
        thread.start();
    }

    /**
     * Hands events over.
     *
     * @param lease proof of ownership
     * @param events what happened
     * @param room given back when they are durable or refused; null: none was needed
     * @return completes when they are durable
     */
    public CompletionStage<Ack> append(
            Lease lease, List<StoreEvent> events, @Nullable Reservation room) {
        CompletableFuture<Ack> done = new CompletableFuture<>();
        try {
            queue.add(new Call.Append(lease, events, room, System.nanoTime(), done));
        } catch (StoreException closed) {
            if (room != null) {
                room.close();
            }
            done.completeExceptionally(closed);
        }
        return done.minimalCompletionStage();
    }

    /**
     * Makes a host the owner of a domain.
     *
     * @param id the domain
     * @param host who takes it
     * @return its lease
     */
    public Lease acquire(DomainId id, HostRef host) {
        return await(batch -> Ownership.acquire(batch, id, host));
    }

    /**
     * Settles what a process left running that died.
     *
     * @return what became of it
     */
    public List<Recovery> recover() {
        return await(Ownership::recover);
    }

    /**
     * Removes finished tasks.
     *
     * @param domain the domain
     * @param tasks chosen before; who is not finished or waited for stays
     * @return how many went
     */
    public int purge(DomainId domain, List<TaskId> tasks) {
        return await(batch -> Removal.purge(batch, domain, tasks));
    }

    /**
     * Forgets some idempotency keys and purges that are past their time.
     *
     * @param domain the domain
     * @return how many; 0: nothing is left to forget
     */
    public int forget(DomainId domain) {
        return await(batch -> Removal.forget(batch, domain));
    }

    /**
     * Keeps measurements; does not wait.
     *
     * @param domain the domain
     * @param samples blocks
     */
    public void keep(DomainId domain, List<StoredSamples> samples) {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        queue.add(new Call.Job<>(batch -> Removal.samples(batch, domain, samples), done));
    }

    /**
     * Runs statements without parameters in one transaction.
     *
     * @param statement what to run
     */
    public void run(String statement) {
        await(batch -> batch.sql().run(statement, to -> {}));
    }

    private <T> T await(Call.Work<T> work) {
        if (Thread.currentThread().equals(thread)) {
            throw new IllegalStateException(
                    "what depends on an append must not wait for the store");
        }
        CompletableFuture<T> done = new CompletableFuture<>();
        queue.add(new Call.Job<>(work, done));
        try {
            return done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException refused
                    ? new StoreException(
                            refused.reason(), String.valueOf(refused.getMessage()), refused)
                    : new StoreException(
                            Reason.COMMIT_FAILED,
                            "the store failed: " + e.getCause(),
                            e.getCause());
        }
    }

    /**
     * Events that wait.
     *
     * @return a snapshot
     */
    public int queueDepth() {
        return queue.events();
    }

    /**
     * From handing over until durable.
     *
     * @return of the last minute
     */
    public LatencySummary commitLatency() {
        return latency.summary(System.nanoTime());
    }

    private void run() {
        try {
            tended = System.nanoTime();
            while (!queue.isOver()) {
                List<Call> calls =
                        queue.take(MOST_EVENTS, MOST_BYTES, Math.min(IDLE_NANOS, tendNanos));
                if (!calls.isEmpty()) {
                    write(calls);
                }
                upkeep(calls.isEmpty());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void upkeep(boolean idle) {
        try {
            if (idle) {
                Housekeeping.shrink(sql.connection());
                log.whenIdle(sql.connection());
            } else {
                log.afterCommit(sql.connection());
            }
        } catch (SQLException e) {
            guard.failed(e);
        }
        if (System.nanoTime() - tended >= tendNanos) {
            tended = System.nanoTime();
            guard.tend(this::probe, this::damage);
        }
    }

    /* Grows the file by some pages, durably. */
    private void probe() throws SQLException {
        sql.begin();
        try {
            sql.run(
                    "INSERT OR REPLACE INTO tombstone (domain, changed_seq, uid, at)"
                            + " VALUES ('', 0, zeroblob(65536), 0)",
                    to -> {});
            sql.commit();
            sql.begin();
            sql.run("DELETE FROM tombstone WHERE domain = ''", to -> {});
            sql.commit();
        } catch (SQLException e) {
            rollback();
            throw e;
        }
    }

    private @Nullable String damage() throws SQLException {
        String said = sql.first("PRAGMA quick_check(1)", to -> {}, row -> row.getString(1));
        return "ok".equals(said) ? null : said;
    }

    private void write(List<Call> calls) {
        switch (calls.getFirst()) {
            case Call.Append first -> append(calls);
            case Call.Job<?> job -> work(job);
        }
    }

    private <T> void work(Call.Job<T> job) {
        try {
            sql.begin();
            Batch batch = new Batch(sql, known, clock, true);
            T result = job.work().run(batch);
            commit(batch);
            job.done().complete(result);
        } catch (SQLException e) {
            fail(List.of(job), e);
        } catch (SqlFailure e) {
            fail(List.of(job), e.error());
        } catch (RuntimeException e) {
            rollback();
            job.fail(e);
        }
    }

    private void commit(Batch batch) throws SQLException {
        Flush flush = new Flush(sql);
        flush.write(batch);
        sql.commit();
        batch.written();
        log.wrote(Math.max(1, flush.written()));
    }

    private void append(List<Call> calls) {
        List<Call> open = new ArrayList<>(calls);
        try {
            try {
                append(open, false);
            } catch (SQLException e) {
                if (!Sql.isDuplicate(e)) {
                    throw e;
                }
                rollback();
                append(open, true);
            }
        } catch (SQLException e) {
            fail(open, e);
        } catch (SqlFailure e) {
            fail(open, e.error());
        } catch (RuntimeException e) {
            LOG.error("The store could not write {} calls", open.size(), e);
            rollback();
            StoreException why =
                    new StoreException(
                            Reason.COMMIT_FAILED, "the store failed: " + e.getMessage(), e);
            open.forEach(call -> end(call, why));
        }
    }

    private void append(List<Call> calls, boolean careful) throws SQLException {
        sql.begin();
        Batch batch = new Batch(sql, known, clock, careful);
        List<Call.Append> accepted = new ArrayList<>(calls.size());
        List<DomainState> theirs = new ArrayList<>(calls.size());
        Map<Call, StoreException> refused = new LinkedHashMap<>();
        for (Call call : calls) {
            if (call instanceof Call.Append append) {
                try {
                    theirs.add(batch.apply(append.lease(), append.events()));
                    accepted.add(append);
                } catch (StoreException why) {
                    refused.put(append, why);
                }
            }
        }
        commit(batch);
        refused.forEach(Writer::end);
        long now = System.nanoTime();
        for (int i = 0; i < accepted.size(); i++) {
            Call.Append append = accepted.get(i);
            latency.record(now - append.handedOver(), now);
            giveBack(append);
            append.done().complete(new Ack(theirs.get(i).asOf()));
        }
    }

    private static void giveBack(Call call) {
        if (call instanceof Call.Append append && append.room() != null) {
            append.room().close();
        }
    }

    private static void end(Call call, StoreException why) {
        giveBack(call);
        call.fail(why);
    }

    private void fail(List<? extends Call> calls, SQLException error) {
        rollback();
        StoreException why = guard.failed(error);
        calls.forEach(call -> end(call, why));
    }

    private void rollback() {
        known.clear();
        try {
            sql.rollback();
            readSeq();
        } catch (SQLException e) {
            LOG.error("The store could not undo a transaction: {}", e.toString());
        }
    }

    /** Writes what was handed over, and ends. */
    @Override
    public void close() {
        queue.close();
        if (Thread.currentThread().equals(thread) || !thread.isAlive()) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
