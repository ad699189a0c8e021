// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskLogLine;

/**
 * Writes what came of a batch: each task once, under a number of its domain that is issued here, so
 * that a batch that fails leaves no gap. Called by the writer's thread.
 */
final class Flush {

    private final Rows rows;
    private long written;

    Flush(Sql sql) {
        rows = new Rows(sql);
    }

    /** Rows of tasks written so far. */
    long written() {
        return written;
    }

    void write(Batch batch) throws SQLException {
        for (DomainState gone : batch.gone()) {
            rows.delete(gone.id);
        }
        for (Map.Entry<TaskId, Live> entry : batch.touched().entrySet()) {
            Live live = entry.getValue();
            DomainState domain =
                    Objects.requireNonNull(batch.domain(live.record.task().domain()), "domain");
            task(live, domain);
        }
        for (DomainState domain : batch.domains()) {
            domain(domain);
        }
    }

    private void task(Live live, DomainState domain) throws SQLException {
        TaskRecord record = live.record;
        written++;
        if (live.purged) {
            rows.purge(record, !live.inserted, domain.nextChange());
            return;
        }
        if (live.inserted) {
            rows.insert(record, domain.nextChange());
        } else if (live.changed) {
            rows.update(
                    record,
                    domain.nextChange(),
                    live.storedEdges == null ? record.task().dependencies() : live.storedEdges);
        }
        for (int number : live.attemptsChanged) {
            attempt(live, number);
        }
    }

    private void attempt(Live live, int number) throws SQLException {
        long seq = live.record.seq();
        Map<Integer, TaskAttempt> kept = Objects.requireNonNull(live.attempts, "attempts");
        TaskAttempt attempt = Objects.requireNonNull(kept.get(number), "attempt");
        List<TaskLogLine> lines = live.newLines.get(number);
        long cut = lines == null ? 0 : rows.log(seq, number, lines);
        if (cut > 0) {
            attempt =
                    new TaskAttempt(
                            attempt.number(),
                            attempt.startedAt(),
                            attempt.finishedAt(),
                            attempt.outcome(),
                            attempt.error(),
                            attempt.host(),
                            List.of(),
                            attempt.linesDropped() + cut);
            kept.put(number, attempt);
        }
        rows.attempt(seq, attempt);
    }

    private void domain(DomainState domain) throws SQLException {
        if (domain.leaseChanged) {
            rows.lease(domain);
        }
        if (domain.recordChanged && domain.record != null) {
            rows.domain(domain.record);
        }
        for (var revision : domain.revisions) {
            rows.revision(domain.id, revision);
        }
        for (var key : domain.keys.entrySet()) {
            rows.key(domain.id, key.getKey(), key.getValue());
        }
        schedules(domain);
    }

    /* All go before any comes, so that two may change their names. */
    private void schedules(DomainState domain) throws SQLException {
        List<UUID> changed =
                domain.schedulesChanged.stream().sorted(Comparator.naturalOrder()).toList();
        for (UUID id : changed) {
            rows.noSchedule(id);
        }
        for (UUID id : changed) {
            ScheduleRecord schedule = domain.schedules.get(id);
            if (schedule != null) {
                rows.schedule(domain.id, schedule);
            }
        }
    }
}
