// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.OpenReport.Recovery;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.store.rules.Settlement;
import org.spicetime.runtime.store.sqlite.row.Micros;
import org.spicetime.runtime.store.sqlite.row.TaskColumns;
import org.spicetime.runtime.store.sqlite.row.TaskReader;

/** Who owns a domain, and what becomes of what a former owner ran. Thread-safe. */
final class Ownership {

    static final String RUNNING =
            "SELECT "
                    + TaskColumns.ALL
                    + " FROM task t INDEXED BY task_held WHERE t.phase BETWEEN 1 AND 6"
                    + " AND t.domain = ? AND t.phase IN (5, 6) ORDER BY t.seq";
    private static final String OWNED = "SELECT domain FROM lease ORDER BY domain";
    private static final String COPIED = "SELECT copied FROM store WHERE id = 1";
    private static final String RENEW =
            "UPDATE lease SET incarnation = ?, epoch = epoch + 1 WHERE domain = ?";
    private static final String RENEWED = "UPDATE store SET copied = 0 WHERE id = 1";

    private Ownership() {}

    /** The next owner; what ran under the one before is settled. */
    static Lease acquire(Batch batch, DomainId id, HostRef host) {
        DomainState state = batch.domain(id);
        if (state == null) {
            DomainState fresh = new DomainState(new Lease(id, UUID.randomUUID(), 1, host, null));
            batch.use(fresh);
            return fresh.lease;
        }
        Lease former = state.lease;
        settle(batch, state);
        state.lease = new Lease(id, former.incarnation(), former.epoch() + 1, host, null);
        state.leaseChanged = true;
        return state.lease;
    }

    /** Settles what a process left running that died; after a restore, for good. */
    static List<Recovery> recover(Batch batch) throws SQLException {
        Sql sql = batch.sql();
        List<DomainId> owned = new ArrayList<>();
        sql.each(OWNED, to -> {}, row -> owned.add(DomainId.of(row.getString(1))));
        if (Boolean.TRUE.equals(sql.first(COPIED, to -> {}, row -> row.getInt(1) != 0))) {
            for (DomainId id : owned) {
                sql.run(RENEW, to -> to.bytes(Micros.bytes(UUID.randomUUID())).text(id.value()));
            }
            sql.run(RENEWED, to -> {});
        }
        List<Recovery> recoveries = new ArrayList<>();
        for (DomainId id : owned) {
            DomainState state = batch.domain(id);
            Recovery recovery = state == null ? null : settle(batch, state);
            if (recovery != null) {
                recoveries.add(recovery);
            }
        }
        return recoveries;
    }

    private static @Nullable Recovery settle(Batch batch, DomainState state) {
        List<StoreEvent> lost = new ArrayList<>();
        long[] after = new long[4];
        for (TaskRecord record : running(batch, state)) {
            TaskEvent.Lost event = Settlement.lost(record, batch.now());
            lost.add(event);
            after[
                    switch (event.phaseAfter()) {
                        case RETRY_WAIT -> 0;
                        case FAILED -> 1;
                        case SUSPENDED -> 2;
                        default -> 3;
                    }]++;
        }
        if (lost.isEmpty()) {
            return null;
        }
        batch.apply(state.lease, lost);
        return new Recovery(state.id, after[0], after[1], after[2], after[3]);
    }

    private static List<TaskRecord> running(Batch batch, DomainState state) {
        List<TaskRecord> running = new ArrayList<>();
        try {
            batch.sql()
                    .each(
                            RUNNING,
                            to -> to.text(state.id.value()),
                            row -> running.add(TaskReader.read(row, batch.sql().connection())));
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
        return running;
    }
}
