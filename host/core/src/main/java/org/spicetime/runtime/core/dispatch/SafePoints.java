// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.history.TaskLogs;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * Where tasks leave their slots to others, on their own threads: at the checkpoints and polls of
 * handlers, when asked to give way, and while they wait for something. Afterwards each waits on its
 * thread until it gets a slot again. Fields are guarded by the domain's guard; methods take it
 * unless they say otherwise.
 */
final class SafePoints implements Attempt.Runner {

    private final DomainGuard guard;
    private final TaskSource source;
    private final WorkerUsage usage;
    private final Dispatcher dispatcher;
    private boolean putOff;

    SafePoints(DomainGuard guard, TaskSource source, WorkerUsage usage, Dispatcher dispatcher) {
        this.guard = guard;
        this.source = source;
        this.usage = usage;
        this.dispatcher = dispatcher;
    }

    @Override
    public void giveWay(Attempt attempt, Meter meter) {
        Measured measured = meter.stop(attempt.poolPeakBytes());
        usage.io(meter);
        guard.enterPatiently();
        try {
            if (!attempt.settled) {
                source.charge(attempt.entry, measured);
                if (attempt.slot == Attempt.NO_SLOT) {
                    // It unwinds, or has been asked before it left its slot.
                } else if (!source.dispatching()) {
                    putOff = true;
                } else if (attempt.stop() == null) {
                    rotate(attempt);
                }
            }
        } finally {
            guard.leave();
        }
        attempt.awaitSlot();
        attempt.begin(meter);
    }

    private void rotate(Attempt attempt) {
        int slot = attempt.slot;
        TaskEntry next = source.rotate(attempt.entry, slot);
        if (!attempt.entry.equals(next)) {
            attempt.loseSlot();
            dispatcher.give(slot, next);
        }
    }

    @Override
    public boolean leaveSlot(
            Attempt attempt, Meter meter, WaitReason why, @Nullable String resource) {
        Measured measured = meter.stop(attempt.poolPeakBytes());
        usage.io(meter);
        boolean left;
        guard.enterPatiently();
        try {
            if (!attempt.settled) {
                source.charge(attempt.entry, measured);
            }
            left = block(attempt, why, resource);
        } finally {
            guard.leave();
        }
        attempt.begin(meter);
        return left;
    }

    /**
     * The attempt leaves its slot to others and waits for something, until {@link #woken}. Under
     * the guard.
     *
     * @return whether it has left it; one that is to end, or has none, does not
     */
    boolean block(Attempt attempt, WaitReason why, @Nullable String resource) {
        if (attempt.settled || attempt.stop() != null || attempt.slot == Attempt.NO_SLOT) {
            return false;
        }
        int slot = attempt.slot;
        attempt.slot = Attempt.NO_SLOT;
        source.block(attempt.entry, why, resource);
        dispatcher.free(slot);
        return true;
    }

    @Override
    public void takeSlot(Attempt attempt, Meter meter) {
        Measured measured = meter.stop(attempt.poolPeakBytes());
        usage.io(meter);
        guard.enterPatiently();
        try {
            if (!attempt.settled) {
                source.charge(attempt.entry, measured);
                if (attempt.stop() == null) {
                    attempt.loseSlot();
                    woken(attempt);
                } else {
                    source.unwind(attempt.entry);
                }
            }
        } finally {
            guard.leave();
        }
        attempt.awaitSlot();
        attempt.begin(meter);
    }

    /** The attempt has what it waited for, and is ready for a slot. Under the guard. */
    void woken(Attempt attempt) {
        dispatcher.fill(() -> source.woken(attempt.entry));
    }

    /** Tasks are dispatched again: asks those anew that could not give way. Under the guard. */
    void resumed() {
        if (putOff) {
            putOff = false;
            boolean atPolls = source.preemptsAtPolls();
            dispatcher.forEachAttempt(attempt -> attempt.askToGiveWay(atPolls));
        }
    }

    /** The attempt goes on in this slot, or without one. Under the guard. */
    void goOn(Attempt attempt, int slot) {
        attempt.goOn(slot);
        guard.afterwards(attempt.worker::wake);
    }

    /** Lets an attempt that waits for a slot go on without one, as it was asked to end. */
    void unwind(Attempt attempt) {
        guard.enterPatiently();
        try {
            if (attempt.waits() && !attempt.settled) {
                source.unwind(attempt.entry);
                goOn(attempt, Attempt.NO_SLOT);
            }
        } finally {
            guard.leave();
        }
    }

    @Override
    public void progress(Attempt attempt, double ratio) {
        guard.enterPatiently();
        try {
            if (!attempt.settled) {
                source.progress(attempt.entry, ratio);
            }
        } finally {
            guard.leave();
        }
    }

    @Override
    public TaskLogs.@Nullable AttemptLog log(Attempt attempt) {
        guard.enter();
        try {
            return attempt.settled ? null : source.log(attempt.entry);
        } finally {
            guard.leave();
        }
    }
}
