// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAccumulator;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.history.TaskLogs;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.SlicedTask;

/**
 * Where tasks leave their slots to others, on their own threads: at the checkpoints and polls of
 * handlers, when asked to give way, and while they wait for something. Afterwards each waits on its
 * thread until it gets a slot again. Fields are guarded by the domain's guard; methods take it
 * unless they say otherwise.
 */
final class SafePoints implements Attempt.Runner {

    private static final long NOT_KNOWN = -1;

    private final DomainGuard guard;
    private final TaskSource source;
    private final Dispatcher dispatcher;
    private final LockPoints locks;
    private final SlotUse use;
    private final LongAccumulator longestPollGap = new LongAccumulator(Math::max, NOT_KNOWN);
    private boolean putOff;

    SafePoints(DomainGuard guard, TaskSource source, Dispatcher dispatcher) {
        this.guard = guard;
        this.source = source;
        this.dispatcher = dispatcher;
        use = new SlotUse(guard, source, dispatcher);
        locks = new LockPoints(guard, source, dispatcher, use);
    }

    /** What looks after the slots. */
    SlotUse use() {
        return use;
    }

    @Override
    public void pollGap(long nanos) {
        longestPollGap.accumulate(nanos);
    }

    /** The longest so far; empty: none was asked. Any thread. */
    OptionalLong longestPollGap() {
        long longest = longestPollGap.get();
        return longest == NOT_KNOWN ? OptionalLong.empty() : OptionalLong.of(longest);
    }

    /** Forgets the longest so far. */
    void resetPollGap() {
        longestPollGap.reset();
    }

    @Override
    public void giveWay(Run run) {
        Measured measured = run.measure();
        guard.enterPatiently();
        try {
            run.pause();
            SlicedTask task = run.sliced();
            if (!run.settled && task != null) {
                source.charge(task, run.owed(measured));
                if (run.taken) {
                    use.returned(run, task);
                } else if (run.slot == Run.NO_SLOT) {
                    // It unwinds, or has been asked before it left its slot.
                } else if (!source.dispatching()) {
                    putOff = true;
                } else if (run.stop() == null) {
                    leave(run, task);
                }
            }
        } finally {
            guard.leave();
        }
        run.awaitSlot();
        run.resume();
    }

    private void leave(Run run, SlicedTask task) {
        int slot = run.slot;
        SlicedTask next = dispatcher.successor(task, slot);
        if (!task.equals(next)) {
            run.loseSlot();
            dispatcher.give(slot, next);
        }
    }

    @Override
    public boolean leaveSlot(Run run, WaitReason why, @Nullable String resource) {
        Measured measured = run.measure();
        boolean left;
        guard.enterPatiently();
        try {
            if (run instanceof LightRun light) {
                dispatcher.lane().runsLong(light);
            }
            run.pause();
            SlicedTask task = run.sliced();
            if (!run.settled && task != null) {
                source.charge(task, run.owed(measured));
            }
            left = block(run, why, resource);
        } finally {
            guard.leave();
        }
        run.resume();
        return left;
    }

    /**
     * The run leaves its slot to others and waits for something, until {@link #woken}. Under the
     * guard.
     *
     * @return whether it has left it; one that is to end, or has none, does not
     */
    boolean block(Run run, WaitReason why, @Nullable String resource) {
        SlicedTask task = run.sliced();
        if (run.settled || run.stop() != null || task == null) {
            return false;
        }
        if (run.taken) {
            use.found(run);
            source.unwind(task);
            source.block(task, why, resource);
            return true;
        }
        if (run.slot == Run.NO_SLOT) {
            return false;
        }
        int slot = run.slot;
        run.slot = Run.NO_SLOT;
        source.block(task, why, resource);
        dispatcher.free(slot);
        return true;
    }

    @Override
    public void takeSlot(Run run) {
        Measured measured = run.measure();
        guard.enterPatiently();
        try {
            run.pause();
            SlicedTask task = run.sliced();
            if (!run.settled && task != null) {
                source.charge(task, run.owed(measured));
                if (run.stop() == null) {
                    run.loseSlot();
                    woken(task);
                } else {
                    source.unwind(task);
                }
            }
        } finally {
            guard.leave();
        }
        run.awaitSlot();
        run.resume();
    }

    /** The task has what it waited for, and is ready for a slot. Under the guard. */
    void woken(SlicedTask task) {
        dispatcher.fill(() -> source.woken(task));
    }

    /** Tasks are dispatched again: asks those anew that could not give way. Under the guard. */
    void resumed() {
        if (putOff) {
            putOff = false;
            boolean atPolls = source.preemptsAtPolls();
            dispatcher.slots().forEachRun(run -> run.askToGiveWay(atPolls));
        }
    }

    /** The run goes on in this slot, or without one. Under the guard. */
    void goOn(Run run, int slot) {
        use.found(run);
        run.goOn(slot);
        guard.afterwards(run.worker::wake);
    }

    /** Lets a run that waits for a slot go on without one, as it was asked to end. */
    void unwind(Run run) {
        guard.enterPatiently();
        try {
            SlicedTask task = run.sliced();
            if ((run.waits() || run.taken) && !run.settled && task != null) {
                source.unwind(task);
                goOn(run, Run.NO_SLOT);
            }
        } finally {
            guard.leave();
        }
    }

    @Override
    public LockPoints locks() {
        return locks;
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
