// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskHistory;
import org.spicetime.runtime.api.task.TaskLogLine;
import org.spicetime.runtime.api.task.TaskTransition;
import org.spicetime.runtime.api.task.TaskWait;

/** What happened to a task. */
final class TaskHistoryFields {
    private TaskHistoryFields() {}

    static List<Fields<?>> all(Services services) {
        return List.of(event(), attempt(), line(), waiting(services));
    }

    /** Adds what a task tells of its past. */
    static Fields<Task> addTo(Fields<Task> task, Services services) {
        return task.objects(
                        "events",
                        (t, call) ->
                                history(services, t)
                                        .map(TaskHistory::transitions)
                                        .orElse(List.of()))
                .objects(
                        "attempts",
                        (t, call) ->
                                history(services, t).map(TaskHistory::attempts).orElse(List.of()))
                .objects(
                        "waits",
                        (t, call) -> history(services, t).map(TaskHistory::waits).orElse(List.of()))
                .objects("stack", (t, call) -> stack(services, t, call));
    }

    // Shows the insides of handlers, so as all stack traces only to those who may see everything.
    private static @Nullable List<String> stack(Services services, Task task, Call call) {
        RootFields.allow(call, Role.ADMIN, "Task.stack");
        return services.domains()
                .find(task.domain())
                .flatMap(domain -> domain.stack(task.id()))
                .orElse(null);
    }

    // A task that was purged, or whose domain was deleted, since the request began has no past.
    private static Optional<TaskHistory> history(Services services, Task task) {
        return services.domains().find(task.domain()).flatMap(domain -> domain.history(task.id()));
    }

    private static Fields<TaskTransition> event() {
        return Fields.of("TaskEvent", TaskTransition.class)
                .leaf("timestamp", TaskTransition::timestamp)
                .leaf("phase", TaskTransition::phase)
                .leaf("worker", TaskTransition::worker)
                .leaf("actor", TaskTransition::actor)
                .leaf("message", TaskTransition::message);
    }

    private static Fields<TaskAttempt> attempt() {
        return Fields.of("TaskAttempt", TaskAttempt.class)
                .leaf("number", TaskAttempt::number)
                .leaf("startedAt", TaskAttempt::startedAt)
                .leaf("finishedAt", TaskAttempt::finishedAt)
                .leaf("outcome", TaskAttempt::outcome)
                .part("error", TaskAttempt::error)
                .part("host", TaskAttempt::host)
                .objects("log", (a, call) -> newest(a.log(), call))
                .leaf("linesDropped", a -> Numbers.saturated(a.linesDropped()));
    }

    private static List<TaskLogLine> newest(List<TaskLogLine> log, Call call) {
        int last = call.integer("last");
        if (last < 0 || last > TaskAttempt.MAX_LOG_LINES) {
            throw RefusedException.outOfRange("last", last, "0 .. " + TaskAttempt.MAX_LOG_LINES);
        }
        return log.subList(Math.max(0, log.size() - last), log.size());
    }

    private static Fields<TaskLogLine> line() {
        return Fields.of("TaskLogLine", TaskLogLine.class)
                .leaf("timestamp", TaskLogLine::timestamp)
                .leaf("level", TaskLogLine::level)
                .leaf("message", TaskLogLine::message);
    }

    private static Fields<TaskWait> waiting(Services services) {
        return Fields.of("TaskWait", TaskWait.class)
                .leaf("reason", TaskWait::reason)
                .leaf("since", TaskWait::since)
                .leaf("length", w -> Numbers.micros(w.length()))
                .leaf("open", TaskWait::open)
                .objects(
                        "blockedBy",
                        (w, call) ->
                                w.blockedBy() == null
                                        ? null
                                        : services.domains().findTask(w.blockedBy()).orElse(null))
                .leaf("resource", TaskWait::resource);
    }
}
