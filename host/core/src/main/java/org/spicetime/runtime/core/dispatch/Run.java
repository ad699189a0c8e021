// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.handler.TaskCancelledException;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.poll.PollContext;
import org.spicetime.runtime.core.poll.StackRoom;
import org.spicetime.runtime.core.waiting.SlotHolder;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.SlicedTask;

/**
 * What a worker is at: an attempt of a task, or light tasks. A stop may be asked for by any thread;
 * it is settled once, under the guard.
 */
abstract sealed class Run extends PollContext implements SlotHolder permits Attempt, LightRun {

    /** No slot: it waits for one at a safe point, or ends without. */
    static final int NO_SLOT = -1;

    /** Who has the slots. On the worker of the run. */
    interface Slots {
        /** The work is at a safe point and was asked to give way; returns when it may go on. */
        void giveWay(Run run);

        /**
         * The work is about to wait.
         *
         * @return whether it has left its slot
         */
        boolean leaveSlot(Run run, WaitReason why, @Nullable String resource);

        /** The work, which left its slot, has waited; returns when it may go on. */
        void takeSlot(Run run);

        /** So long it took from the request to give way to the safe point. Thread-safe. */
        void pollGap(long nanos);
    }

    final Worker worker;
    private final Slots slots;

    /* Guarded by the domain's guard. */
    boolean settled;
    int slot;
    long graceEnds = Long.MAX_VALUE;

    /* As above, of SlotUse: it has no slot and does not know; the kernel has it queued then. */
    boolean taken;
    boolean astray;

    /* As above: what was charged since it began or went on last, and how the thread was seen. */
    long chargedNanos;
    int looks;
    long cpuSeen;

    /* Owned by the worker; read by the timer for the last word on a run left behind. */
    volatile long cpuAtStart;
    private volatile @Nullable StopCause stop;

    /* Set by any thread, cleared by the worker at a safe point. */
    private volatile boolean toGiveWay;

    /* Set by any thread when it is asked, cleared by the worker when it heeds that; 0: not asked. */
    private volatile long asked;

    /* Set under the guard; cleared under the guard or by the worker. */
    private volatile boolean demoted;

    /* Written under the guard; read by the worker without. */
    private volatile boolean waiting;

    /* Set under the guard, cleared by the worker: it does not work yet, and what its thread has used
    since the last measurement is not its own. */
    private volatile boolean onItsWay = true;

    /* Guarded by this: a thread is interrupted only while it works for this run. */
    private boolean over;

    /* Of the worker. */
    private int waitsNested;
    private boolean offSlot;

    Run(Worker worker, int slot, Slots slots) {
        this.worker = worker;
        this.slot = slot;
        this.slots = slots;
    }

    /** The task that has slices; null: light tasks without. Under the guard. */
    abstract @Nullable SlicedTask sliced();

    /** For messages. */
    abstract String what();

    /** Its thread does not come back: what it uses must not be used again. Under the guard. */
    abstract void keepBack();

    /** The work is about to begin, or goes on. On the worker. */
    abstract void begin();

    /** It works from now on. On the worker. */
    final void resume() {
        begin();
        onItsWay = false;
    }

    /** It works already, and is measured from now on. Under the guard. */
    final void isUnderWay() {
        onItsWay = false;
    }

    /** It is measured, and does not work until {@link #resume}. Under the guard. */
    final void pause() {
        onItsWay = true;
        looks = 0;
    }

    /** Whether it is between {@link #pause} and {@link #resume}, or has not begun. */
    final boolean onItsWay() {
        return onItsWay;
    }

    /** What it cost since it began or went on last. On the worker. */
    abstract Measured measure();

    /**
     * Asks it to give way at its next checkpoint, or at its next poll if that is first. Any thread.
     */
    final void askToGiveWay(boolean atPolls) {
        if (asked == 0) {
            askedAgain();
        }
        toGiveWay = true;
        if (atPolls) {
            askGiveWay();
        }
    }

    /** Its time to give way begins anew. */
    final void askedAgain() {
        long now = System.nanoTime();
        asked = now == 0 ? 1 : now;
    }

