// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.read;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.ChangePage;
import org.spicetime.runtime.api.store.StoredConfig;
import org.spicetime.runtime.api.store.StoredRevision;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.store.sqlite.row.Codes;
import org.spicetime.runtime.store.sqlite.row.Micros;

/** What changed in a domain, and its configurations. Thread-safe. */
public final class ChangeReads {

    private static final UUID NOBODY = new UUID(0, 0);

    private final Readers readers;

    /**
     * Reads by these connections.
     *
     * @param readers the connections
     */
    public ChangeReads(Readers readers) {
        this.readers = readers;
    }

    /** The sequence of a domain's changes at the moment of a read transaction. */
    record Sequence(UUID incarnation, long last, long floor) {

        ChangeCursor cursor() {
            return new ChangeCursor(incarnation, last);
        }
    }

    /** The first thing a question asks; later answers are of the same moment. */
    static Sequence sequence(ReadSession session, DomainId domain) throws SQLException {
        PreparedStatement asOf = session.statement(ReadStatements.AS_OF);
        asOf.setString(1, domain.value());
        try (ResultSet rows = asOf.executeQuery()) {
            return rows.next()
                    ? new Sequence(Micros.uuid(rows.getBytes(1)), rows.getLong(2), rows.getLong(3))
                    : new Sequence(NOBODY, 0, 0);
        }
    }

    private record Change(long number, TaskId task, @Nullable Long seq) {}

    /** See {@link org.spicetime.runtime.api.store.TaskStore#changes}. */
    public ChangePage changes(DomainId domain, ChangeCursor after, int limit) {
        return readers.read(session -> {
            Sequence sequence = sequence(session, domain);
            if (!after.incarnation().equals(sequence.incarnation())
                    || sequence.incarnation().equals(NOBODY)
                    || after.changedSeq() < sequence.floor()
                    || after.changedSeq() > sequence.last()) {
                return new ChangePage.Expired(
                        new ChangeCursor(sequence.incarnation(), sequence.floor()));
            }
            List<Change> found = new ArrayList<>();
            find(session, domain, after, limit, found);
            boolean more = found.size() > limit;
            List<Change> page = more ? found.subList(0, limit) : found;
            List<ChangePage.TaskChange> changes = new ArrayList<>();
            for (Change change : page) {
                TaskRecord record =
                        change.seq() == null ? null : TaskReads.undamaged(session, change.seq());
                if (change.seq() == null || record != null) {
                    changes.add(
                            new ChangePage.TaskChange(
                                    new ChangeCursor(sequence.incarnation(), change.number()),
                                    change.task(),
                                    record));
                }
            }
            return new ChangePage.Changes(
                    changes,
                    page.isEmpty()
                            ? sequence.cursor()
                            : new ChangeCursor(sequence.incarnation(), page.getLast().number()),
                    more);
        });
    }

    private static void find(
            ReadSession session, DomainId domain, ChangeCursor after, int limit, List<Change> found)
            throws SQLException {
        PreparedStatement changed = session.statement(ReadStatements.CHANGES);
        try (ResultSet rows = behind(changed, domain, after, limit)) {
            while (rows.next()) {
                found.add(
                        new Change(
                                rows.getLong(1), Micros.taskId(rows.getBytes(3)), rows.getLong(2)));
            }
        }
        PreparedStatement purged = session.statement(ReadStatements.TOMBSTONES);
        try (ResultSet rows = behind(purged, domain, after, limit)) {
            while (rows.next()) {
                found.add(new Change(rows.getLong(1), Micros.taskId(rows.getBytes(2)), null));
            }
        }
        found.sort(Comparator.comparingLong(Change::number));
    }

    private static ResultSet behind(
            PreparedStatement statement, DomainId domain, ChangeCursor after, int limit)
            throws SQLException {
        statement.setString(1, domain.value());
        statement.setLong(2, after.changedSeq());
        statement.setInt(3, Readers.positive(limit) + 1);
        return statement.executeQuery();
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#revisions}. */
    public List<StoredRevision> revisions(DomainId domain, long before, int limit) {
        return readers.read(session -> {
            PreparedStatement history = session.statement(ReadStatements.REVISIONS);
            history.setString(1, domain.value());
            history.setLong(2, before);
            history.setInt(3, Readers.positive(limit));
            List<StoredRevision> revisions = new ArrayList<>();
            try (ResultSet rows = history.executeQuery()) {
                while (rows.next()) {
                    revisions.add(
                            new StoredRevision(
                                    new StoredConfig(
                                            rows.getString(1), rows.getInt(2), rows.getLong(3)),
                                    Micros.instant(rows.getLong(4)),
                                    rows.getString(5),
                                    Codes.SOURCE.word(rows.getInt(6)),
                                    rows.getString(7)));
                }
            }
            return revisions;
        });
    }
}
