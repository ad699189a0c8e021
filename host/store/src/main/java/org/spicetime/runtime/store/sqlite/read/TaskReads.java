// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.read;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.QueuedRef;
import org.spicetime.runtime.api.store.RankCursor;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskSlice;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.store.sqlite.row.Codes;
import org.spicetime.runtime.store.sqlite.row.Micros;

/**
 * Tasks, as readers see them. A row whose check sum is wrong is refused when it is asked for, and
 * left out of lists with a warning, so that it is no obstacle to the others. Thread-safe.
 */
public final class TaskReads {

    private static final Logger LOG = LoggerFactory.getLogger(TaskReads.class);
    private static final int MOST_LOADED = 1000;

    private final Readers readers;

    /**
     * Reads by these connections.
     *
     * @param readers the connections
     */
    public TaskReads(Readers readers) {
        this.readers = readers;
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#load(TaskId)}. */
    public Optional<TaskRecord> load(TaskId task) {
        return readers.read(session -> Optional.ofNullable(TaskRowReader.byId(session, task)));
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#loadAll(List)}. */
    public List<TaskRecord> loadAll(List<TaskId> tasks) {
        if (tasks.size() > MOST_LOADED) {
            throw new IllegalArgumentException(
                    "at most %d tasks are loaded at once, were %d"
                            .formatted(MOST_LOADED, tasks.size()));
        }
        return readers.read(session -> {
            List<TaskRecord> found = new ArrayList<>();
            for (TaskId task : tasks) {
                add(found, () -> TaskRowReader.byId(session, task));
            }
            return found;
        });
    }

    /** Reads a row. */
    @FunctionalInterface
    private interface RowReading {
        @Nullable TaskRecord read() throws SQLException;
    }

    private static void add(List<TaskRecord> found, RowReading reading) throws SQLException {
        TaskRecord record = undamaged(reading);
        if (record != null) {
            found.add(record);
        }
    }

    /** A row; null: there is none, or it is damaged. */
    static @Nullable TaskRecord undamaged(ReadSession session, long seq) throws SQLException {
        return undamaged(() -> TaskRowReader.bySeq(session, seq));
    }

    private static @Nullable TaskRecord undamaged(RowReading reading) throws SQLException {
        try {
            return reading.read();
        } catch (StoreException damaged) {
            if (damaged.reason() != Reason.DAMAGED) {
                throw damaged;
            }
            LOG.warn("a damaged task is left out of a list: {}", damaged.getMessage());
            return null;
        }
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#head}. */
    public List<QueuedRef> head(DomainId domain, RankCursor after, int limit) {
        return readers.read(session -> {
            PreparedStatement head = session.statement(ReadStatements.HEAD);
            head.setString(1, domain.value());
            head.setLong(2, after.rank());
            head.setLong(3, after.seq());
            head.setInt(4, Readers.positive(limit));
            return queued(head);
        });
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#due}. */
    public List<QueuedRef> due(DomainId domain, int limit) {
        return readers.read(session -> first(session.statement(ReadStatements.DUE), domain, limit));
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#deadlines}. */
    public List<QueuedRef> deadlines(DomainId domain, int limit) {
        return readers.read(
                session -> first(session.statement(ReadStatements.DEADLINES), domain, limit));
    }

    private static List<QueuedRef> first(PreparedStatement statement, DomainId domain, int limit)
            throws SQLException {
        statement.setString(1, domain.value());
        statement.setInt(2, Readers.positive(limit));
        return queued(statement);
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#held}. */
    public List<QueuedRef> held(DomainId domain, long afterSeq, int limit) {
        return readers.read(session -> {
            PreparedStatement held = session.statement(ReadStatements.HELD);
            held.setString(1, domain.value());
            held.setLong(2, afterSeq);
            held.setInt(3, Readers.positive(limit));
            return queued(held);
        });
    }

    private static List<QueuedRef> queued(PreparedStatement statement) throws SQLException {
        List<QueuedRef> refs = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                TaskPhase phase = Codes.PHASE.word(rows.getInt(7));
                boolean timed = phase == TaskPhase.SCHEDULED || phase == TaskPhase.RETRY_WAIT;
                long readyAt = rows.getLong(4);
                boolean waits = !rows.wasNull() && timed;
                long deadline = rows.getLong(5);
                boolean limited = !rows.wasNull();
                refs.add(
                        new QueuedRef(
                                Micros.taskId(rows.getBytes(1)),
                                rows.getLong(2),
                                rows.getLong(3),
                                waits ? Micros.instant(readyAt) : null,
                                limited ? Micros.instant(deadline) : null,
                                rows.getString(6),
                                rows.getLong(8)));
            }
        }
        return refs;
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#unfinished}. */
    public Map<TaskPhase, Long> unfinished(DomainId domain) {
        return readers.read(session -> {
            Map<TaskPhase, Long> counts = new EnumMap<>(TaskPhase.class);
            PreparedStatement ready = session.statement(ReadStatements.COUNT_READY);
            ready.setString(1, domain.value());
            try (ResultSet rows = ready.executeQuery()) {
                if (rows.next() && rows.getLong(1) > 0) {
                    counts.put(TaskPhase.READY, rows.getLong(1));
                }
            }
            PreparedStatement held = session.statement(ReadStatements.COUNT_HELD);
            held.setString(1, domain.value());
            try (ResultSet rows = held.executeQuery()) {
                while (rows.next()) {
                    counts.put(Codes.PHASE.word(rows.getInt(1)), rows.getLong(2));
                }
            }
            return counts;
        });
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#query}. */
    public TaskSlice query(DomainId domain, TaskRange range) {
        return readers.read(session -> {
            ChangeReads.Sequence sequence = ChangeReads.sequence(session, domain);
            TaskOrdering ordering = new TaskOrdering(range);
            List<Found> found = new ArrayList<>();
            for (TaskOrdering.Part part : ordering.parts(domain)) {
                find(session, part, found);
            }
            Comparator<TaskPlace> walk = ordering.walk();
            if (walk != null) {
                found.sort(Comparator.comparing(Found::place, walk));
            }
            boolean more = found.size() > range.limit();
            List<Found> wanted = more ? found.subList(0, range.limit()) : found;
            List<TaskRecord> records = new ArrayList<>();
            for (Found each : range.fromEnd() ? wanted.reversed() : wanted) {
                TaskRecord record = undamaged(session, each.seq());
                if (record != null) {
                    records.add(record);
                }
            }
            return new TaskSlice(records, more, sequence.cursor());
        });
    }

    private record Found(TaskPlace place, long seq) {}

    private static void find(ReadSession session, TaskOrdering.Part part, List<Found> into)
            throws SQLException {
        PreparedStatement statement = session.statement(part.sql());
        int last = part.where().bind(statement);
        statement.setInt(last + 1, part.limit());
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                into.add(
                        new Found(
                                new TaskPlace(rows.getLong(2), Micros.taskId(rows.getBytes(3))),
                                rows.getLong(1)));
            }
        }
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#count}. */
    public OptionalLong count(DomainId domain, TaskFilter filter) {
        TaskWhere where = new TaskWhere(domain, filter, TaskWhere.STORED);
        if (where.isNever()) {
            return OptionalLong.of(0);
        }
        try {
            return readers.read(session -> {
                PreparedStatement count = session.statement(countOf(where));
                int last = where.bind(count);
                count.setInt(last + 1, TaskPage.MAX_COUNT + 1);
                try (ResultSet rows = count.executeQuery()) {
                    long found = rows.next() ? rows.getLong(1) : 0;
                    return found > TaskPage.MAX_COUNT
                            ? OptionalLong.empty()
                            : OptionalLong.of(found);
                }
            });
        } catch (StoreException slow) {
            if (slow.reason() == Reason.TIMEOUT) {
                return OptionalLong.empty();
            }
            throw slow;
        }
    }

    /** The statement that counts up to a limit. */
    static String countOf(TaskWhere where) {
        return "SELECT count(*) FROM (SELECT 1 FROM task%s WHERE %s LIMIT ?)"
                .formatted(where.index(), where.text());
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#dependants}. */
    public List<TaskId> dependants(TaskId task) {
        return readers.read(session -> {
            PreparedStatement waiting = session.statement(ReadStatements.DEPENDANTS);
            waiting.setBytes(1, Micros.bytes(task));
            List<TaskId> ids = new ArrayList<>();
            try (ResultSet rows = waiting.executeQuery()) {
                while (rows.next()) {
                    ids.add(Micros.taskId(rows.getBytes(1)));
                }
            }
            return ids;
        });
    }
}
