// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.store.StoredRevision;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskLogLine;
import org.spicetime.runtime.store.rules.Change;
import org.spicetime.runtime.store.sqlite.row.Blobs;
import org.spicetime.runtime.store.sqlite.row.Codes;
import org.spicetime.runtime.store.sqlite.row.Columns;
import org.spicetime.runtime.store.sqlite.row.Json;
import org.spicetime.runtime.store.sqlite.row.Micros;
import org.spicetime.runtime.store.sqlite.row.TaskColumns;
import org.spicetime.runtime.store.sqlite.row.TaskWriter;

/** Writes rows. Called by the writer's thread, in a transaction. */
final class Rows {

    static final String ATTEMPTS =
            "SELECT n, started, finished, outcome, host, host_incarnation, error, dropped"
                    + " FROM attempt WHERE task_seq = ?";

    private static final String ATTEMPT =
            "INSERT INTO attempt (task_seq, n, started, finished, outcome, host, host_incarnation,"
                    + " error, dropped) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (task_seq, n) DO UPDATE SET finished = excluded.finished,"
                    + " outcome = excluded.outcome, error = excluded.error,"
                    + " dropped = excluded.dropped";
    private static final String BLOCK =
            "INSERT INTO attempt_log (task_seq, n, block, lines, content) VALUES (?, ?,"
                    + " (SELECT ifnull(max(block), 0) + 1 FROM attempt_log WHERE task_seq = ?1"
                    + " AND n = ?2), ?, ?)";
    private static final String BLOCKS =
            "SELECT block, lines FROM attempt_log WHERE task_seq = ? AND n = ? ORDER BY block DESC";
    private static final String CUT =
            "DELETE FROM attempt_log WHERE task_seq = ? AND n = ? AND block <= ?";
    private static final String EDGE =
            "INSERT INTO dep (task_seq, n, on_uid, type, timeout, state) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String EDGE_STATE =
            "UPDATE dep SET state = ? WHERE task_seq = ? AND n = ?";
    private static final String KEY =
            "INSERT INTO idempotency (domain, key, hash, uid, created) VALUES (?, ?, ?, ?, ?)"
                    + " ON CONFLICT (domain, key) DO UPDATE SET hash = excluded.hash,"
                    + " uid = excluded.uid, created = excluded.created";
    private static final String TOMBSTONE =
            "INSERT INTO tombstone (domain, changed_seq, uid, at) VALUES (?, ?, ?, ?)";
    private static final String LEASE =
            "INSERT INTO lease (domain, incarnation, epoch, host, host_incarnation, last_seq,"
                    + " floor_seq) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (domain) DO UPDATE SET"
                    + " incarnation = excluded.incarnation, epoch = excluded.epoch,"
                    + " host = excluded.host, host_incarnation = excluded.host_incarnation,"
                    + " last_seq = excluded.last_seq, floor_seq = excluded.floor_seq";
    private static final String DOMAIN =
            "INSERT INTO domain (id, name, description, labels, intended, config, config_version,"
                    + " revision, grants, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                    + " ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
                    + " description = excluded.description, labels = excluded.labels,"
                    + " intended = excluded.intended, config = excluded.config,"
                    + " config_version = excluded.config_version, revision = excluded.revision,"
                    + " grants = excluded.grants, created = excluded.created,"
                    + " updated = excluded.updated";
    private static final String REVISION =
            "INSERT INTO domain_history (domain, revision, at, changed_by, source, changes, config,"
                    + " config_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String SCHEDULE =
            "INSERT INTO schedule (uid, domain, name, definition, paused, next_release, last_uid,"
                    + " released, skipped, revision, owner, changed_by, created, updated) VALUES"
                    + " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String NO_SCHEDULE = "DELETE FROM schedule WHERE uid = ?";
    private static final List<String> TASK_PARTS = List.of("dep", "attempt_log", "attempt");
    private static final List<String> DOMAIN_PARTS =
            List.of(
                    "task",
                    "schedule",
                    "idempotency",
                    "tombstone",
                    "domain_history",
                    "samples",
                    "lease");

    private final Sql sql;

    Rows(Sql sql) {
        this.sql = sql;
    }

    void insert(TaskRecord record, long changedSeq) throws SQLException {
        PreparedStatement insert = sql.statement(TaskColumns.INSERT);
        TaskWriter.insert(insert, record, changedSeq);
        insert.executeUpdate();
        int n = 0;
        for (TaskDependency edge : record.task().dependencies()) {
            int place = n++;
            sql.run(
                    EDGE,
                    to ->
                            to.number(record.seq())
                                    .number(place)
                                    .id(edge.task().value())
                                    .number(Codes.DEPENDENCY.of(edge.type()))
                                    .span(edge.timeout())
                                    .number(edge.satisfied() ? 1 : 0));
        }
    }

    void update(TaskRecord record, long changedSeq, List<TaskDependency> before)
            throws SQLException {
        PreparedStatement update = sql.statement(TaskColumns.UPDATE);
        TaskWriter.update(update, record, changedSeq);
        update.executeUpdate();
        List<TaskDependency> now = record.task().dependencies();
        for (int i = 0; i < now.size(); i++) {
            int place = i;
            boolean satisfied = now.get(i).satisfied();
            if (before.get(i).satisfied() != satisfied) {
                sql.run(
                        EDGE_STATE,
                        to -> to.number(satisfied ? 1 : 0).number(record.seq()).number(place));
            }
        }
    }

