// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.WaitReason;

/** What running tasks do with the locks of their domain. Guarded by the caller. */
public final class TaskLocks {
    private final Lifecycle lifecycle;
    private final Attempts attempts;
    private final Consumer<Now> conclude;

    TaskLocks(Lifecycle lifecycle, Attempts attempts, Consumer<Now> conclude) {
        this.lifecycle = lifecycle;
        this.attempts = attempts;
        this.conclude = conclude;
    }

    /**
     * Takes a lock for a running task, if nobody else has it. A task may take a lock again that it
     * holds.
     *
     * @return whether the task has it now
     * @throws RefusedException BAD_USER_INPUT, RESOURCE_EXHAUSTED, or SCHEDULER_ERROR with the
     *     reason CEILING or LOCK_LOST
     */
    public boolean take(TaskEntry entry, String name, Now now) {
        boolean taken = lifecycle.locks.take(entry, name, now);
        conclude.accept(now);
        return taken;
    }

    /**
     * After {@link #take} answered false: the running task leaves its slot and waits. It is ready
     * again when it has the lock, which {@link #holds} tells, or when nobody can have it any more,
     * which {@link #take} tells. After the slice was charged.
     *
     * @throws RefusedException SCHEDULER_ERROR with the reason DEADLOCK; the task runs on
     */
    public void await(TaskEntry entry, String name, Now now) {
        lifecycle.locks.requireNoCycle(entry, name);
        attempts.block(entry, WaitReason.LOCK, name, owner(name), now);
        lifecycle.locks.await(entry, name, now);
        conclude.accept(now);
    }

    /**
     * A task that waits for a lock gives up and is ready again without it.
     *
     * @return false: it does not wait for a lock; it may have got it meanwhile
     */
    public boolean giveUp(TaskEntry entry, Now now) {
        if (entry.awaited == null) return false;
        lifecycle.locks.withdraw(entry, now);
        attempts.woken(entry, now);
        conclude.accept(now);
        return true;
    }

    /** Whether the task holds the lock. */
    public boolean holds(TaskEntry entry, String name) {
        return entry.equals(lifecycle.locks.owner(name));
    }

    /** Who holds the lock; null: nobody, or a thread whose attempt is over. */
    public @Nullable TaskEntry owner(String name) {
        return lifecycle.locks.owner(name);
    }

    /** Gives a lock back that the task holds; it is free after as many calls as it was taken. */
    public void giveBack(TaskEntry entry, String name, Now now) {
        lifecycle.locks.giveBack(entry, name, now);
        conclude.accept(now);
    }

    /**
     * The attempt is about to be over while its thread goes on: its locks stay closed, and whoever
     * wants one is refused. Before {@link DomainKernel#finished}, which frees the locks otherwise.
     *
     * @param why for those who are refused
     */
    public KeptLocks keep(TaskEntry entry, String why, Now now) {
        KeptLocks kept = lifecycle.locks.keep(entry, why, now);
        conclude.accept(now);
        return kept;
    }

    /** Such a thread has given a lock back after all. */
    public void free(KeptLocks kept, String name) {
        lifecycle.locks.free(kept, name);
    }

    /** Such a thread has ended: its locks are free. */
    public void free(KeptLocks kept) {
        lifecycle.locks.free(kept);
    }
}
