// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.CrashPolicy;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.dispatch.LightSource;
import org.spicetime.runtime.core.dispatch.TaskSource;
import org.spicetime.runtime.core.history.TaskLogs;
import org.spicetime.runtime.kernel.task.LightTask;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.Outcome;
import org.spicetime.runtime.kernel.task.SlicedTask;
import org.spicetime.runtime.kernel.task.TaskEntry;
import org.spicetime.runtime.kernel.task.TaskLocks;

/** What the dispatcher of a domain takes from its kernel and tells it. Called inside the guard. */
final class DispatchedTasks implements TaskSource {

    private final TaskParts tasks;
    private final LightSource lights;

    DispatchedTasks(TaskParts tasks, LightSource lights) {
        this.tasks = tasks;
        this.lights = lights;
    }

    @Override
    public Now now() {
        return tasks.now();
    }

    @Override
    public boolean preemptsAtPolls() {
        return tasks.kernel().settings().preemptsAtPolls();
    }

    @Override
    public long patienceNanos(SlicedTask task) {
        long granularity = tasks.kernel().settings().preemption().granularity().toNanos();
        return 2 * Math.max(task.quantumNanos(), granularity);
    }

    @Override
    public boolean dispatching() {
        return tasks.events.dispatching();
    }

    @Override
    public @Nullable SlicedTask pick(int slot) {
        Now now = tasks.now();
        tasks.recorder.on(slot);
        SlicedTask task = tasks.kernel().next(slot, now);
        dispatched(task, now);
        tasks.recorder.done();
        return task;
    }

    private void dispatched(@Nullable SlicedTask task, Now now) {
        if (task instanceof TaskEntry entry) {
            tasks.recorder.picked(entry, now.instant());
            tasks.latencies.waited(entry.lastWaitNanos());
        }
    }

    @Override
    public LightSource light() {
        return lights;
    }

    @Override
    public void charge(SlicedTask task, Measured measured) {
        switch (task) {
            case TaskEntry entry -> tasks.kernel().charge(entry, measured);
            case LightTask light -> tasks.kernel().lights().charge(light, measured.cpuNanos());
        }
    }

    @Override
    public @Nullable SlicedTask rotate(SlicedTask task, int slot) {
        Now now = tasks.now();
        tasks.recorder.on(slot);
        SlicedTask next = tasks.kernel().relinquish(task, slot, now);
        if (!task.equals(next)) {
            dispatched(next, now);
        }
        tasks.recorder.done();
        return next;
    }

    @Override
    public void vacate(SlicedTask task) {
        tasks.kernel().vacate(task, tasks.now());
    }

    @Override
    public void block(SlicedTask task, WaitReason why, @Nullable String resource) {
        tasks.kernel().block(task, why, resource, tasks.now());
    }

    @Override
    public void woken(SlicedTask task) {
        tasks.kernel().woken(task, tasks.now());
    }

    @Override
    public void unwind(SlicedTask task) {
        tasks.kernel().unwind(task, tasks.now());
    }

    @Override
    public TaskLocks locks() {
        return tasks.kernel().locks();
    }

    @Override
    public Map<TaskId, Payload> inputs(TaskEntry entry) {
        return entry.request().dependencies().isEmpty() ? Map.of() : tasks.kernel().inputs(entry);
    }

    @Override
    public void ended(TaskEntry entry, Measured measured, Outcome outcome) {
        Now now = tasks.now();
        tasks.kernel().charge(entry, measured);
        tasks.recorder.ending(entry, outcome, now.instant());
        tasks.kernel().finished(entry, outcome, now);
        tasks.recorder.ended(entry);
        tasks.recorder.done();
        tasks.watches().settle();
    }

    @Override
    public void progress(TaskEntry entry, double ratio) {
        tasks.kernel().progress(entry, ratio, tasks.now());
        tasks.journal().progressed(entry);
    }

    @Override
    public @Nullable CompletableFuture<Boolean> startHolds(TaskEntry entry) {
        boolean waits =
                entry.record() != null
                        && (entry.attempt() > 1 || entry.request().onCrash() == CrashPolicy.FAIL);
        return waits ? tasks.journal().holds() : null;
    }

    @Override
    public TaskLogs.AttemptLog log(TaskEntry entry) {
        return tasks.recorder.log(entry, tasks.clock.instants().instant());
    }

    @Override
    public void leftBehind(int threads, @Nullable String why) {
        tasks.events.leftBehind(threads, why);
    }

    @Override
    public int ready() {
        return tasks.kernel().ready();
    }
}
