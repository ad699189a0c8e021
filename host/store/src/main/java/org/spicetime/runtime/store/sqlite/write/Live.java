// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskLogLine;

/**
 * A task as the writer knows it, what was not written yet included. Called by the writer's thread.
 */
final class Live {

    private static final long USUAL_BYTES = 512;

    /* About what it takes up in memory. */
    final long bytes;

    TaskRecord record;

    /* Headers of the attempts kept, without their lines; null: not read yet. */
    @Nullable Map<Integer, TaskAttempt> attempts;

    /* What has to be written at the end of the batch. */
    boolean inserted;
    boolean changed;
    boolean purged;
    @Nullable List<TaskDependency> storedEdges;
    final Set<Integer> attemptsChanged = new HashSet<>(0);
    final Map<Integer, List<TaskLogLine>> newLines = new HashMap<>(0);

    /** A task that is being admitted, or was read back. */
    Live(TaskRecord record, boolean inserted) {
        this.record = record;
        bytes = bytesOf(record);
        this.inserted = inserted;
        if (inserted) {
            attempts = new HashMap<>(0);
        }
    }

    void log(int attempt, List<TaskLogLine> lines) {
        newLines.computeIfAbsent(attempt, none -> new ArrayList<>()).addAll(lines);
    }

    void written() {
        inserted = false;
        changed = false;
        storedEdges = null;
        attemptsChanged.clear();
        newLines.clear();
    }

    private static long bytesOf(TaskRecord record) {
        Payload payload = record.task().request().payload();
        Payload result = record.task().result();
        return USUAL_BYTES
                + (payload == null ? 0 : payload.size())
                + (result == null ? 0 : result.size());
    }
}
