// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.read;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.store.fault.Fault;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The connections that read. A question waits for a free one and then runs, for a limited time
 * altogether. Thread-safe.
 */
public final class Readers implements AutoCloseable {

    /** Opens a connection that cannot write. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Opens one.
         *
         * @return a new connection
         * @throws SQLException if the file cannot be opened
         */
        Connection open() throws SQLException;
    }

    /**
     * A question.
     *
     * @param <T> its answer
     */
    @FunctionalInterface
    public interface Question<T> {
        /**
         * Asks it.
         *
         * @param session the connection, in a read transaction
         * @return the answer
         * @throws SQLException if the engine fails
         */
        T ask(ReadSession session) throws SQLException;
    }

    private final BlockingQueue<ReadSession> free;
    private final List<ReadSession> all = new ArrayList<>();
    private final Duration limit;
    private final Consumer<SQLException> failures;
    private volatile boolean closed;

    /**
     * Opens the connections.
     *
     * @param opener opens one
     * @param count how many
     * @param limit longest time of a question, waiting included
     * @param failures told of each question that failed
     * @throws SQLException if one cannot be opened; the others are closed then
     */
    public Readers(Opener opener, int count, Duration limit, Consumer<SQLException> failures)
            throws SQLException {
        this.limit = limit;
        this.failures = failures;
        free = new ArrayBlockingQueue<>(count);
        try {
            for (int i = 0; i < count; i++) {
                ReadSession session = new ReadSession(opener.open());
                all.add(session);
                free.add(session);
            }
        } catch (SQLException failed) {
            all.forEach(ReadSession::close);
            throw failed;
        }
    }

    /**
     * Asks a question in a read transaction of its own.
     *
     * @param question the question
     * @return its answer
     * @throws StoreException if it took too long, could not be read, or the store is closed
     */
    public <T> T read(Question<T> question) {
        return read(limit, question);
    }

    /** The same with another limit. */
    <T> T read(Duration within, Question<T> question) {
        long end = System.nanoTime() + within.toNanos();
        ReadSession session = take(end);
        try {
            session.begin(end);
            T answer = question.ask(session);
            session.end();
            return answer;
        } catch (SQLException failed) {
            failures.accept(failed);
            throw told(failed, within);
        } finally {
            session.abandon();
            free.add(session);
            if (closed) {
                closeFree();
            }
        }
    }

    /** Most rows of an answer; a negative number would mean all to the engine. */
    static int positive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be 1 or more, was " + limit);
        }
        return limit;
    }

    private ReadSession take(long end) {
        if (closed) {
            throw closedNow();
        }
        @Nullable ReadSession session;
        try {
            session = free.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    Reason.TIMEOUT, "interrupted while waiting to read the store", interrupted);
        }
        if (session == null) {
            throw closed
                    ? closedNow()
                    : new StoreException(
                            Reason.TIMEOUT,
                            "all %d readers of the store were busy for %s"
                                    .formatted(all.size(), limit));
        }
        if (closed) {
            free.add(session);
            closeFree();
            throw closedNow();
        }
        return session;
    }

    private static StoreException closedNow() {
        return new StoreException(Reason.CLOSED, "the store is not open");
    }

    private static StoreException told(SQLException failed, Duration within) {
        SQLiteErrorCode code =
                failed instanceof SQLiteException ours
                        ? ours.getResultCode()
                        : SQLiteErrorCode.UNKNOWN_ERROR;
        return switch (code) {
            case SQLITE_INTERRUPT ->
                    new StoreException(
                            Reason.TIMEOUT,
                            "reading the store took longer than " + within + "; ask for less",
                            failed);
            default -> {
                Fault fault = Fault.of(failed);
                yield new StoreException(
                        fault == Fault.SUSPECT ? Reason.DAMAGED : Reason.IO,
                        "the store could not be read, %s: %s"
                                .formatted(fault.clause(), failed.getMessage()),
                        failed);
            }
        };
    }

    /** Closes the connections that are free now, and the others when their questions are over. */
    @Override
    public void close() {
        closed = true;
        closeFree();
    }

    private void closeFree() {
        List<ReadSession> idle = new ArrayList<>();
        free.drainTo(idle);
        idle.forEach(ReadSession::close);
    }
}
