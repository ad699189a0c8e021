// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.read;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.Retention;
import org.spicetime.runtime.store.sqlite.row.Micros;

/**
 * Chooses the finished tasks that are past their time, so that the writer need not look for them.
 * One that an unfinished task depends on is never chosen. Thread-safe.
 */
public final class PruneReads {

    /** Most tasks chosen at once: what the writer deletes in one transaction. */
    public static final int MOST = 500;

    /** Counting looks at every finished row. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final long NEVER = Long.MIN_VALUE;

    /** What was asked for. */
    private record Wanted(DomainId domain, Retention retention) {}

    /** How much there is too much. */
    private record Excess(long tasks, long bytes) {}

    private final Readers readers;

    /*
     * What is left to go after a full choice, so that not every step measures anew. The choice
     * that ends below it is measured, so a task that was chosen and stayed is counted then.
     */
    private final Map<Wanted, Excess> known = new ConcurrentHashMap<>();

    /**
     * Reads by these connections.
     *
     * @param readers the connections
     */
    public PruneReads(Readers readers) {
        this.readers = readers;
    }

    /**
     * The oldest finished tasks that may go.
     *
     * @param domain the domain
     * @param retention what may go
     * @param most most tasks, at most {@value #MOST} are chosen
     * @param now the present
     * @return oldest first; empty: nothing is to go
     */
    public List<TaskId> choose(DomainId domain, Retention retention, int most, Instant now) {
        int limit = Math.min(most, MOST);
        return readers.read(
                LIMIT,
                session -> {
                    Map<Long, TaskId> chosen = new LinkedHashMap<>();
                    over(session, domain, retention, limit, chosen);
                    if (chosen.size() < limit) {
                        old(session, domain, retention, now, limit, chosen);
                    }
                    return new ArrayList<>(chosen.values());
                });
    }

    /* The oldest ones, for as long as there are too many, or too large ones. */
    private void over(
            ReadSession session,
            DomainId domain,
            Retention retention,
            int limit,
            Map<Long, TaskId> chosen)
            throws SQLException {
        Wanted wanted = new Wanted(domain, retention);
        Excess excess = known.remove(wanted);
        if (excess == null) {
            excess = measure(session, wanted);
        }
        long tooMany = excess.tasks();
        long tooLarge = excess.bytes();
        if (tooMany <= 0 && tooLarge <= 0) {
            return;
        }
        PreparedStatement oldest = session.statement(ReadStatements.OLDEST);
        oldest.setString(1, domain.value());
        oldest.setInt(2, limit);
        try (ResultSet rows = oldest.executeQuery()) {
            while ((tooMany > 0 || tooLarge > 0) && rows.next()) {
                chosen.put(rows.getLong(1), Micros.taskId(rows.getBytes(2)));
                tooMany--;
                tooLarge -= rows.getLong(3);
            }
        }
        if (chosen.size() == limit && (tooMany > 0 || tooLarge > 0)) {
            known.put(wanted, new Excess(tooMany, tooLarge));
        }
    }

    private static Excess measure(ReadSession session, Wanted wanted) throws SQLException {
        Retention retention = wanted.retention();
        long tooMany =
                retention.maxTasks().isPresent()
                        ? number(session, ReadStatements.COUNT_FINISHED, wanted.domain())
                                - retention.maxTasks().getAsLong()
                        : 0;
        long tooLarge =
                retention.maxBytes().isPresent()
                                && fileBytes(session) > retention.maxBytes().getAsLong()
                        ? number(session, ReadStatements.BYTES_FINISHED, wanted.domain())
                                - retention.maxBytes().getAsLong()
                        : 0;
        return new Excess(tooMany, tooLarge);
    }

    private static void old(
            ReadSession session,
            DomainId domain,
            Retention retention,
            Instant now,
            int limit,
            Map<Long, TaskId> chosen)
            throws SQLException {
        long completed = before(now, retention.completedFor());
        long failed = before(now, retention.failedFor());
        if (completed == NEVER && failed == NEVER) {
            return;
        }
        PreparedStatement old = session.statement(ReadStatements.OLD);
        old.setString(1, domain.value());
        old.setLong(2, Math.max(completed, failed));
        old.setLong(3, completed);
        old.setLong(4, failed);
        old.setInt(5, limit);
        try (ResultSet rows = old.executeQuery()) {
            while (chosen.size() < limit && rows.next()) {
                chosen.put(rows.getLong(1), Micros.taskId(rows.getBytes(2)));
            }
        }
    }

    /* All tasks together take no more; so mostly none need be looked at. */
    private static long fileBytes(ReadSession session) throws SQLException {
        try (ResultSet rows = session.statement(ReadStatements.FILE_BYTES).executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    private static long before(Instant now, @Nullable Duration kept) {
        return kept == null ? NEVER : Micros.of(now) - Math.min(Micros.of(kept), Micros.of(now));
    }

    private static long number(ReadSession session, String sql, DomainId domain)
            throws SQLException {
        PreparedStatement statement = session.statement(sql);
        statement.setString(1, domain.value());
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }
}
