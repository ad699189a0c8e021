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

    /* It had left for the store, and may be back since. */
    private void findAgain(Dependency dependency) {
        dependency.prerequisite = lifecycle.table.get(dependency.on);
        dependency.forgotten = dependency.prerequisite == null;
    }

    /**
     * A task comes back from the store, for which others wait that have known of it by hearsay
     * only.
     */
    void adopt(TaskEntry on, Now now) {
        Set<Dependency> waiting = foreign.remove(on.id);
        if (waiting == null) return;
        for (Dependency dependency : waiting) {
            dependency.prerequisite = on;
            on.waiting.add(dependency);
        }
        for (Dependency dependency : waiting) {
            look(dependency, now);
            lifecycle.inheritance.raise(dependency.dependant, now);
        }
    }

    /** Was done before the dependant was let in, and stays so whatever became of it since. */
    void metBefore(Dependency dependency) {
        dependency.waiting = false;
        TaskEntry on = dependency.prerequisite;
        if (on == null) return;
        if (on.equals(lifecycle.table.get(dependency.on))) {
            on.past.add(dependency);
            return;
        }
        dependency.prerequisite = null;
        dependency.forgotten = true;
    }

    /** Begins to wait; the state of the task waited for is looked at by {@link #look}. */
    void add(Dependency dependency, Now now) {
        add(dependency, now.nanos(), now);
    }

    /** The same; its time-out counts from that instant. */
    void add(Dependency dependency, long sinceNanos, Now now) {
        dependency.waiting = true;
        dependency.dependant.unmet++;
        TaskEntry on = dependency.prerequisite;
        if (on != null) on.waiting.add(dependency);
        else foreign.computeIfAbsent(dependency.on, id -> new LinkedHashSet<>()).add(dependency);
        if (dependency.timeout.isPositive()) {
            long due = Now.saturatedSum(sinceNanos, Now.saturatedNanos(dependency.timeout));
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

    /**
     * How the task fails is decided and not stored yet. Stored tasks that cannot run any more for
     * it end as well, so that a chain of them is stored at once; all others wait until it is seen.
     */
    void failing(TaskEntry on, Now now) {
        TaskPhase how = on.decided;
        if (how == null) return;
        // An end takes all dependencies of its task off the list, also the next one.
        for (Dependency dependency : on.waiting.all()) {
            TaskEntry dependant = dependency.dependant;
            if (dependency.waiting
                    && lifecycle.endsInTwoSteps(dependant)
                    && !dependant.isOver()
                    && dependency.verdict(how, on.dispatchedOnce()) == Dependency.Verdict.BROKEN)
                apply(dependency, Dependency.Verdict.BROKEN, how, null, now);
        }
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
            if (dependency.forgotten) findAgain(dependency);
            add(dependency, now);
            if (dependency.forgotten) gone(dependency, now);
            else look(dependency, now);
            if (dependant.isOver()) return;
        }
    }

    /** What is waited for is known to nobody any more. */
    void gone(Dependency dependency, Now now) {
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
        if (--dependant.unmet > 0) {
            if (dependant.announced) lifecycle.listener.waitsForLess(dependant);
        } else if (dependant.announced && !dependant.isOver()) lifecycle.settle(dependant, now);
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
