// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.store.StoredRevision;
import org.spicetime.runtime.store.rules.Change;
import org.spicetime.runtime.store.sqlite.row.Columns;
import org.spicetime.runtime.store.sqlite.row.DomainRows;

/**
 * A domain as the writer knows it, what was not written yet included. Thrown away when a
 * transaction fails. Called by the writer's thread.
 */
final class DomainState {

    private static final String LEASE =
            "SELECT incarnation, epoch, host, host_incarnation, "
                    + DomainRows.LAST_SEQ
                    + ", floor_seq FROM lease WHERE domain = ?";
    private static final String DOMAIN =
            "SELECT "
                    + DomainRows.DOMAIN
                    + " FROM domain CROSS JOIN lease ON lease.domain = domain.id WHERE id = ?";
    private static final String SCHEDULES =
            "SELECT " + DomainRows.SCHEDULE + " FROM schedule WHERE domain = ?";

    final DomainId id;
    Lease lease;
    long lastSeq;
    long floorSeq;
    @Nullable DomainRecord record;
    final Map<UUID, ScheduleRecord> schedules = new HashMap<>();

    /* What has to be written at the end of the batch. */
    boolean leaseChanged;
    boolean recordChanged;
    final Set<UUID> schedulesChanged = new HashSet<>();
    final List<StoredRevision> revisions = new ArrayList<>();
    final Map<String, Change.Key> keys = new HashMap<>();

    DomainState(Lease lease) {
        id = lease.domain();
        this.lease = lease;
        leaseChanged = true;
    }

    /** Null: nobody ever acquired it. */
    static @Nullable DomainState load(Sql sql, DomainId id) throws SQLException {
        DomainState state =
                sql.first(
                        LEASE,
                        to -> to.text(id.value()),
                        row -> {
                            Columns in = new Columns(row, 1);
                            UUID incarnation = in.id();
                            long epoch = in.number();
                            HostRef host = new HostRef(in.text(), in.id());
                            DomainState found =
                                    new DomainState(new Lease(id, incarnation, epoch, host, null));
                            found.lastSeq = in.number();
                            found.floorSeq = in.number();
                            found.leaseChanged = false;
                            return found;
                        });
        if (state != null) {
            state.record =
                    sql.first(
                            DOMAIN,
                            to -> to.text(id.value()),
                            row -> DomainRows.domain(new Columns(row, 1)));
            sql.each(
                    SCHEDULES,
                    to -> to.text(id.value()),
                    row -> {
                        ScheduleRecord schedule = DomainRows.schedule(new Columns(row, 1));
                        return state.schedules.put(schedule.id(), schedule);
                    });
        }
        return state;
    }

    ChangeCursor asOf() {
        return new ChangeCursor(lease.incarnation(), lastSeq);
    }

    /* Not written to the lease: the row it is issued for holds it. */
    long nextChange() {
        return ++lastSeq;
    }

    boolean owns(Lease other) {
        return lease.epoch() == other.epoch() && lease.incarnation().equals(other.incarnation());
    }

    void written() {
        leaseChanged = false;
        recordChanged = false;
        schedulesChanged.clear();
        revisions.clear();
        keys.clear();
    }
}