    /** Since when it is asked to give way and has not come to a safe point; 0: it is not. */
    final long askedNanos() {
        return asked;
    }

    /** Its slot was taken: it is to wait for one at its next safe point, in whatever mode. */
    final void reenterAtNextPoll() {
        asked = 0;
        toGiveWay = true;
        askGiveWay();
    }

    /** Ranks its thread behind all others, where that can be undone. Under the guard. */
    final void demote() {
        demoted = worker.demote();
    }

    /** Gives its thread its rank back. Under the guard, or on the worker. */
    final void restore() {
        if (demoted) {
            demoted = false;
            worker.restore();
        }
    }

    /** Of what it cost, what was not charged yet. Under the guard. */
    final Measured owed(Measured measured) {
        long charged = chargedNanos;
        chargedNanos = 0;
        return charged == 0
                ? measured
                : new Measured(
                        Math.max(0, measured.cpuNanos() - charged),
                        measured.accuracy(),
                        measured.poolPeakBytes(),
                        measured.ioOperations(),
                        measured.heapAllocatedBytes());
    }

    /** Whether it is to give way at a checkpoint. */
    final boolean isToGiveWay() {
        return toGiveWay && Thread.currentThread().equals(worker.thread()) && StackRoom.isEnough();
    }

    /** At a checkpoint or a poll, on the thread of the worker: others have no context. */
    @Override
    protected final void giveWay() {
        answered();
        if (waitsNested == 0) {
            slots.giveWay(this);
        }
    }

    /** As at a checkpoint, but without being ended. On the worker. */
    final void giveWayIfAsked() {
        if (isToGiveWay() && mayGiveWay()) {
            giveWay();
        }
    }

    private void answered() {
        restore();
        long since = asked;
        if (since != 0) {
            asked = 0;
            slots.pollGap(System.nanoTime() - since);
        }
        toGiveWay = false;
        quiet();
    }

    @Override
    public final void leaveSlot(WaitReason why, @Nullable String resource) {
        if (waitsNested == 0) {
            answered();
            offSlot = slots.leaveSlot(this, why, resource);
        }
        waitsNested++;
    }

    @Override
    public final void takeSlot() {
        waitsNested--;
        if (waitsNested == 0 && offSlot) {
            offSlot = false;
            slots.takeSlot(this);
        }
    }

    /** It has no slot from now on, and waits for one. Under the guard. */
    final void loseSlot() {
        slot = NO_SLOT;
        waiting = true;
    }

    /** It has a slot again, or goes on without one, to end; its thread is to be woken. */
    final void goOn(int newSlot) {
        slot = newSlot;
        waiting = false;
    }

    /** Whether it waits for a slot. */
    final boolean waits() {
        return waiting;
    }

    /** Waits until it may go on. On the worker. */
    final void awaitSlot() {
        boolean interrupted = false;
        while (waiting) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * As {@link #awaitSlot}, for a limited time; an interrupt ends it as well, and is kept.
     *
     * @param end on {@link System#nanoTime}; {@link LockPoints#FOR_EVER}: none
     * @return whether it may go on
     */
    final boolean awaitSlotUntil(long end) {
        while (waiting) {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            if (end == LockPoints.FOR_EVER) {
                LockSupport.park(this);
                continue;
            }
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(this, left);
        }
        return true;
    }

    final @Nullable StopCause stop() {
        return stop;
    }

    /** Asks it to end. The first reason counts. */
    final void requestStop(StopCause why) {
        if (stop == null) {
            stop = why;
        }
        askEnd();
    }

    @Override
    protected final RuntimeException ending() {
        return new TaskCancelledException(Objects.requireNonNull(stop, "stop").message());
    }

    /** Interrupts the work, unless it has returned. */
    final synchronized void interrupt() {
        if (!over) {
            worker.thread().interrupt();
        }
    }

    /** Whether the work has returned. */
    final synchronized boolean isOver() {
        return over;
    }

    /** The work has returned: no interrupt of it may reach what comes next. */
    final synchronized void over() {
        answered();
        over = true;
        Thread.interrupted();
    }
}
