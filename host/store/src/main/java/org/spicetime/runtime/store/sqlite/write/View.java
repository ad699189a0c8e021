// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.store.rules.Present;
import org.spicetime.runtime.store.rules.TaskDraft;
import org.spicetime.runtime.store.sqlite.row.Codes;
import org.spicetime.runtime.store.sqlite.row.Micros;

/** A domain as an append finds it in the middle of a batch. Called by the writer's thread. */
final class View implements Present {

    /** How long a key is known at least. */
    static final Duration KEY_LIFE = Duration.ofHours(24);

    private static final String KEY =
            "SELECT i.created, i.uid, t.phase FROM idempotency i LEFT JOIN task t ON t.uid = i.uid"
                    + " WHERE i.domain = ? AND i.key = ?";

    private final Batch batch;
    private final DomainState domain;

    View(Batch batch, DomainState domain) {
        this.batch = batch;
        this.domain = domain;
    }

    @Override
    public @Nullable DomainRecord record() {
        return domain.record;
    }

    @Override
    public HostRef holder() {
        return domain.lease.holder();
    }

    @Override
    public boolean exists(TaskId task) {
        return batch.exists(task);
    }

    @Override
    public @Nullable TaskRecord task(TaskId task) {
        Live live = batch.live(task);
        return live == null || live.purged || !live.record.task().domain().equals(domain.id)
                ? null
                : live.record;
    }

    @Override
    public @Nullable TaskAttempt attempt(TaskDraft task, int number) {
        Live live = batch.live(task.id());
        return live == null ? null : Batch.attempts(batch.sql(), live).get(number);
    }

    @Override
    public boolean isKnown(String key) {
        if (domain.keys.containsKey(key)) {
            return true;
        }
        try {
            Boolean known =
                    batch.sql()
                            .first(
                                    KEY,
                                    to -> to.text(domain.id.value()).text(key),
                                    row -> {
                                        Instant used = Micros.instant(row.getLong(1));
                                        int phase = row.getInt(3);
                                        boolean lives =
                                                !row.wasNull()
                                                        && !Codes.PHASE.word(phase).isFinal();
                                        return lives || !used.plus(KEY_LIFE).isBefore(now());
                                    });
            return Boolean.TRUE.equals(known);
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    @Override
    public @Nullable ScheduleRecord schedule(UUID id) {
        return domain.schedules.get(id);
    }

    @Override
    public @Nullable UUID scheduleNamed(String name) {
        for (ScheduleRecord schedule : domain.schedules.values()) {
            if (schedule.name().equals(name)) {
                return schedule.id();
            }
        }
        return null;
    }

    @Override
    public long nextSeq() {
        return batch.nextSeq();
    }

    @Override
    public Instant now() {
        return batch.now();
    }
}
