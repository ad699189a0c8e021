// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.core.memory.TaskArena;
import org.spicetime.runtime.kernel.task.LightTask;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.Outcome;
import org.spicetime.runtime.kernel.task.SlicedTask;
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
    private final Lane lane;

    /* Guarded by the guard. */
    private @Nullable Surroundings surroundings;
    private int slots;
    private int permitted = Integer.MAX_VALUE;
    private final BitSet busySlots = new BitSet();
    private final Crew crew;
    private final Set<Run> running = new HashSet<>();
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
        safePoints = new SafePoints(guard, source, this);
        lane = new Lane(guard, source.light(), this);
        guard.afterRelease(lane::left);
    }

    /** Processor time and I/O of the workers. Thread-safe. */
    public WorkerUsage usage() {
        return usage;
    }

    /**
     * Has somebody look whether tasks use the slots they have; without, nobody does. Under the
     * guard.
     */
    public void watchedBy(@Nullable SlotMonitor monitor) {
        safePoints.use().watchedBy(monitor);
    }

    /** At the end of each section of the guard. */
    public void settle() {
        safePoints.use().settle();
    }

    /**
     * Longest time from a request to give way to the safe point, since dispatching began; empty:
     * none was asked. Thread-safe.
     */
    public OptionalLong longestPollGapNanos() {
        return safePoints.longestPollGap();
    }

    /** The way of light tasks to the workers. */
    public Lane lane() {
        return lane;
    }

    /** Begins to dispatch. Under the guard. */
    public void open(Surroundings lent, int slotCount) {
        safePoints.resetPollGap();
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

    /**
     * Limits how many tasks run at a time, whatever the slots; running ones beyond that are asked
     * to give way at their next checkpoint or poll, in every mode. Under the guard.
     *
     * @return whether no more run now; else it is to be called again
     */
    public boolean permit(int most) {
        permitted = most;
        int beyond = busySlots.cardinality() - usable();
        if (beyond <= 0) {
            wake(source.ready());
            return true;
        }
        for (Run run : List.copyOf(running)) {
            if (beyond > 0 && run.slot != Run.NO_SLOT) {
                beyond--;
                if (run instanceof LightRun light) {
                    lane.runsLong(light);
                }
                run.askToGiveWay(true);
            }
        }
        return false;
    }

    /** Tasks that run or could run, as far as there are slots. Under the guard. */
    public int wanted() {
        boolean more = surroundings != null && source.dispatching();
        int busy = busySlots.cardinality();
        return more ? Math.min(slots, busy + source.ready()) : busy;
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
        int room = usable() - busySlots.cardinality() - crew.coming();
        for (int i = 0; i < ready && i < room; i++) {
            crew.call(this);
        }
    }

    /**
     * Where an attempt is under way. Immutable.
     *
     * @param thread of its worker
     * @param attempt number of the attempt
     */
    public record Place(Thread thread, int attempt) {}

    /** Where the attempt under way is; empty: none is. Under the guard. */
    public Optional<Place> placeOf(TaskEntry entry) {
        return entry.attachment() instanceof Attempt attempt
                ? Optional.of(new Place(attempt.worker.thread(), attempt.number))
                : Optional.empty();
    }

    /** Asks a running task to give way at its next safe point. Under the guard. */
    public void giveWay(TaskEntry entry) {
        if (entry.attachment() instanceof Attempt attempt) {
            attempt.askToGiveWay(source.preemptsAtPolls());
        }
    }

    /** As above, of light tasks. */
    public void giveWay(LightTask task) {
        Run run = runOf(task);
        if (run != null) {
            run.askToGiveWay(source.preemptsAtPolls());
        }
    }

    /** Asks light work to end, if it is under way. Under the guard. */
    public void stop(LightWork work) {
        forEachLight(run -> {
            if (work.equals(run.current())) {
                lane.runsLong(run);
            }
        });
        LightRun run = work.run;
        if (run != null && !run.settled && running.contains(run)) {
            stop(run, StopCause.CANCELLED);
        }
    }

    /** As above, all of one owner. Under the guard. */
    void stopLight(LightWork.Owner owner) {
        List<LightWork> underWay = new ArrayList<>();
        forEachLight(run -> {
            LightWork work = run.sliced() == null ? run.current() : run.sliced();
            if (work != null && work.owner.equals(owner)) {
                underWay.add(work);
            }
        });
        underWay.forEach(this::stop);
    }

    /** Asks a running task to end. Under the guard. */
    public void stop(TaskEntry entry, StopCause why) {
        if (entry.attachment() instanceof Attempt attempt && !attempt.settled) {
            stop(attempt, why);
        }
    }

    private void stop(Run run, StopCause why) {
        run.requestStop(why);
        if (run.graceEnds == Long.MAX_VALUE) {
            run.graceEnds = clock.nanos().getAsLong() + grace.toNanos();
            nextGrace = Math.min(nextGrace, run.graceEnds);
        }
        if (run.waits() || run.taken) {
            guard.afterwards(() -> safePoints.unwind(run));
        }
        guard.afterwards(run::interrupt);
    }

    /**
     * Asks all running tasks to end, and tells when none runs any more: at once, or when the last
     * has ended or was left behind. Under the guard.
     */
    public void stopAll(Runnable quiet) {
        forEachLight(lane::takeBack);
        forEachLight(lane::runsLong);
        for (Run run : running) {
            // Short tasks are over before anybody could ask them.
            if (run.sliced() != null) {
                stop(run, StopCause.DOMAIN_STOPS);
            }
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
        List<Run> late = new ArrayList<>();
        nextGrace = Long.MAX_VALUE;
        for (Run run : running) {
            if (run.graceEnds - nanos <= 0) {
                late.add(run);
            } else {
                nextGrace = Math.min(nextGrace, run.graceEnds);
            }
        }
        late.forEach(this::leaveBehind);
    }

    private void leaveBehind(Run run) {
        Worker worker = run.worker;
        crew.leaveBehind(worker);
        run.keepBack();
        safePoints.use().found(run);
        worker.demote();
        LOG.error(
                "domain={} {} did not return within {} ms after it was asked to end;"
                        + " thread {} is left behind",
                domain,
                run.what(),
                grace.toMillis(),
                worker.thread().getName());
        String why =
                run.what()
                        + " did not return when it was asked to; its thread is left behind and its"
                        + " memory kept back";
        safePoints.locks().leaveBehind(run, why);
        settle(
                run,
                usage.measuredFromOutside(worker.thread(), run),
                Failures.leftBehind(run, grace));
        source.leftBehind(crew.left(), why);
        wake(source.ready());
        tellIfQuiet();
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

    @Nullable Run first(Worker worker) {
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
                safePoints.locks().returned(worker);
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
            for (Run run : List.copyOf(running)) {
                if (run.worker.equals(worker)) {
                    settle(
                            run,
                            usage.measuredFromOutside(worker.thread(), run),
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

    /** Does what the worker is at, accounts for it and takes the next. */
    @Nullable Run runAndNext(Worker worker, Run run, Meter meter) {
        return switch (run) {
            case Attempt attempt -> runAndNext(worker, attempt, meter);
            case LightRun light -> runAndNext(worker, light, meter);
        };
    }

    private @Nullable Run runAndNext(Worker worker, LightRun run, Meter meter) {
        if (run.lingers) {
            lane.await(run);
        }
        run.work();
        guard.enterSoon();
        try {
            if (run.settled) {
                return null;
            }
            SlicedTask task = run.sliced();
            if (task != null) {
                source.charge(task, run.owed(run.measure()));
                safePoints.use().found(run);
                unwindIfOffSlot(run, task);
            }
            lane.account(run, meter);
            leave(run);
            tellIfQuiet();
            return next(worker);
        } finally {
            guard.leave();
        }
    }

    private @Nullable Run runAndNext(Worker worker, Attempt attempt, Meter meter) {
        attempt.meter(meter);
        attempt.resume();
        Outcome outcome = HandlerCall.run(attempt, handlers);
        attempt.over();
        TaskArena arena = attempt.arenaIfOpen();
        if (arena != null) {
            arena.reclaim();
        }
        Measured measured = attempt.measure();
        guard.enterPatiently();
        try {
            attempt.pause();
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

    /** Whether tasks are ready that find no free slot. */
    boolean crowded() {
        return surroundings != null
                && busySlots.cardinality() >= usable()
                && source.ready() > 0
                && source.dispatching();
    }

    /** Whether more tasks run than may. */
    boolean overcommitted() {
        return busySlots.cardinality() > usable();
    }

    private int usable() {
        return Math.min(slots, permitted);
    }

    void forEachRun(Consumer<Run> action) {
        running.forEach(action);
    }

    /** Who has the slot of a running task from now on, which may be itself; null: nobody. */
    @Nullable SlicedTask successor(SlicedTask task, int slot) {
        if (overcommitted()) {
            source.vacate(task);
            return null;
        }
        return source.rotate(task, slot);
    }

    /** Another task has this slot from now on; null: none, the slot is free. */
    void give(int slot, @Nullable SlicedTask next) {
        Surroundings lent = surroundings;
        Run started = next == null ? null : runOf(next);
        if (next == null || lent == null) {
            busySlots.clear(slot);
        } else if (started != null) {
            safePoints.goOn(started, slot);
        } else {
            Worker worker = crew.spare(this);
            worker.assigned = begin(next, slot, worker, lent);
        }
    }

    /** A running task has left this slot: whoever is next gets it. */
    void free(int slot) {
        boolean goesOn =
                slot < slots && !overcommitted() && surroundings != null && source.dispatching();
        give(slot, goesOn ? source.pick(slot) : null);
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
        for (SlicedTask task = pick(); task != null; task = pick()) {
            int slot = busySlots.nextClearBit(0);
            busySlots.set(slot);
            give(slot, task);
        }
    }

    private static @Nullable Run runOf(SlicedTask task) {
        return switch (task) {
            case TaskEntry entry -> entry.attachment() instanceof Attempt attempt ? attempt : null;
            case LightTask light -> light instanceof LightWork work ? work.run : null;
        };
    }

    private Run begin(SlicedTask task, int slot, Worker worker, Surroundings lent) {
        Run run =
                switch (task) {
                    case TaskEntry entry -> {
                        Map<TaskId, Payload> inputs = source.inputs(entry);
                        Attempt attempt =
                                new Attempt(entry, slot, worker, lent, inputs, safePoints);
                        entry.attach(attempt);
                        yield attempt;
                    }
                    case LightTask light -> {
                        LightRun tasks = worker.light(safePoints);
                        tasks.slot = slot;
                        lane.begin(tasks, (LightWork) light);
                        yield tasks;
                    }
                };
        running.add(run);
        return run;
    }

    private void settle(Run run, Measured measured, Outcome outcome) {
        SlicedTask task = run.sliced();
        safePoints.use().found(run);
        if (task != null) {
            unwindIfOffSlot(run, task);
        }
        run.settled = true;
        leave(run);
        switch (run) {
            case Attempt attempt -> {
                attempt.entry.attach(null);
                source.ended(attempt.entry, run.owed(measured), outcome);
            }
            case LightRun light -> lane.giveUp(light, run.owed(measured));
        }
    }

    private void unwindIfOffSlot(Run run, SlicedTask task) {
        if (run.slot == Run.NO_SLOT) {
            source.unwind(task);
        }
    }

    private void leave(Run run) {
        running.remove(run);
        if (run.slot != Run.NO_SLOT) {
            busySlots.clear(run.slot);
            run.slot = Run.NO_SLOT;
        }
    }

    private @Nullable Run next(Worker worker) {
        crew.arrived(worker);
        Run assigned = worker.assigned;
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
        lane.takeIn();
        for (SlicedTask task = pick(); task != null; task = pick()) {
            int slot = busySlots.nextClearBit(0);
            busySlots.set(slot);
            Run started = runOf(task);
            if (started == null) {
                return begin(task, slot, worker, lent);
            }
            safePoints.goOn(started, slot);
        }
        LightRun light = worker.light;
        if (light != null && light.sliced() == null && mayLookFurther(light)) {
            return light;
        }
        crew.rest(worker, slots);
        return null;
    }

    private boolean mayLookFurther(LightRun light) {
        int slot = busySlots.nextClearBit(0);
        if (!mayPick(slot) || !steal(light) && !lane.linger(light)) {
            return false;
        }
        busySlots.set(slot);
        light.slot = slot;
        running.add(light);
        return true;
    }

    private boolean steal(LightRun thief) {
        for (Run run : running) {
            if (run instanceof LightRun other && other != thief && lane.steal(thief, other)) {
                return true;
            }
        }
        return false;
    }

    void forEachLight(Consumer<LightRun> action) {
        for (Run run : running) {
            if (run instanceof LightRun light) {
                action.accept(light);
            }
        }
    }

    /** Tasks that wait in the queue. */
    int ready() {
        return source.ready();
    }

    /** Workers that were called and are not there yet. */
    int coming() {
        return crew.coming();
    }

    private @Nullable SlicedTask pick() {
        int slot = busySlots.nextClearBit(0);
        return mayPick(slot) ? source.pick(slot) : null;
    }

    private boolean mayPick(int slot) {
        return slot < slots && busySlots.cardinality() < usable() && source.dispatching();
    }

    private void tellIfQuiet() {
        Runnable quiet = whenQuiet;
        if (quiet != null && running.isEmpty()) {
            whenQuiet = null;
            guard.afterwards(quiet);
        }
    }
}
