// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The columns of a task in the order in which they are bound and read. Immutable. */
public final class TaskColumns {

    /** Those that never change after the admission. */
    static final List<String> FIXED =
            List.of(
                    "seq",
                    "uid",
                    "domain",
                    "type",
                    "name",
                    "handler",
                    "handler_version",
                    "asked",
                    "asked_priority",
                    "owner",
                    "labels",
                    "run_at",
                    "deadline",
                    "relative_deadline",
                    "on_deadline_miss",
                    "schedule",
                    "release_no",
                    "release_at",
                    "period",
                    "timeout",
                    "estimate",
                    "memory",
                    "max_retries",
                    "retry",
                    "on_crash",
                    "durability",
                    "idem_key",
                    "concurrency_key",
                    "trace_id",
                    "deps",
                    "content_type",
                    "payload",
                    "created",
                    "crc");

    /** Those that events change. */
    static final List<String> MOVING =
            List.of(
                    "changed_seq",
                    "phase",
                    "phase_before",
                    "priority",
                    "rank",
                    "ready_at",
                    "missed",
                    "attempt",
                    "attempts_left",
                    "incarnation",
                    "epoch",
                    "progress",
                    "result_type",
                    "result",
                    "error",
                    "metrics",
                    "transitions",
                    "changed_by",
                    "updated");

    /** All columns, as a {@link TaskReader} expects them behind SELECT. */
    public static final String ALL = "t." + String.join(", t.", all());

    /** Adds a task. */
    public static final String INSERT =
            "INSERT INTO task ("
                    + String.join(", ", all())
                    + ") VALUES ("
                    + String.join(", ", Collections.nCopies(all().size(), "?"))
                    + ")";

    /** Writes all that events change; the last parameter is seq. */
    public static final String UPDATE =
            "UPDATE task SET " + String.join(" = ?, ", MOVING) + " = ? WHERE seq = ?";

    private TaskColumns() {}

    private static List<String> all() {
        List<String> all = new ArrayList<>(FIXED);
        all.addAll(MOVING);
        return all;
    }
}
