// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskChange;
import org.spicetime.runtime.core.dispatch.DomainGuard;
import org.spicetime.runtime.core.history.ChangeLog;
import org.spicetime.runtime.core.history.TaskTrace;
import org.spicetime.runtime.core.paging.Cursors;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.TaskMatch;

/**
 * One reader of the changes of a domain's tasks where nothing is stored: its cursors hold as long
 * as the host runs. It holds a place in the order of changes and nothing else, however slow it is.
 * Thread-safe; guarded by the domain's guard.
 */
final class TaskStream extends ChangeReader {

    private final ChangeLog.Reader reader;
    private final TaskMatch match;

    TaskStream(TaskWatches tasks, ChangeLog.Reader reader, TaskMatch match, Runnable available) {
        super(tasks, available);
        this.reader = reader;
        this.match = match;
    }

    @Override
    public List<TaskChange> next(int most) {
        checkMost(most);
        DomainGuard guard = tasks.guard();
        guard.enter();
        try {
            if (isClosed()) {
                return List.of();
            }
            if (reader.expired()) {
                throw Cursors.expired(
                        "after", "is too old, tasks that were purged since are forgotten");
            }
            Now now = tasks.now();
            List<TaskChange> changes = new ArrayList<>();
            reader.take(
                    most, (number, task, trace) -> changes.add(change(number, task, trace, now)));
            if (changes.isEmpty()) {
                tasks.checkNotEnded();
                taken();
            }
            return changes;
        } finally {
            guard.leave();
        }
    }

    private TaskChange change(long number, TaskId task, @Nullable TaskTrace trace, Now now) {
        String cursor = tasks.cursor(number);
        if (trace == null) {
            return new TaskChange(cursor, null, task, TaskChange.Kind.PURGED);
        }
        return new TaskChange(
                cursor,
                tasks.kernel().snapshot(trace.entry(), now),
                task,
                match.test(trace.entry()) ? TaskChange.Kind.UPSERT : TaskChange.Kind.LEFT_FILTER);
    }

    @Override
    void leave() {
        reader.close();
    }
}