    void purge(TaskRecord record, boolean stored, long changedSeq) throws SQLException {
        if (stored) {
            for (String part : TASK_PARTS) {
                sql.run(
                        "DELETE FROM " + part + " WHERE task_seq = ?",
                        to -> to.number(record.seq()));
            }
            sql.run("DELETE FROM task WHERE seq = ?", to -> to.number(record.seq()));
        }
        sql.run(
                TOMBSTONE,
                to ->
                        to.text(record.task().domain().value())
                                .number(changedSeq)
                                .id(record.task().id().value())
                                .instant(record.task().updatedAt()));
    }

    static TaskAttempt attempt(Columns in) throws SQLException {
        int number = in.small();
        Instant started = in.instant();
        Instant finished = in.instantOrNull();
        Long outcome = in.numberOrNull();
        String host = in.text();
        UUID incarnation = in.id();
        return new TaskAttempt(
                number,
                started,
                finished,
                outcome == null ? null : Codes.OUTCOME.word(Math.toIntExact(outcome)),
                Json.error(in.textOrNull()),
                new HostRef(host, incarnation),
                List.of(),
                in.number());
    }

    void attempt(long seq, TaskAttempt attempt) throws SQLException {
        var outcome = attempt.outcome();
        sql.run(
                ATTEMPT,
                to ->
                        to.number(seq)
                                .number(attempt.number())
                                .instant(attempt.startedAt())
                                .instant(attempt.finishedAt())
                                .number(
                                        outcome == null
                                                ? null
                                                : Long.valueOf(Codes.OUTCOME.of(outcome)))
                                .text(attempt.host().id())
                                .id(attempt.host().incarnation())
                                .text(Json.error(attempt.error()))
                                .number(attempt.linesDropped()));
    }

    /** Adds log lines; answers how many old ones went for them. */
    long log(long seq, int attempt, List<TaskLogLine> lines) throws SQLException {
        sql.run(
                BLOCK,
                to ->
                        to.number(seq)
                                .number(attempt)
                                .number(lines.size())
                                .bytes(Blobs.lines(lines)));
        long[] kept = new long[1];
        long[] cut = new long[2];
        sql.each(
                BLOCKS,
                to -> to.number(seq).number(attempt),
                row -> {
                    if (kept[0] >= TaskAttempt.MAX_LOG_LINES) {
                        cut[0] = Math.max(cut[0], row.getLong(1));
                        cut[1] += row.getLong(2);
                    }
                    kept[0] += row.getLong(2);
                    return cut;
                });
        if (cut[0] > 0) {
            sql.run(CUT, to -> to.number(seq).number(attempt).number(cut[0]));
        }
        return cut[1];
    }

    void key(DomainId domain, String key, Change.Key used) throws SQLException {
        sql.run(
                KEY,
                to ->
                        to.text(domain.value())
                                .text(key)
                                .bytes(HexFormat.of().parseHex(used.known().inputHash().sha256()))
                                .id(used.known().task().value())
                                .instant(used.usedAt()));
    }

    void lease(DomainState state) throws SQLException {
        HostRef host = state.lease.holder();
        sql.run(
                LEASE,
                to ->
                        to.text(state.id.value())
                                .id(state.lease.incarnation())
                                .number(state.lease.epoch())
                                .text(host.id())
                                .id(host.incarnation())
                                .number(state.lastSeq)
                                .number(state.floorSeq));
    }

    void domain(DomainRecord record) throws SQLException {
        String labels = Json.labels(record.labels());
        sql.run(
                DOMAIN,
                to ->
                        to.text(record.id().value())
                                .text(record.name())
                                .text(record.description())
                                .text(labels == null ? "{}" : labels)
                                .number(Codes.INTENDED.of(record.intended()))
                                .text(record.config().json())
                                .number(record.config().schemaVersion())
                                .number(record.config().revision())
                                .text(record.grants())
                                .instant(record.createdAt())
                                .instant(record.updatedAt()));
    }

    void revision(DomainId domain, StoredRevision revision) throws SQLException {
        sql.run(
                REVISION,
                to ->
                        to.text(domain.value())
                                .number(revision.config().revision())
                                .instant(revision.at())
                                .text(revision.by())
                                .number(Codes.SOURCE.of(revision.source()))
                                .text(revision.changes())
                                .text(revision.config().json())
                                .number(revision.config().schemaVersion()));
    }

    void noSchedule(UUID id) throws SQLException {
        sql.run(NO_SCHEDULE, to -> to.id(id));
    }

    void schedule(DomainId domain, ScheduleRecord schedule) throws SQLException {
        var last = schedule.lastTask();
        sql.run(
                SCHEDULE,
                to ->
                        to.id(schedule.id())
                                .text(domain.value())
                                .text(schedule.name())
                                .text(schedule.definition())
                                .number(schedule.paused() ? 1 : 0)
                                .instant(schedule.nextRelease())
                                .bytes(last == null ? null : Micros.bytes(last))
                                .number(schedule.released())
                                .number(schedule.skipped())
                                .number(schedule.revision())
                                .text(schedule.owner())
                                .text(schedule.changedBy())
                                .instant(schedule.createdAt())
                                .instant(schedule.updatedAt()));
    }

    void delete(DomainId domain) throws SQLException {
        for (String part : TASK_PARTS) {
            sql.run(
                    "DELETE FROM "
                            + part
                            + " WHERE task_seq IN (SELECT seq FROM task WHERE domain = ?)",
                    to -> to.text(domain.value()));
        }
        for (String part : DOMAIN_PARTS) {
            sql.run("DELETE FROM " + part + " WHERE domain = ?", to -> to.text(domain.value()));
        }
        sql.run("DELETE FROM domain WHERE id = ?", to -> to.text(domain.value()));
    }
}
