// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.kernel.task.Admission;
import org.spicetime.runtime.kernel.task.ForeignTask;
import org.spicetime.runtime.kernel.task.Restored;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * Brings finished tasks that only the store has back into memory, because somebody wants to change
 * them: try them again, or remove them. They leave again by themselves. Thread-safe; reads the
 * store outside of the guard.
 */
final class ReturningTasks {

    private static final Logger LOG = LoggerFactory.getLogger(ReturningTasks.class);

    private final DomainBody body;

    ReturningTasks(DomainBody body) {
        this.body = body;
    }

    /** Brings back those of the tasks that have finished and are not in memory. */
    void bringBack(List<TaskId> tasks) {
        if (!body.node.durable()) {
            return;
        }
        List<TaskId> missing =
                body.tasks.with(
                        kernel -> tasks.stream().filter(id -> kernel.entry(id).isEmpty()).toList());
        if (missing.isEmpty()) {
            return;
        }
        List<Restored> finished = new ArrayList<>();
        for (TaskRecord record : StoreReads.ask(() -> body.node.store().loadAll(missing))) {
            Task task = record.task();
            if (task.domain().equals(body.id()) && task.phase().isFinal()) {
                finished.add(new Restored(record, admission(task)));
            }
        }
        if (!finished.isEmpty()) {
            body.tasks.bringBack(finished);
        }
    }

    private Admission admission(Task task) {
        return new Admission(
                        task.id(),
                        task.request(),
                        task.handler(),
                        foreign(task),
                        task.release(),
                        TaskEntry.NEVER)
                .withLocks(locks(task));
    }

    /* What it depends on and the kernel does not know. */
    private Map<TaskId, ForeignTask> foreign(Task task) {
        Map<TaskId, ForeignTask> foreign = new HashMap<>();
        for (TaskDependency edge : task.dependencies()) {
            TaskId on = edge.task();
            if (!body.tasks.knows(on)) {
                body.node
                        .siblings()
                        .ownerOf(on)
                        .filter(owner -> owner.body() != body)
                        .flatMap(owner -> owner.body().tasks.watches().await(on, body.id()))
                        .or(() ->
                                StoreReads.ask(() -> body.node.store().load(on))
                                        .map(ReturningTasks::state))
                        .ifPresent(state -> foreign.put(on, state));
            }
        }
        return foreign;
    }

    private static ForeignTask state(TaskRecord record) {
        Task task = record.task();
        return new ForeignTask(task.domain(), task.phase(), task.attempt() > 0, task.result());
    }

    private Set<String> locks(Task task) {
        try {
            return body.node.deployed().handlerOf(task.request()).descriptor().locks();
        } catch (RefusedException gone) {
            LOG.debug("task={}: its handler is not there", task.id(), gone);
            return Set.of();
        }
    }
}
