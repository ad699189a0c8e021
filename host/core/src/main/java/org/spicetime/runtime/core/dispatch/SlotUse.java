// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.guard.ThreadClock;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.SlicedTask;

/*
 * The states of a run, all changed under the guard:
 *
 *   HOLDS    slot >= 0. Its thread may run or wait.
 *   WAITS    no slot, `waits()`: its thread is parked until it gets one. The kernel has it queued.
 *   OFF      no slot, left by its own thread around a wait (OffSlot). The kernel has it blocked.
 *   TAKEN    no slot, `taken`: its thread was seen to wait and does not know. The kernel has it blocked.
 *   ASTRAY   no slot, `taken` and `astray`: its thread runs all the same, because it was seen to run
 *            again or did not heed a request to give way. The kernel has it queued; its thread is demoted
 *            if it ignored the request, as far as that can be undone.
 *   UNWINDS  no slot, to end: its thread goes on without.
 *
 *   HOLDS  -- seen waiting, others ready ---------> TAKEN    kernel.block
 *   HOLDS  -- asked, no poll for its patience ----> ASTRAY   kernel.relinquish; the next one has the slot
 *   TAKEN  -- seen running ----------------------> ASTRAY    kernel.woken
 *   TAKEN  -- safe point ------------------------> WAITS     kernel.woken
 *   ASTRAY -- safe point ------------------------> WAITS
 *   ASTRAY -- picked ----------------------------> HOLDS     undemoted
 *   WAITS  -- picked ----------------------------> HOLDS
 *   TAKEN, ASTRAY -- announced wait --------------> OFF      kernel.unwind, kernel.block
 *   TAKEN, ASTRAY, WAITS -- asked to end ---------> UNWINDS  kernel.unwind
 *   any    -- the work returns ------------------> over      kernel.unwind if it has no slot
 *
 * A run has one slot at most, since only give() and goOn() hand one out, to a run that the kernel had
 * queued, and the kernel has a task queued at most once.
 */
/**
 * Looks whether the runs of a domain use their slots while others wait for one, and takes the slots
 * of those that do not. Fields are guarded by the domain's guard unless they say otherwise.
 */
final class SlotUse implements SlotMonitor.Watched {

    private static final long SHORTEST_PATIENCE = 1_000_000;

    private final DomainGuard guard;
    private final TaskSource source;
    private final Dispatcher dispatcher;
    private final List<Run> looked = new ArrayList<>();
    private @Nullable SlotMonitor monitor;
    private int taken;

    /* Written under the guard, read by the monitor without. */
    private volatile boolean watching;

    SlotUse(DomainGuard guard, TaskSource source, Dispatcher dispatcher) {
        this.guard = guard;
        this.source = source;
        this.dispatcher = dispatcher;
    }

    /** This one looks from now on; null: nobody does. */
    void watchedBy(@Nullable SlotMonitor next) {
        SlotMonitor former = monitor;
        if (former != null) {
            former.unregister(this);
        }
        monitor = next;
        watching = false;
        if (next != null) {
            next.register(this);
        }
    }

    /** At the end of each section: has the monitor come if there is something to see. */
    void settle() {
        SlotMonitor present = monitor;
        if (present != null && !watching && worth()) {
            watching = true;
            guard.afterwards(present::wake);
        }
    }

    private boolean worth() {
        return taken > 0 || dispatcher.crowded() || dispatcher.slots().beyond() > 0;
    }

    @Override
    public boolean worthALook() {
        return watching;
    }

    @Override
    public void look(long nanos, boolean late) {
        if (!guard.tryEnter(0)) {
            return;
        }
        try {
            watching = worth();
            if (watching) {
                dispatcher.slots().forEachRun(looked::add);
                looked.forEach(run -> look(run, nanos, late));
                looked.clear();
            }
        } finally {
            guard.leave();
        }
    }

    private void look(Run run, long nanos, boolean late) {
        SlicedTask task = run.sliced();
        if (task == null || run.onItsWay() || run.settled || run.stop() != null || run.waits()) {
            return;
        }
        boolean holds = run.slot != Run.NO_SLOT;
        if (!holds && !run.taken) {
            return;
        }
        Thread thread = run.worker.thread();
        Thread.State state = thread.getState();
        boolean seenBefore = run.looks++ > 0;
        if (!seenBefore && state == Thread.State.RUNNABLE) {
            return;
        }
        long cpu = ThreadClock.cpu(thread);
        boolean moved = seenBefore && cpu != run.cpuSeen;
        boolean still = seenBefore && !late && cpu >= 0 && !moved;
        run.cpuSeen = cpu;
        if (holds && (dispatcher.crowded() || dispatcher.slots().beyond() > 0)) {
            if (still && waits(run, state)) {
                take(run, task, state);
            } else if (ignores(run, task, nanos)) {
                leaveAstray(run, task);
            }
        } else if (run.taken && !run.astray && moved && state == Thread.State.RUNNABLE) {
            run.astray = true;
            dispatcher.fill(() -> source.woken(task));
        }
    }

    /* Java knows of its own waits, the operating system of those in its calls. */
    private static boolean waits(Run run, Thread.State state) {
        return switch (state) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            case RUNNABLE -> run.worker.sleeps();
            case NEW, TERMINATED -> false;
        };
    }

    private void take(Run run, SlicedTask task, Thread.State state) {
        charge(run, task);
        int slot = run.slot;
        run.slot = Run.NO_SLOT;
        run.taken = true;
        taken++;
        boolean monitor = state == Thread.State.BLOCKED;
        source.block(task, monitor ? WaitReason.LOCK : WaitReason.IO, monitor ? "monitor" : null);
        run.reenterAtNextPoll();
        dispatcher.free(slot);
    }

    private boolean ignores(Run run, SlicedTask task, long nanos) {
        long asked = run.askedNanos();
        return asked != 0
                && (source.preemptsAtPolls() || dispatcher.slots().beyond() > 0)
                && source.dispatching()
                && nanos - asked >= Math.max(SHORTEST_PATIENCE, source.patienceNanos(task));
    }

    private void leaveAstray(Run run, SlicedTask task) {
        charge(run, task);
        int slot = run.slot;
        SlicedTask next = dispatcher.successor(task, slot);
        if (task.equals(next)) {
            run.askedAgain();
            return;
        }
        run.slot = Run.NO_SLOT;
        run.taken = true;
        run.astray = true;
        taken++;
        dispatcher.give(slot, next);
        run.demote();
    }

    /** What it has used so far, although its thread has told nothing. */
    private void charge(Run run, SlicedTask task) {
        long used = ThreadClock.cpu(run.worker.thread()) - run.cpuAtStart - run.chargedNanos;
        if (used > 0) {
            run.chargedNanos += used;
            source.charge(
                    task,
                    new Measured(
                            used,
                            MeasurementAccuracy.EXACT,
                            0,
                            OptionalLong.empty(),
                            OptionalLong.empty()));
        }
    }

    /** The run is no longer without a slot unknowingly. Under the guard. */
    void found(Run run) {
        if (run.taken) {
            run.taken = false;
            run.astray = false;
            taken--;
            run.restore();
        }
    }

    /**
     * A run whose slot was taken is at a safe point: it is queued, and is to wait for a slot,
     * unless it is to end. Under the guard.
     */
    void returned(Run run, SlicedTask task) {
        boolean queued = run.astray;
        found(run);
        if (run.stop() != null) {
            source.unwind(task);
            return;
        }
        run.loseSlot();
        if (!queued) {
            dispatcher.fill(() -> source.woken(task));
        }
    }
}
