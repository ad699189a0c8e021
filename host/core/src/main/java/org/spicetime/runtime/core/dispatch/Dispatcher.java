// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.core.memory.TaskArena;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.Outcome;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * Gives the ready tasks of one domain to its workers: at most as many at a time as there are slots,
 * each run to its end. Workers are made on demand and park when nothing is ready; nothing polls.
 * Methods that say so are called under the guard, the others take it.
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

    /* Guarded by the guard. */
    private @Nullable Surroundings surroundings;
    private int slots;
    private final BitSet busySlots = new BitSet();
    private final BitSet numbers = new BitSet();
    private final Set<Worker> workers = new HashSet<>();
    private final ArrayDeque<Worker> idle = new ArrayDeque<>();
    private final Set<Attempt> running = new HashSet<>();
    private final Set<Worker> left = new HashSet<>();
    private long nextGrace = Long.MAX_VALUE;
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
        for (int excess = workers.size() - slots; excess > 0 && !idle.isEmpty(); excess--) {
            retire(idle.removeLast());
        }
        wake(source.ready());
    }

    /** Running attempts, those left behind aside. Under the guard. */
    public int running() {
        return running.size();
    }

    /** Threads whose handlers did not return. Under the guard. */
    public int leftBehind() {
        return left.size();
    }

    /** Tasks became ready, or slots free: wakes or makes workers. Under the guard. */
    public void wake(int ready) {
        if (surroundings == null || !source.dispatching()) {
            return;
        }
        for (int i = 0; i < ready; i++) {
            if (!idle.isEmpty()) {
                Worker worker = idle.removeFirst();
                worker.unpark();
                guard.afterwards(worker::wake);
            } else if (workers.size() < slots) {
                int number = numbers.nextClearBit(1);
                numbers.set(number);
                Worker worker = new Worker(this, domain, number);
                workers.add(worker);
                usage.add(worker.thread());
                guard.afterwards(worker::start);
            } else {
                return;
            }
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
        worker.leftBehind = true;
        left.add(worker);
        workers.remove(worker);
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
        source.leftBehind(left.size(), leftBehindReason(attempt));
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
        List<Thread> ending = new ArrayList<>();
        surroundings = null;
        idle.clear();
        for (Worker worker : workers) {
            worker.retiring = true;
            worker.unpark();
            guard.afterwards(worker::wake);
            ending.add(worker.thread());
        }
        return ending;
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

    private void retire(Worker worker) {
        worker.retiring = true;
        worker.unpark();
        guard.afterwards(worker::wake);
    }

    /* ---- called by workers ---- */

    @Nullable Attempt first(Worker worker) {
        guard.enter();
        try {
            return next(worker);
        } finally {
            guard.leave();
        }
    }

    /** Whether the worker is to end; then it is forgotten. */
    boolean ended(Worker worker) {
        guard.enter();
        try {
            if (worker.leftBehind) {
                left.remove(worker);
                forget(worker);
                source.leftBehind(left.size(), null);
                return true;
            }
            if (worker.retiring) {
                idle.remove(worker);
                forget(worker);
                return true;
            }
            return false;
        } finally {
            guard.leave();
        }
    }

    /** A worker died of a defect of the host; its attempt, if any, fails. */
    void lost(Worker worker) {
        guard.enter();
        try {
            idle.remove(worker);
            left.remove(worker);
            forget(worker);
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

    private void forget(Worker worker) {
        workers.remove(worker);
        numbers.clear(worker.number);
        usage.remove(worker.thread());
    }

    /** Runs an attempt, accounts for it and takes the next one. */
    @Nullable Attempt runAndNext(Worker worker, Attempt attempt, Meter meter) {
        attempt.cpuAtStart = meter.start();
        Outcome outcome = HandlerCall.run(attempt, handlers);
        attempt.over();
        TaskArena arena = attempt.arenaIfOpen();
        if (arena != null) {
            arena.reclaim();
        }
        Measured measured = meter.stop(attempt.poolPeakBytes());
        usage.io(meter);
        guard.enter();
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

    private void settle(Attempt attempt, Measured measured, Outcome outcome) {
        attempt.settled = true;
        running.remove(attempt);
        busySlots.clear(attempt.slot);
        attempt.entry.attach(null);
        source.ended(attempt.entry, measured, outcome);
    }

    private @Nullable Attempt next(Worker worker) {
        Surroundings lent = surroundings;
        if (worker.leftBehind || worker.retiring) {
            return null;
        }
        if (lent == null || workers.size() > slots) {
            worker.retiring = true;
            return null;
        }
        int slot = busySlots.nextClearBit(0);
        TaskEntry entry = slot < slots && source.dispatching() ? source.pick(slot) : null;
        if (entry == null) {
            worker.park();
            idle.addFirst(worker);
            return null;
        }
        busySlots.set(slot);
        Attempt attempt =
                new Attempt(entry, slot, worker, lent, source.inputs(entry), this::progress);
        entry.attach(attempt);
        running.add(attempt);
        return attempt;
    }

    private void progress(Attempt attempt, double ratio) {
        guard.enter();
        try {
            if (!attempt.settled) {
                source.progress(attempt.entry, ratio);
            }
        } finally {
            guard.leave();
        }
    }

    private void tellIfQuiet() {
        Runnable quiet = whenQuiet;
        if (quiet != null && running.isEmpty()) {
            whenQuiet = null;
            guard.afterwards(quiet);
        }
    }
}
