// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.TaskChange;
import org.spicetime.runtime.api.task.TaskChanges;
import org.spicetime.runtime.core.dispatch.DomainGuard;
import org.spicetime.runtime.core.history.ChangeLog;
import org.spicetime.runtime.core.history.TaskTrace;
import org.spicetime.runtime.core.paging.Cursors;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.TaskMatch;

/**
 * One reader of the changes of a domain's tasks. It holds a place in the order of changes and
 * nothing else, however slow it is. Thread-safe; guarded by the domain's guard.
 */
final class TaskStream implements TaskChanges {

    private static final Logger LOG = LoggerFactory.getLogger(TaskStream.class);

    private final TaskWatches tasks;
    private final ChangeLog.Reader reader;
    private final TaskMatch match;
    private final Runnable available;

    /* Whether the reader has taken all there was, and waits to be told. */
    private boolean waits = true;
    private boolean closed;

    TaskStream(TaskWatches tasks, ChangeLog.Reader reader, TaskMatch match, Runnable available) {
        this.tasks = tasks;
        this.reader = reader;
        this.match = match;
        this.available = available;
    }

    @Override
    public List<TaskChange> next(int most) {
        if (most < 1) {
            throw RefusedException.outOfRange("most", most, "1 or more");
        }
        DomainGuard guard = tasks.guard();
        guard.enter();
        try {
            if (closed) {
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
                waits = true;
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

    /** There is something to take. Inside the guard. */
    void tell(DomainGuard guard, Executor notifier) {
        if (!waits) {
            return;
        }
        waits = false;
        guard.afterwards(() -> {
            try {
                notifier.execute(this::call);
            } catch (RejectedExecutionException hostStops) {
                LOG.debug("a reader of changes is not told, the host stops", hostStops);
            }
        });
    }

    private void call() {
        try {
            available.run();
        } catch (RuntimeException e) {
            LOG.warn("a reader of changes failed when it was told of some", e);
        }
    }

    @Override
    public void close() {
        DomainGuard guard = tasks.guard();
        guard.enter();
        try {
            if (!closed) {
                closed = true;
                reader.close();
                tasks.remove(this);
            }
        } finally {
            guard.leave();
        }
    }
}
