// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.Optional;
import org.spicetime.runtime.api.handler.HeldLock;
import org.spicetime.runtime.kernel.task.KeptLocks;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.TaskEntry;
import org.spicetime.runtime.kernel.task.TaskLocks;

/**
 * Where handlers take the locks of their domain and give them back. The kernel decides who has one;
 * here a task that must wait leaves its slot and parks its thread. Methods take the domain's guard
 * and run on the worker of the attempt, unless they say otherwise.
 */
final class LockPoints {

    /** Waits as long as it takes. */
    static final long FOR_EVER = Long.MAX_VALUE;

    private final DomainGuard guard;
    private final TaskSource source;
    private final Dispatcher dispatcher;
    private final SlotUse use;

    LockPoints(DomainGuard guard, TaskSource source, Dispatcher dispatcher, SlotUse use) {
        this.use = use;
        this.guard = guard;
        this.source = source;
        this.dispatcher = dispatcher;
    }

    /**
     * Takes a lock.
     *
     * @param nanos the longest wait; zero or less: none
     * @return empty: it was not free in time
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Optional<HeldLock> take(Attempt attempt, String name, long nanos) throws InterruptedException {
        long end = nanos == FOR_EVER ? FOR_EVER : System.nanoTime() + Math.max(0, nanos);
        while (!takeFree(attempt, name)) {
            if (nanos <= 0) {
                return Optional.empty();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("while task " + attempt.task() + " took a lock");
            }
            Waited waited = await(attempt, name, end);
            if (waited == Waited.HAS_IT) {
                break;
            }
            attempt.endIfAsked();
            if (waited == Waited.INTERRUPTED) {
                throw new InterruptedException(
                        "while task " + attempt.task() + " waited for a lock");
            }
            if (waited == Waited.TOO_LATE) {
                return Optional.empty();
            }
        }
        return Optional.of(new Taken(attempt, name));
    }

    private boolean takeFree(Attempt attempt, String name) {
        attempt.endIfAsked();
        guard.enterPatiently();
        try {
            if (attempt.settled) {
                return false;
            }
            refuseWithoutSlot(attempt, name);
            return source.locks().take(attempt.entry, name, source.now());
        } finally {
            guard.leave();
        }
    }

    /* Also where the lock is free: whether it is must not decide whether the handler is right. */
    private static void refuseWithoutSlot(Attempt attempt, String name) {
        if (attempt.slot == Attempt.NO_SLOT && !attempt.taken) {
            throw new IllegalStateException(
                    "task "
                            + attempt.task()
                            + " cannot take lock \""
                            + name
                            + "\" inside of blocking(); take it before");
        }
    }

    /** How a wait ended. */
    private enum Waited {
        HAS_IT,
        TRY_AGAIN,
        TOO_LATE,
        INTERRUPTED
    }

    private Waited await(Attempt attempt, String name, long end) {
        Measured measured = attempt.measure();
        try {
            if (!leaveSlot(attempt, name, measured)) {
                return Waited.TRY_AGAIN;
            }
            boolean inTime = attempt.awaitSlotUntil(end);
            boolean interrupted = !inTime && Thread.currentThread().isInterrupted();
            if (!inTime) {
                giveUp(attempt);
                attempt.awaitSlot();
            }
            return outcome(attempt, name, inTime, interrupted);
        } finally {
            attempt.resume();
        }
    }

    /* False: it need not wait, or is to end. */
    private boolean leaveSlot(Attempt attempt, String name, Measured measured) {
        guard.enterPatiently();
        try {
            attempt.pause();
            if (attempt.settled) {
                return false;
            }
            source.charge(attempt.entry, attempt.owed(measured));
            if (attempt.stop() != null) {
                return false;
            }
            refuseWithoutSlot(attempt, name);
            TaskLocks locks = source.locks();
            if (locks.owner(name) == null) {
                return false;
            }
            if (attempt.taken) {
                use.found(attempt);
                source.unwind(attempt.entry);
            }
            locks.await(attempt.entry, name, source.now());
            int slot = attempt.slot;
            attempt.loseSlot();
            if (slot != Attempt.NO_SLOT) {
                dispatcher.free(slot);
            }
            return true;
        } finally {
            guard.leave();
        }
    }

    private void giveUp(Attempt attempt) {
        guard.enterPatiently();
        try {
            if (!attempt.settled && attempt.entry.awaitedLock() != null) {
                dispatcher.fill(() -> source.locks().giveUp(attempt.entry, source.now()));
            }
        } finally {
            guard.leave();
        }
    }

    private Waited outcome(Attempt attempt, String name, boolean inTime, boolean interrupted) {
        guard.enterPatiently();
        try {
            TaskEntry entry = attempt.entry;
            if (!attempt.settled && source.locks().holds(entry, name)) {
                if (attempt.stop() == null) {
                    return Waited.HAS_IT;
                }
                source.locks().giveBack(entry, name, source.now());
            }
        } finally {
            guard.leave();
        }
        if (interrupted) {
            Thread.interrupted();
            return Waited.INTERRUPTED;
        }
        return inTime ? Waited.TRY_AGAIN : Waited.TOO_LATE;
    }

    private void giveBack(Attempt attempt, String name) {
        guard.enterPatiently();
        try {
            KeptLocks kept = attempt.worker.keptLocks;
            if (!attempt.settled) {
                dispatcher.fill(() -> source.locks().giveBack(attempt.entry, name, source.now()));
            } else if (kept != null) {
                source.locks().free(kept, name);
            }
        } finally {
            guard.leave();
        }
        attempt.giveWayIfAsked();
    }

    /** The attempt is over for its domain, and its thread is not. Under the guard. */
    void leaveBehind(Run run, String why) {
        if (run instanceof Attempt attempt && !attempt.entry.heldLocks().isEmpty()) {
            attempt.worker.keptLocks = source.locks().keep(attempt.entry, why, source.now());
        }
    }

    /** The thread that was left behind has ended. Under the guard. */
    void returned(Worker worker) {
        KeptLocks kept = worker.keptLocks;
        if (kept != null) {
            worker.keptLocks = null;
            source.locks().free(kept);
        }
    }

    /** A lock that was taken. Used by the worker of its attempt. */
    private final class Taken implements HeldLock {

        private final Attempt attempt;
        private final String name;
        private boolean closed;

        Taken(Attempt attempt, String name) {
            this.attempt = attempt;
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void close() {
            attempt.checkThread();
            if (!closed && !attempt.isOver()) {
                closed = true;
                giveBack(attempt, name);
            }
        }
    }
}
