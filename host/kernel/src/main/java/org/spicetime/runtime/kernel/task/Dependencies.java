// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * Who waits for whom, and what the end of a task means to those that wait. Guarded by the caller.
 */
final class Dependencies {
    private final Lifecycle lifecycle;
    private final Map<TaskId, Set<Dependency>> foreign = new HashMap<>();

    Dependencies(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** Begins to wait; the state of the task waited for is looked at by {@link #look}. */
    void add(Dependency dependency, Now now) {
        dependency.waiting = true;
        dependency.dependant.unmet++;
        TaskEntry on = dependency.prerequisite;
        if (on != null) on.waiting.add(dependency);
        else foreign.computeIfAbsent(dependency.on, id -> new LinkedHashSet<>()).add(dependency);
        if (dependency.timeout.isPositive()) {
            long due = now.nanosAfter(dependency.timeout);
            dependency.timer =
                    new Timer(Timer.Kind.DEPENDENCY, dependency.dependant, dependency, null, due);
            lifecycle.timers.set(dependency.timer);
        }
    }

    /** Looks at a task of this domain that is waited for. */
    void look(Dependency dependency, Now now) {
        TaskEntry on = dependency.prerequisite;
        if (on != null && dependency.waiting)
            apply(
                    dependency,
                    dependency.verdict(on.phase, on.dispatchedOnce()),
                    on.phase,
                    on.result,
                    now);
    }

    void look(Dependency dependency, ForeignTask state, Now now) {
        if (dependency.waiting)
            apply(
                    dependency,
                    dependency.verdict(state.phase(), state.started()),
                    state.phase(),
                    state.result(),
                    now);
    }

    boolean awaits(TaskId foreignTask) {
        return foreign.containsKey(foreignTask);
    }

    void foreignChanged(TaskId id, ForeignTask state, Now now) {
        Set<Dependency> waiting = foreign.get(id);
        if (waiting != null)
            for (Dependency dependency : Set.copyOf(waiting)) look(dependency, state, now);
    }

    /** The task was dispatched for the first time. */
    void dispatched(TaskEntry on, Now now) {
        for (Dependency dependency = on.waiting.first(); dependency != null; ) {
            Dependency next = dependency.next;
            if (dependency.type == DependencyType.START) met(dependency, null, now);
            dependency = next;
        }
    }

    /** The task has ended; every one that waits for it is released or fails. */
    void ended(TaskEntry on, Now now) {
        for (Dependency dependency = on.waiting.first();
                dependency != null && on.isFinal();
                dependency = on.waiting.first()) look(dependency, now);
    }

    void timedOut(Dependency dependency, Now now) {
        if (dependency.type == DependencyType.SOFT) met(dependency, null, now);
        else
            broken(
                    dependency,
                    "task " + dependency.on + " was not done within " + dependency.timeout,
                    Map.of(
                            "dependency",
                            dependency.on.toString(),
                            "timeout",
                            dependency.timeout.toString()),
                    now);
    }

    /** The task itself has ended: it waits for nothing any more. */
    void abandon(TaskEntry dependant, Now now) {
        for (Dependency dependency : dependant.dependencies)
            if (dependency.waiting) leave(dependency, now);
    }

    /** Drops a task that is no longer kept. */
    void forget(TaskEntry entry) {
        for (Dependency dependency : entry.dependencies)
            if (dependency.list != null) dependency.list.remove(dependency);
        for (Dependency past = entry.past.first(); past != null; past = entry.past.first()) {
            entry.past.remove(past);
            past.prerequisite = null;
            past.forgotten = true;
        }
    }

    /** Waits again for what was not done; what other domains know of it must be told anew. */
    void reopen(TaskEntry dependant, Now now) {
        dependant.brokenBy = null;
        for (Dependency dependency : dependant.dependencies) {
            if (dependency.satisfied) continue;
            if (dependency.list != null) dependency.list.remove(dependency);
            add(dependency, now);
            if (dependency.forgotten) gone(dependency, now);
            else look(dependency, now);
            if (dependant.isFinal()) return;
        }
    }

    private void gone(Dependency dependency, Now now) {
        broken(
                dependency,
                "task " + dependency.on + " was not done and is no longer kept",
                Map.of("dependency", dependency.on.toString()),
                now);
    }

    private void apply(
            Dependency dependency,
            Dependency.Verdict verdict,
            TaskPhase phase,
            @Nullable Payload result,
            Now now) {
        switch (verdict) {
            case WAIT -> {}
            case MET -> met(dependency, result, now);
            case BROKEN ->
                    broken(
                            dependency,
                            "task " + dependency.on + " ended as " + phase,
                            Map.of("dependency", dependency.on.toString(), "phase", phase.name()),
                            now);
        }
    }

    private void met(Dependency dependency, @Nullable Payload result, Now now) {
        dependency.satisfied = true;
        if (dependency.type == DependencyType.DATA) dependency.input = result;
        leave(dependency, now);
        TaskEntry dependant = dependency.dependant;
        if (--dependant.unmet == 0 && dependant.announced && !dependant.isFinal())
            lifecycle.settle(dependant, now);
    }

    private void broken(
            Dependency dependency, String message, Map<String, Object> context, Now now) {
        TaskEntry dependant = dependency.dependant;
        dependant.brokenBy = dependency;
        lifecycle.end(
                dependant,
                TaskPhase.FAILED,
                null,
                lifecycle.error(dependant, RuntimeErrorCode.DEPENDENCY_FAILED, message, context),
                now);
    }

    private void leave(Dependency dependency, Now now) {
        dependency.waiting = false;
        lifecycle.timers.cancel(dependency.timer);
        dependency.timer = null;
        TaskEntry on = dependency.prerequisite;
        if (on == null) {
            Set<Dependency> waiting = foreign.get(dependency.on);
            if (waiting != null && waiting.remove(dependency) && waiting.isEmpty())
                foreign.remove(dependency.on);
            return;
        }
        on.waiting.remove(dependency);
        on.past.add(dependency);
        lifecycle.inheritance.lower(on, now);
    }
}
