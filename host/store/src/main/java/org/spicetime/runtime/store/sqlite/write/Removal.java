// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.sql.SQLException;
import java.util.List;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoredSamples;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.store.sqlite.prune.Housekeeping;
import org.spicetime.runtime.store.sqlite.row.Micros;

/** Removes what is past its time. Thread-safe; called by the writer's thread. */
final class Removal {

    private static final String HOST = "host";

    private static final String OPEN_DEPENDANT =
            "SELECT 1 FROM dep d CROSS JOIN task w ON w.seq = d.task_seq"
                    + " WHERE d.on_uid = ? AND w.phase < 10 LIMIT 1";
    private static final String SAMPLES =
            "INSERT INTO samples (domain, resolution, start, kept, content) VALUES (?, ?, ?, ?, ?)"
                    + " ON CONFLICT DO UPDATE SET kept = excluded.kept,"
                    + " content = excluded.content";
    private static final String OLD_SAMPLES =
            "DELETE FROM samples WHERE domain = ? AND resolution = ? AND start < ?";

    private Removal() {}

    /** Purges finished tasks that nobody waits for; answers how many went. */
    static int purge(Batch batch, DomainId id, List<TaskId> tasks) throws SQLException {
        DomainState state = batch.domain(id);
        if (state == null) {
            return 0;
        }
        int gone = 0;
        for (TaskId task : tasks) {
            boolean needed =
                    batch.sql()
                                    .first(
                                            OPEN_DEPENDANT,
                                            to -> to.bytes(Micros.bytes(task)),
                                            row -> true)
                            != null;
            if (!needed && purge(batch, state, task)) {
                gone++;
            }
        }
        return gone;
    }

    /* Somebody else may have been faster. */
    private static boolean purge(Batch batch, DomainState state, TaskId task) {
        try {
            batch.apply(state.lease, List.of(new TaskEvent.Purged(task, batch.now(), HOST)));
            return true;
        } catch (StoreException e) {
            if (e.reason() == StoreException.Reason.STALE) {
                return false;
            }
            throw e;
        }
    }

    /** Forgets keys and purges that are a day old, some at a time. */
    static int forget(Batch batch, DomainId id) throws SQLException {
        int forgotten = Housekeeping.forget(batch.sql().connection(), id, batch.now());
        batch.forgetState(id);
        return forgotten;
    }

    /** Keeps measurements of a domain that is known, and forgets the old ones. */
    static int samples(Batch batch, DomainId id, List<StoredSamples> blocks) throws SQLException {
        if (batch.domain(id) == null) {
            return 0;
        }
        for (StoredSamples block : blocks) {
            long resolution = block.resolution().toMillis();
            batch.sql()
                    .run(
                            SAMPLES,
                            to ->
                                    to.text(id.value())
                                            .number(resolution)
                                            .instant(block.start())
                                            .number(block.keptFor().toMillis())
                                            .bytes(block.bytes()));
            batch.sql()
                    .run(
                            OLD_SAMPLES,
                            to ->
                                    to.text(id.value())
                                            .number(resolution)
                                            .instant(block.start().minus(block.keptFor())));
        }
        return blocks.size();
    }
}
