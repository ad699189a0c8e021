// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.core.history.TaskLogs;
import org.spicetime.runtime.core.journal.Stored;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.TaskEntry;

/** What the journal of a domain takes from its kernel and tells it. Called inside the guard. */
final class StoredTasks implements Stored {

    private static final int RUN_SHIFT = 40;

    private final TaskParts tasks;

    StoredTasks(TaskParts tasks) {
        this.tasks = tasks;
    }

    @Override
    public void committed(ChangeCursor asOf) {
        tasks.watches().committed(asOf);
    }

    @Override
    public List<Transition> transitions(TaskEntry entry) {
        return tasks.recorder.transitions(entry);
    }

    @Override
    public TaskMetrics metrics(TaskEntry entry) {
        return tasks.kernel().metrics(entry, tasks.clock.now());
    }

    /* Numbers of release grow from one run of the domain to the next, as its epoch does. */
    @Override
    public long rank(TaskEntry entry) {
        return tasks.kernel()
                .rank(entry, tasks.journal().lease().epoch() << RUN_SHIFT, tasks.clock.now());
    }

    @Override
    public List<TaskDependency> dependencies(TaskEntry entry) {
        return entry.request().dependencies().isEmpty()
                ? List.of()
                : tasks.kernel().snapshot(entry, tasks.clock.now()).dependencies();
    }

    @Override
    public @Nullable RuntimeError lastError(TaskEntry entry) {
        return tasks.recorder.lastError(entry);
    }

    @Override
    public TaskLogs.Untold untoldLines(TaskEntry entry) {
        return tasks.recorder.untold(entry);
    }

    @Override
    public void publish(List<TaskEntry> entries) {
        Now now = tasks.now();
        if (tasks.events.parks(tasks.kernel(), entries, now)) {
            tasks.kernel().park(entries, now);
        } else {
            tasks.kernel().publish(entries, now);
        }
    }

    @Override
    public void withdraw(List<TaskEntry> entries) {
        tasks.kernel().withdraw(entries, tasks.now());
        tasks.events.withdrawn(entries);
    }

    @Override
    public void ended(TaskEntry entry, @Nullable String actor, @Nullable String why) {
        tasks.recorder.by(actor);
        tasks.recorder.explain(entry, why);
        tasks.kernel().stored(entry, tasks.now());
        tasks.recorder.ended(entry);
        tasks.recorder.done();
    }

    @Override
    public void fenced(String why) {
        tasks.events.fenced(why);
    }

    @Override
    public void storeFails(@Nullable String why) {
        tasks.events.storeFails(why);
    }
}
