// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.core.poll.PollContext;
import org.spicetime.runtime.core.poll.PolledThread;
import org.spicetime.runtime.kernel.task.Measured;

/**
 * Light tasks on a worker: short ones, one after the other from its tray, until one turns out to be
 * long; from then on, or from the beginning where all may be long, the run is that of one task,
 * which has slices, gives way and is stopped like any other.
 */
final class LightRun extends Run {

    private static final VarHandle CURRENT;
    private static final VarHandle WELL;
    private static final VarHandle BADLY;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CURRENT = lookup.findVarHandle(LightRun.class, "current", LightWork.class);
            WELL = lookup.findVarHandle(LightRun.class, "well", int.class);
            BADLY = lookup.findVarHandle(LightRun.class, "badly", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Shorter times are taken for times of the processor; reading its clock costs a microsecond.
     */
    private static final long SHORT = 100_000;

    /** Later deadlines are looked at when all of a tray is done, which takes less than that. */
    private static final long SOON = 1_000_000;

    final Tray tray;

    /** Nothing was there; the worker looks for a while before it rests. Under the guard. */
    boolean lingers;

    /** Its worker comes soon to look what was submitted. Under the guard. */
    boolean prompt;

    /* Written under the guard; read by the worker without. */
    private volatile @Nullable LightWork task;

    /* Written by the worker, null between two tasks. */
    @SuppressWarnings("UnusedVariable") // read by its handle
    private @Nullable LightWork current;

    /* Of those done and not accounted for. */
    private int well;
    private int badly;

    private long wallAtStart;

    LightRun(Worker worker, Tray tray, Slots slots) {
        super(worker, NO_SLOT, slots);
        this.tray = tray;
    }

    @Override
    @Nullable LightWork sliced() {
        return task;
    }

    @Override
    String what() {
        LightWork present = task;
        return present == null ? "light tasks" : present.toString();
    }

    @Override
    void keepBack() {}

    /** It is the run of this task alone, which has not begun. Under the guard. */
    void bind(LightWork one) {
        task = one;
        one.run = this;
    }

    /** What the worker is at; null: nothing now. Any thread. */
    @Nullable LightWork current() {
        return (LightWork) CURRENT.getAcquire(this);
    }

    /**
     * Makes it the run of the task that is under way. Under the guard.
     *
     * @return whether it is; false: the worker is done with that task
     */
    boolean bindTo(LightWork underWay) {
        task = underWay;
        // Either this sees that the worker went on, or the worker sees that it is bound.
        if (underWay.equals(CURRENT.getVolatile(this))) {
            underWay.run = this;
            wallAtStart = System.nanoTime();
            cpuAtStart = WorkerUsage.cpuNanosOf(worker.thread());
            isUnderWay();
            return true;
        }
        task = null;
        return false;
    }

    /** Does what is there. On the worker. */
    void work() {
        PolledThread thread = worker.thread();
        PollContext before = thread.enter(this);
        try {
            LightWork alone = task;
            if (alone != null) {
                workOff(alone);
            } else {
                workOffTray();
            }
        } finally {
            thread.enter(before);
        }
    }

    private void workOff(LightWork alone) {
        resume();
        long began = wallAtStart;
        alone.execute();
        over();
        long ended = System.nanoTime();
        if (alone.sampled) {
            tray.sample(alone, began, ended);
        }
        done(alone, ended);
    }

    private void workOffTray() {
        LightWork next = tray.outbox.poll();
        long soon = next != null && next.hasDeadline() ? System.nanoTime() + SOON : 0;
        while (next != null) {
            CURRENT.setRelease(this, next);
            if (next.sampled || next.deadline() < soon) {
                timed(next);
            } else {
                next.execute();
                ended(next);
            }
            CURRENT.setRelease(this, null);
            // Taking the next one is a full fence; see bindTo.
            next = tray.outbox.poll();
            if (next == null) {
                VarHandle.fullFence();
            }
            if (task != null) {
                over();
                tray.carried = next;
                return;
            }
        }
    }

    private void timed(LightWork one) {
        long began = System.nanoTime();
        one.execute();
        long ended = System.nanoTime();
        if (one.sampled) {
            tray.sample(one, began, ended);
        }
        done(one, ended);
    }

    private void ended(LightWork one) {
        tray.done(one);
        if (one.hasFailed()) {
            BADLY.setOpaque(this, badly + 1);
        } else {
            WELL.setOpaque(this, well + 1);
        }
    }

    /** How many ended well and are not accounted for. Any thread. */
    int wellSoFar() {
        return (int) WELL.getOpaque(this);
    }

    /** How many failed and are not accounted for. Any thread. */
    int badlySoFar() {
        return (int) BADLY.getOpaque(this);
    }

    /** What was done is accounted for. On the worker. */
    void accounted() {
        tray.clear();
        WELL.setOpaque(this, 0);
        BADLY.setOpaque(this, 0);
    }

    private void done(LightWork one, long ended) {
        ended(one);
        one.timed = true;
        one.late = one.deadline() < ended;
    }

    @Override
    void begin() {
        long now = System.nanoTime();
        if (now - tray.wallMark > SHORT) {
            mark(now);
        }
        wallAtStart = now;
        cpuAtStart = tray.cpuMark + (now - tray.wallMark);
    }

    private void mark(long now) {
        tray.wallMark = now;
        tray.cpuMark = Meter.cpuNow();
    }

    @Override
    Measured measure() {
        long now = System.nanoTime();
        long wall = now - wallAtStart;
        if (wall <= SHORT) {
            return measured(wall, MeasurementAccuracy.ATTRIBUTED);
        }
        mark(now);
        return measured(tray.cpuMark - cpuAtStart, MeasurementAccuracy.EXACT);
    }

    private static Measured measured(long cpu, MeasurementAccuracy accuracy) {
        return new Measured(
                Math.max(0, cpu), accuracy, 0, OptionalLong.empty(), OptionalLong.empty());
    }
}
