// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.history.TaskLogs;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.Outcome;
import org.spicetime.runtime.kernel.task.SlicedTask;
import org.spicetime.runtime.kernel.task.TaskEntry;
import org.spicetime.runtime.kernel.task.TaskLocks;

/** Where the dispatcher takes tasks from and accounts for them. Called under the guard. */
public interface TaskSource {

    /** Whether tasks may be dispatched now. */
    boolean dispatching();

    /** The most urgent ready task, RUNNING from now on; null: none. */
    @Nullable SlicedTask pick(int slot);

    /** Whether running tasks give way at polls too, not only at checkpoints. */
    boolean preemptsAtPolls();

    /** How long a running task that was asked to give way may go on until its slot is taken. */
    long patienceNanos(SlicedTask task);

    /** What the present slice of a running task has cost so far. */
    void charge(SlicedTask task, Measured measured);

    /**
     * Who has the slot of a running task from now on, which may be the task itself; null: nobody
     * for now. A task that loses its slot is ready again.
     */
    @Nullable SlicedTask rotate(SlicedTask task, int slot);

    /** A running task loses its slot to nobody; it is ready again. */
    void vacate(SlicedTask task);

    /** A running task leaves its slot to wait for something, which may have a name. */
    void block(SlicedTask task, WaitReason why, @Nullable String resource);

    /** A task that waited for something is ready for a slot again. */
    void woken(SlicedTask task);

    /** A started task that waits for a slot, or something else, goes on without one, to end. */
    void unwind(SlicedTask task);

    /** The locks of the domain. */
    TaskLocks locks();

    /** The present. */
    Now now();

    /** Results handed to the task. */
    Map<TaskId, Payload> inputs(TaskEntry entry);

    /**
     * What an attempt that was just picked has to wait for before its handler runs: that its start
     * is stored; false: it never will be. Null: nothing.
     */
    @Nullable CompletableFuture<Boolean> startHolds(TaskEntry entry);

    /** The attempt has ended, and what it cost. */
    void ended(TaskEntry entry, Measured measured, Outcome outcome);

    /** The log of the attempt of this task that runs. */
    TaskLogs.AttemptLog log(TaskEntry entry);

    /** How far the work is. */
    void progress(TaskEntry entry, double ratio);

    /**
     * The number of threads whose handlers did not return has changed.
     *
     * @param why of the last one; null: one has returned after all
     */
    void leftBehind(int threads, @Nullable String why);

    /** The light tasks. */
    LightSource light();

    /** Ready tasks now. */
    int ready();
}
