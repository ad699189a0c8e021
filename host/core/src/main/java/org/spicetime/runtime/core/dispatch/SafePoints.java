// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.core.history.TaskLogs;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * What happens at the checkpoints and polls of handlers: a task that was asked to give way leaves
 * its slot to another one and waits on its own thread until it gets one again. Fields are guarded
 * by the domain's guard; methods take it unless they say otherwise.
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
                if (!source.dispatching()) {
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
