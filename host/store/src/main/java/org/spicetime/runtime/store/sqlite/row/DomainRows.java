// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import java.sql.SQLException;
import java.time.Instant;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.store.StoredConfig;

/** Rows of domains and schedules. Thread-safe. */
public final class DomainRows {

    /** Columns of a domain, from {@code domain} joined with {@code lease}. */
    public static final String DOMAIN =
            "id, incarnation, name, description, labels, intended, config, config_version,"
                    + " revision, grants, created, updated";

    /** Columns of a schedule. */
    public static final String SCHEDULE =
            "uid, name, definition, paused, next_release, last_uid, released, skipped,"
                    + " revision, owner, changed_by, created, updated";

    /**
     * The number of the last change of a domain, from {@code lease}. Each is written with the row
     * it was issued for and not once more to the lease, which would be one more page of each
     * commit.
     */
    public static final String LAST_SEQ =
            "max(last_seq, floor_seq,"
                    + " ifnull((SELECT max(changed_seq) FROM task"
                    + " WHERE task.domain = lease.domain), 0),"
                    + " ifnull((SELECT max(changed_seq) FROM tombstone"
                    + " WHERE tombstone.domain = lease.domain), 0))";

    private DomainRows() {}

    /**
     * A domain.
     *
     * @param in the columns {@link #DOMAIN}
     * @return what they hold
     * @throws SQLException if they cannot be read
     */
    public static DomainRecord domain(Columns in) throws SQLException {
        return new DomainRecord(
                DomainId.of(in.text()),
                in.id(),
                in.text(),
                in.textOrNull(),
                Json.labels(in.text()),
                Codes.INTENDED.word(in.small()),
                new StoredConfig(in.text(), in.small(), in.number()),
                in.textOrNull(),
                in.instant(),
                in.instant());
    }

    /**
     * A schedule.
     *
     * @param in the columns {@link #SCHEDULE}
     * @return what they hold
     * @throws SQLException if they cannot be read
     */
    public static ScheduleRecord schedule(Columns in) throws SQLException {
        var id = in.id();
        String name = in.text();
        String definition = in.text();
        boolean paused = in.number() != 0;
        Instant next = in.instantOrNull();
        var last = in.idOrNull();
        return new ScheduleRecord(
                id,
                name,
                definition,
                paused,
                next,
                last == null ? null : TaskId.of(last),
                in.number(),
                in.number(),
                in.number(),
                in.text(),
                in.text(),
                in.instant(),
                in.instant());
    }
}
