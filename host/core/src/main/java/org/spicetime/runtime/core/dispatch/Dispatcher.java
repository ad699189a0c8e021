// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.core.memory.TaskArena;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.Outcome;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * Gives the ready tasks of one domain to its workers: at most as many at a time as there are slots.
 * A task that gives way at a checkpoint leaves its slot to another one and waits on its own thread
 * until it gets one again. Workers are made on demand and park when nothing is ready; nothing
 * polls. Methods that say so are called under the guard, the others take it.
 */
public final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final String domain;
    private final DomainGuard guard;
    private final TaskSource source;
    private final HandlerSource handlers;
    private final HostClock clock;
    private final Duration grace;
    private final WorkerUsage usage = new WorkerUsage();
    private final SafePoints safePoints;

    /* Guarded by the guard. */
    private @Nullable Surroundings surroundings;
    private int slots;
    private final BitSet busySlots = new BitSet();
    private final Crew crew;
    private final Set<Attempt> running = new HashSet<>();
    private long nextGrace = Long.MAX_VALUE;
    private boolean filling;
    private @Nullable Runnable whenQuiet;

    /**
     * A dispatcher without workers.
     *
     * @param grace how long a handler may go on after it was asked to end
     */
    public Dispatcher(
            String domain,
            DomainGuard guard,
            TaskSource source,
            HandlerSource handlers,
            HostClock clock,
            Duration grace) {
        this.domain = domain;
        this.guard = guard;
        this.source = source;
        this.handlers = handlers;
        this.clock = clock;
        this.grace = grace;
        crew = new Crew(domain, guard, usage);
        safePoints = new SafePoints(guard, source, usage, this);
    }

    /** Processor time and I/O of the workers. Thread-safe. */
    public WorkerUsage usage() {
        return usage;
    }

    /** Begins to dispatch. Under the guard. */
    public void open(Surroundings lent, int slotCount) {
        surroundings = lent;
        slots = slotCount;
        whenQuiet = null;
        wake(source.ready());
    }

    /** Changes how many tasks run at a time; running ones go on. Under the guard. */
    public void slots(int slotCount) {
        slots = slotCount;
        crew.shrink(slots);
        wake(source.ready());
    }

    /** Attempts that are started and not over, those left behind aside. Under the guard. */
    public int running() {
        return running.size();
    }

    /** Threads whose handlers did not return. Under the guard. */
    public int leftBehind() {
        return crew.left();
    }

    /** Tasks became ready, or slots free: wakes or makes workers. Under the guard. */
    public void wake(int ready) {
        if (filling || surroundings == null || !source.dispatching()) {
            return;
        }
        safePoints.resumed();
        int room = slots - busySlots.cardinality() - crew.coming();
        for (int i = 0; i < ready && i < room; i++) {
            crew.call(this);
        }
    }

    /** The thread of the attempt under way; empty: none is. Under the guard. */
    public Optional<Thread> threadOf(TaskEntry entry) {
        return entry.attachment() instanceof Attempt attempt
                ? Optional.of(attempt.worker.thread())
                : Optional.empty();
    }

    /** Asks a running task to give way at its next safe point. Under the guard. */
    public void giveWay(TaskEntry entry) {
        if (entry.attachment() instanceof Attempt attempt) {
            attempt.askToGiveWay(source.preemptsAtPolls());
        }
    }

    /** Asks a running task to end. Under the guard. */
    public void stop(TaskEntry entry, StopCause why) {
        if (entry.attachment() instanceof Attempt attempt && !attempt.settled) {
            stop(attempt, why);
        }
    }

    private void stop(Attempt attempt, StopCause why) {
        attempt.requestStop(why);
        if (attempt.graceEnds == Long.MAX_VALUE) {
            attempt.graceEnds = clock.nanos().getAsLong() + grace.toNanos();
            nextGrace = Math.min(nextGrace, attempt.graceEnds);
        }
        if (attempt.waits()) {
            guard.afterwards(() -> safePoints.unwind(attempt));
        }
        guard.afterwards(attempt::interrupt);
    }

    /**
     * Asks all running tasks to end, and tells when none runs any more: at once, or when the last
     * has ended or was left behind. Under the guard.
     */
    public void stopAll(Runnable quiet) {
        for (Attempt attempt : running) {
            stop(attempt, StopCause.DOMAIN_STOPS);
        }
        whenQuiet = quiet;
        tellIfQuiet();
    }

    /** When the grace of the next handler ends; {@link Long#MAX_VALUE}: none is asked to end. */
    public long nextGraceNanos() {
        return nextGrace;
    }

    /** Leaves behind the threads whose handlers did not return in time. Under the guard. */
    public void leaveBehind(long nanos) {
        List<Attempt> late = new ArrayList<>();
        nextGrace = Long.MAX_VALUE;
        for (Attempt attempt : running) {
            if (attempt.graceEnds - nanos <= 0) {
                late.add(attempt);
            } else {
                nextGrace = Math.min(nextGrace, attempt.graceEnds);
            }
        }
        late.forEach(this::leaveBehind);
    }

    private void leaveBehind(Attempt attempt) {
        Worker worker = attempt.worker;
        crew.leaveBehind(worker);
        TaskArena arena = attempt.arenaIfOpen();
        if (arena != null) {
            attempt.surroundings().pool().quarantine(arena);
        }
        Outcome outcome =
                attempt.stop() == StopCause.DOMAIN_STOPS
                        ? new Outcome.Failed(
                                RuntimeErrorCode.SCHEDULER_ERROR,
                                "the handler did not return within "
                                        + grace.toMillis()
                                        + " ms when its domain stopped",
                                Map.of(),
                                false)
                        : new Outcome.Cancelled(null);
        LOG.error(
                "domain={} task={} handler={} did not return within {} ms after it was asked to end;"
                        + " thread {} is left behind",
                domain,
                attempt.task(),
                attempt.entry.handler(),
                grace.toMillis(),
                worker.thread().getName());
        settle(attempt, usage.measuredFromOutside(worker.thread(), attempt), outcome);
        source.leftBehind(crew.left(), leftBehindReason(attempt));
        wake(source.ready());
        tellIfQuiet();
    }

    private static String leftBehindReason(Attempt attempt) {
        return "the handler "
                + attempt.entry.handler()
                + " of task "
                + attempt.task()
                + " did not return when it was asked to; its thread is left behind and its memory"
                + " kept back";
    }

    /** Ends all workers. Under the guard; none runs. */
    public List<Thread> close() {
        surroundings = null;
        return crew.close();
    }

    /** Waits for threads that were told to end. Without the guard. */
    public static boolean join(List<Thread> ending, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        boolean all = true;
        for (Thread thread : ending) {
            long rest = Math.max(1, end - System.nanoTime());
            all &=
                    thread.equals(Thread.currentThread())
                            || Threads.join(thread, Duration.ofNanos(rest));
        }
        return all;
    }

    /* ---- called by workers ---- */

    @Nullable Attempt first(Worker worker) {
        guard.enterPatiently();
        try {
            return next(worker);
        } finally {
            guard.leave();
        }
    }

    /** Whether the worker is to end; then it is forgotten. */
    boolean ended(Worker worker) {
        guard.enterPatiently();
        try {
            if (worker.leftBehind) {
                crew.forget(worker);
                source.leftBehind(crew.left(), null);
                return true;
            }
            if (worker.retiring) {
                crew.forget(worker);
                return true;
            }
            return false;
        } finally {
            guard.leave();
        }
    }

    /** A worker died of a defect of the host; its attempt, if any, fails. */
    void lost(Worker worker) {
        guard.enterPatiently();
        try {
            crew.forget(worker);
            for (Attempt attempt : List.copyOf(running)) {
                if (attempt.worker.equals(worker)) {
                    settle(
                            attempt,
                            usage.measuredFromOutside(worker.thread(), attempt),
                            Failures.failed(
                                    RuntimeErrorCode.SCHEDULER_ERROR,
                                    "the host failed to run the task; its log tells more",
                                    Map.of()));
                }
            }
            wake(source.ready());
            tellIfQuiet();
        } finally {
            guard.leave();
        }
    }

    /** Runs an attempt, accounts for it and takes the next one. */
    @Nullable Attempt runAndNext(Worker worker, Attempt attempt, Meter meter) {
        attempt.begin(meter);
        Outcome outcome = HandlerCall.run(attempt, handlers);
        attempt.over();
        TaskArena arena = attempt.arenaIfOpen();
        if (arena != null) {
            arena.reclaim();
        }
        Measured measured = meter.stop(attempt.poolPeakBytes());
        usage.io(meter);
        guard.enterPatiently();
        try {
            if (attempt.settled) {
                return null;
            }
            settle(attempt, measured, outcome);
            tellIfQuiet();
            return next(worker);
        } finally {
            guard.leave();
        }
    }

    /* ---- under the guard ---- */

    void forEachAttempt(Consumer<Attempt> action) {
        running.forEach(action);
    }

    /** Another task has this slot from now on; null: none, the slot is free. */
    void give(int slot, @Nullable TaskEntry next) {
        Surroundings lent = surroundings;
        if (next == null || lent == null) {
            busySlots.clear(slot);
        } else if (next.attachment() instanceof Attempt started) {
            safePoints.goOn(started, slot);
        } else {
            Worker worker = crew.spare(this);
            worker.assigned = begin(next, slot, worker, lent);
        }
    }

    /** A running task has left this slot: whoever is next gets it. */
    void free(int slot) {
        boolean usable = slot < slots && surroundings != null && source.dispatching();
        give(slot, usable ? source.pick(slot) : null);
    }

    /** Makes tasks ready, and gives them the free slots without calling workers that would pick. */
    void fill(Runnable makesReady) {
        filling = true;
        try {
            makesReady.run();
        } finally {
            filling = false;
        }
        if (surroundings == null) {
            return;
        }
        for (TaskEntry entry = pick(); entry != null; entry = pick()) {
            int slot = busySlots.nextClearBit(0);
            busySlots.set(slot);
            give(slot, entry);
        }
    }

    private Attempt begin(TaskEntry entry, int slot, Worker worker, Surroundings lent) {
        Attempt attempt = new Attempt(entry, slot, worker, lent, source.inputs(entry), safePoints);
        entry.attach(attempt);
        running.add(attempt);
        return attempt;
    }

    private void settle(Attempt attempt, Measured measured, Outcome outcome) {
        if (attempt.slot == Attempt.NO_SLOT) {
            source.unwind(attempt.entry);
        }
        attempt.settled = true;
        running.remove(attempt);
        if (attempt.slot != Attempt.NO_SLOT) {
            busySlots.clear(attempt.slot);
        }
        attempt.entry.attach(null);
        source.ended(attempt.entry, measured, outcome);
    }

    private @Nullable Attempt next(Worker worker) {
        crew.arrived(worker);
        Attempt assigned = worker.assigned;
        if (assigned != null) {
            worker.assigned = null;
            return assigned;
        }
        Surroundings lent = surroundings;
        if (worker.leftBehind || worker.retiring) {
            return null;
        }
        if (lent == null) {
            worker.retiring = true;
            return null;
        }
        for (TaskEntry entry = pick(); entry != null; entry = pick()) {
            int slot = busySlots.nextClearBit(0);
            busySlots.set(slot);
            if (!(entry.attachment() instanceof Attempt started)) {
                return begin(entry, slot, worker, lent);
            }
            safePoints.goOn(started, slot);
        }
        crew.rest(worker, slots);
        return null;
    }

    private @Nullable TaskEntry pick() {
        int slot = busySlots.nextClearBit(0);
        return slot < slots && source.dispatching() ? source.pick(slot) : null;
    }

    private void tellIfQuiet() {
        Runnable quiet = whenQuiet;
        if (quiet != null && running.isEmpty()) {
            whenQuiet = null;
            guard.afterwards(quiet);
        }
    }
}
