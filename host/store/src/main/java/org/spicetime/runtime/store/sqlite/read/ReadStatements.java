// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.read;

import java.util.List;
import org.spicetime.runtime.store.sqlite.row.DomainRows;

/**
 * The statements of readers whose text never changes. Conditions of indexes that hold part of the
 * rows are repeated word by word, or the engine would not use them. Immutable.
 */
final class ReadStatements {

    private static final String QUEUED =
            "uid, seq, rank, ready_at, deadline, handler, phase,"
                    + " ifnull(length(payload), 0) FROM task ";

    static final String AS_OF =
            "SELECT incarnation, "
                    + DomainRows.LAST_SEQ
                    + ", floor_seq FROM lease WHERE domain = ?";

    static final String SEQ_OF_TASK = "SELECT seq FROM task WHERE uid = ?";

    static final String HEAD =
            "SELECT "
                    + QUEUED
                    + "WHERE phase = 0 AND domain = ? AND (rank, seq) > (?, ?)"
                    + " ORDER BY rank, seq LIMIT ?";

    static final String DUE =
            "SELECT "
                    + QUEUED
                    + "WHERE phase IN (1, 2) AND domain = ? ORDER BY ready_at, seq LIMIT ?";

    static final String HELD =
            "SELECT "
                    + QUEUED
                    + "WHERE phase BETWEEN 1 AND 6 AND domain = ? AND seq > ?"
                    + " ORDER BY seq LIMIT ?";

    static final String DEADLINES =
            "SELECT "
                    + QUEUED
                    + "WHERE phase < 10 AND deadline IS NOT NULL AND missed = 0 AND domain = ?"
                    + " ORDER BY deadline, seq LIMIT ?";

    static final String COUNT_READY =
            "SELECT count(*) FROM task INDEXED BY task_ready WHERE phase = 0 AND domain = ?";

    static final String COUNT_HELD =
            "SELECT phase, count(*) FROM task INDEXED BY task_held"
                    + " WHERE phase BETWEEN 1 AND 6 AND domain = ?"
                    + " GROUP BY phase";

    static final String DEPENDANTS =
            "SELECT task.uid FROM dep CROSS JOIN task ON task.seq = dep.task_seq"
                    + " WHERE dep.on_uid = ? AND dep.state = 0 AND task.phase < 10";

    static final String CHANGES =
            "SELECT changed_seq, seq, uid FROM task WHERE domain = ? AND changed_seq > ?"
                    + " ORDER BY changed_seq LIMIT ?";

    static final String TOMBSTONES =
            "SELECT changed_seq, uid FROM tombstone WHERE domain = ? AND changed_seq > ?"
                    + " ORDER BY changed_seq LIMIT ?";

    static final String ATTEMPTS =
            "SELECT n, started, finished, outcome, error, host, host_incarnation, dropped"
                    + " FROM attempt WHERE task_seq = ? ORDER BY n";

    static final String LOG =
            "SELECT content FROM attempt_log WHERE task_seq = ? AND n = ? ORDER BY block";

    static final String REVISIONS =
            "SELECT config, config_version, revision, at, changes, source, changed_by"
                    + " FROM domain_history WHERE domain = ? AND revision < ?"
                    + " ORDER BY revision DESC LIMIT ?";

    static final String KNOWN =
            "SELECT hash, idempotency.uid, idempotency.created, task.phase FROM idempotency"
                    + " LEFT JOIN task ON task.uid = idempotency.uid"
                    + " WHERE idempotency.domain = ? AND key = ?";

    static final String DOMAINS =
            "SELECT "
                    + DomainRows.DOMAIN
                    + " FROM domain CROSS JOIN lease ON lease.domain = domain.id ORDER BY id";

    static final String SCHEDULES =
            "SELECT " + DomainRows.SCHEDULE + " FROM schedule WHERE domain = ? ORDER BY name";

    static final String SAMPLES =
            "SELECT start, kept, content FROM samples WHERE domain = ? AND resolution = ?"
                    + " ORDER BY start";

    /* As the store in memory counts them: payload, result, message and name. */
    private static final String BYTES =
            "ifnull(length(payload), 0) + ifnull(length(result), 0) + ifnull(length(name), 0)"
                    + " + ifnull(length(error ->> '$.message'), 0)";

    private static final String FREE =
            " AND NOT EXISTS (SELECT 1 FROM dep CROSS JOIN task w ON w.seq = dep.task_seq"
                    + " WHERE dep.on_uid = t.uid AND w.phase < 10)";

    static final String COUNT_FINISHED =
            "SELECT count(*) FROM task INDEXED BY task_hist WHERE phase >= 10 AND domain = ?";

    static final String FILE_BYTES =
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";

    static final String BYTES_FINISHED =
            "SELECT sum("
                    + BYTES
                    + ") FROM task INDEXED BY task_hist WHERE phase >= 10 AND domain = ?";

    static final String OLDEST =
            "SELECT seq, uid, "
                    + BYTES
                    + " FROM task t INDEXED BY task_hist WHERE phase >= 10 AND domain = ?"
                    + FREE
                    + " ORDER BY updated, seq LIMIT ?";

    static final String OLD =
            "SELECT seq, uid FROM task t INDEXED BY task_hist"
                    + " WHERE phase >= 10 AND domain = ? AND updated < ?"
                    + " AND updated < CASE phase WHEN 10 THEN ? ELSE ? END"
                    + FREE
                    + " ORDER BY updated, seq LIMIT ?";

    /**
     * All of them except the list of all domains and the size of the file, for the test of their
     * plans.
     */
    static final List<String> ALL =
            List.of(
                    AS_OF,
                    SEQ_OF_TASK,
                    HEAD,
                    DUE,
                    HELD,
                    DEADLINES,
                    COUNT_READY,
                    COUNT_HELD,
                    DEPENDANTS,
                    CHANGES,
                    TOMBSTONES,
                    ATTEMPTS,
                    LOG,
                    REVISIONS,
                    COUNT_FINISHED,
                    BYTES_FINISHED,
                    OLDEST,
                    OLD,
                    SCHEDULES,
                    SAMPLES,
                    KNOWN);

    private ReadStatements() {}
}
