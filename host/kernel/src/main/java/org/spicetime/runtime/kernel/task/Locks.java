// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * The locks of a domain: who holds them, who waits, who is next. A lock that is given back belongs
 * to the most urgent waiter at once (hand-off), so that nobody can come in between and none waits
 * in vain. A task that would wait for itself is refused, so there never is a deadlock. Guarded by
 * the caller.
 */
final class Locks {
    private static final int SHOWN = 16;

    private final Lifecycle lifecycle;
    private final Map<String, DomainLock> locks = new HashMap<>();

    Locks(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** Whether the task has the lock now; false: somebody else has it. */
    boolean take(TaskEntry entry, String name, Now now) {
        if (!HandlerDescriptor.isLockName(name))
            throw RefusedException.badInput(
                    "lock",
                    "a name has 1 to "
                            + TaskContext.MAX_LOCK_NAME
                            + " letters, digits and . _ : / -, was of "
                            + name.length()
                            + " characters");
        DomainLock lock = locks.get(name);
        if (lock != null && entry.equals(lock.owner)) {
            lock.depth++;
            return true;
        }
        if (entry.held.size() >= TaskContext.MAX_LOCKS)
            throw RefusedException.exhausted(
                    "task " + entry.id + " holds " + entry.held.size() + " locks; that is the most",
                    entry.held.size() + 1L,
                    TaskContext.MAX_LOCKS);
        lifecycle.ceilings.check(entry, name);
        if (lock != null) {
            if (lock.lost != null) throw lost(lock, lock.lost);
            return false;
        }
        lock = new DomainLock(name);
        locks.put(name, lock);
        lock.ownedBy(entry);
        if (lifecycle.ceilings.inForce()) lifecycle.inheritance.refresh(entry, now);
        return true;
    }

    private static RefusedException lost(DomainLock lock, String why) {
        return new RefusedException(
                RuntimeErrorCode.SCHEDULER_ERROR,
                "lock " + lock + " cannot be had: " + why,
                Map.of("reason", "LOCK_LOST", "lock", lock.name));
    }

    /** Who holds a lock; null: nobody. */
    @Nullable TaskEntry owner(String name) {
        DomainLock lock = locks.get(name);
        return lock == null ? null : lock.owner;
    }

    /** Refuses the wait of a task for a lock that it would never get. */
    void requireNoCycle(TaskEntry entry, String name) {
        List<DomainLock> chain = new ArrayList<>();
        DomainLock at = locks.get(name);
        while (at != null) {
            chain.add(at);
            TaskEntry owner = at.owner;
            if (owner == null) return;
            if (entry.equals(owner)) throw deadlock(entry, name, chain);
            at = owner.awaited;
        }
    }

    private static RefusedException deadlock(TaskEntry entry, String name, List<DomainLock> chain) {
        StringBuilder message =
                new StringBuilder("waiting for lock \"")
                        .append(name)
                        .append("\" would never end (deadlock):");
        List<Object> cycle = new ArrayList<>();
        TaskEntry waits = entry;
        for (DomainLock lock : chain) {
            TaskEntry owner = lock.owner;
            if (owner == null) break;
            if (cycle.size() < SHOWN * 2) {
                message.append(cycle.isEmpty() ? " task " : ", task ")
                        .append(waits.id)
                        .append(" waits for ")
                        .append(lock)
                        .append(" of task ")
                        .append(owner.id);
                cycle.add(waits.id.toString());
                cycle.add(lock.name);
            }
            waits = owner;
        }
        return new RefusedException(
                RuntimeErrorCode.SCHEDULER_ERROR,
                message.append("; take locks in the same order everywhere").toString(),
                Map.of("reason", "DEADLOCK", "lock", name, "cycle", cycle));
    }

    /** The task, which has left its slot, waits for a lock that somebody holds. */
    void await(TaskEntry entry, String name, Now now) {
        DomainLock lock = locks.get(name);
        if (lock == null) throw new IllegalStateException("lock \"" + name + "\" is free");
        lock.waiters.add(entry);
        entry.awaited = lock;
        lifecycle.inheritance.raise(entry, now);
    }

    /** The task waits no longer, and has not got the lock. */
    void withdraw(TaskEntry entry, Now now) {
        DomainLock lock = entry.awaited;
        if (lock == null) return;
        entry.awaited = null;
        lock.waiters.remove(entry);
        if (lock.owner != null) lifecycle.inheritance.lower(lock.owner, now);
    }

    /** Gives a lock back once; it is free when it was given back as often as it was taken. */
    void giveBack(TaskEntry entry, String name, Now now) {
        DomainLock lock = locks.get(name);
        if (lock == null || !entry.equals(lock.owner))
            throw new IllegalStateException(
                    "task " + entry + " does not hold lock \"" + name + "\"");
        if (--lock.depth > 0) return;
        entry.held.remove(lock);
        handOver(lock, now);
        lifecycle.inheritance.lower(entry, now);
    }

    /** The attempt is over: all its locks are free. */
    void giveBackAll(TaskEntry entry, Now now) {
        if (entry.held.isEmpty()) return;
        List<DomainLock> held = List.copyOf(entry.held);
        entry.held.clear();
        for (DomainLock lock : held) handOver(lock, now);
        lifecycle.inheritance.lower(entry, now);
    }

    private void handOver(DomainLock lock, Now now) {
        lock.owner = null;
        TaskEntry next = mostUrgent(lock.waiters);
        if (next == null) {
            locks.remove(lock.name);
            return;
        }
        lock.waiters.remove(next);
        next.awaited = null;
        lock.ownedBy(next);
        lifecycle.inheritance.refresh(next, now);
        lifecycle.ready(next, TaskPhase.PREEMPTED, EnqueueReason.WOKEN, now);
    }

    private @Nullable TaskEntry mostUrgent(List<TaskEntry> waiters) {
        boolean byDeadline = lifecycle.seat.active().descriptor().deadlineAware();
        TaskEntry most = null;
        for (TaskEntry waiter : waiters)
            if (most == null || precedes(waiter, most, byDeadline)) most = waiter;
        return most;
    }

    private static boolean precedes(TaskEntry left, TaskEntry right, boolean byDeadline) {
        int priority = Integer.compare(right.priority(), left.priority());
        int deadline = Long.compare(left.deadline(), right.deadline());
        int first = byDeadline ? deadline : priority;
        return (first != 0 ? first : byDeadline ? priority : deadline) < 0;
    }

    /**
     * The attempt is over while its thread goes on: nobody can have its locks until that has ended,
     * and those that wait for them are told.
     */
    KeptLocks keep(TaskEntry entry, String why, Now now) {
        KeptLocks kept = new KeptLocks(entry.held);
        entry.held.clear();
        for (DomainLock lock : kept.locks) {
            lock.owner = null;
            lock.lost = why;
            for (TaskEntry waiter : List.copyOf(lock.waiters)) {
                withdraw(waiter, now);
                lifecycle.ready(waiter, TaskPhase.PREEMPTED, EnqueueReason.WOKEN, now);
            }
        }
        lifecycle.inheritance.lower(entry, now);
        return kept;
    }

    /** The thread has given this lock back after all. */
    void free(KeptLocks kept, String name) {
        for (DomainLock lock : kept.locks)
            if (lock.name.equals(name) && --lock.depth == 0) locks.remove(name, lock);
    }

    /** The thread has ended. */
    void free(KeptLocks kept) {
        for (DomainLock lock : kept.locks) locks.remove(lock.name, lock);
    }

    /**
     * A user of locks is there, or has ended, or its base priority changed: ceilings may be others.
     */
    void ceilingsMoved(TaskEntry user, Now now) {
        if (!lifecycle.ceilings.inForce()) return;
        for (String name : user.declaredLocks) {
            TaskEntry owner = owner(name);
            if (owner != null) lifecycle.inheritance.refresh(owner, now);
        }
    }
}
