// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.core.memory.TaskArena;
import org.spicetime.runtime.core.memory.handle.Leak;
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

    private final DomainGuard guard;
    private final TaskSource source;
    private final HandlerSource handlers;
    private final WorkerUsage usage = new WorkerUsage();
    private final SafePoints safePoints;
    private final Lane lane;
    private final Endings endings;

    /* Guarded by the guard. */
    private @Nullable Surroundings surroundings;
    private final SlotTable slots = new SlotTable();
    private final Crew crew;
    private boolean filling;

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
        this.guard = guard;
        this.source = source;
        this.handlers = handlers;
        crew = new Crew(domain, guard, usage);
        safePoints = new SafePoints(guard, source, this);
        lane = new Lane(guard, source.light(), this);
        endings = new Endings(this, guard, source, crew, clock, new Endings.Terms(domain, grace));
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
        slots.count(slotCount);
        endings.open();
        wake(source.ready());
    }

    /** Changes how many tasks run at a time; running ones go on. Under the guard. */
    public void slots(int slotCount) {
        slots.count(slotCount);
        crew.shrink(slotCount);
        wake(source.ready());
    }

    /**
     * Limits how many tasks run at a time, whatever the slots; running ones beyond that are asked
     * to give way at their next checkpoint or poll, in every mode. Under the guard.
     *
     * @return whether no more run now; else it is to be called again
     */
    public boolean permit(int most) {
        slots.permit(most);
        int beyond = slots.beyond();
        if (beyond <= 0) {
            wake(source.ready());
            return true;
        }
        for (Run run : slots.running()) {
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
        int busy = slots.busy();
        return more ? Math.min(slots.count(), busy + source.ready()) : busy;
    }

    /** Attempts that are started and not over, those left behind aside. Under the guard. */
    public int running() {
        return slots.runningCount();
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
        int room = -slots.beyond() - crew.coming();
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

    /** Ends what runs. */
    public Endings endings() {
        return endings;
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
            for (Run run : slots.running()) {
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
            endings.tellIfQuiet();
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
            slots.left(run);
            endings.tellIfQuiet();
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
            Optional<Leak> leak = arena.leak();
            if (leak.isPresent()) {
                outcome = Leaks.judge(attempt, outcome, leak.get());
            }
        }
        Measured measured = attempt.measure();
        guard.enterPatiently();
        try {
            attempt.pause();
            if (attempt.settled) {
                return null;
            }
            settle(attempt, measured, outcome);
            endings.tellIfQuiet();
            return next(worker);
        } finally {
            guard.leave();
        }
    }

    /* ---- under the guard ---- */

    /** Whether tasks are ready that find no free slot. */
    boolean crowded() {
        return surroundings != null
                && slots.beyond() >= 0
                && source.ready() > 0
                && source.dispatching();
    }

    SlotTable slots() {
        return slots;
    }

    SafePoints safePoints() {
        return safePoints;
    }

    /** Who has the slot of a running task from now on, which may be itself; null: nobody. */
    @Nullable SlicedTask successor(SlicedTask task, int slot) {
        if (slots.beyond() > 0) {
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
            slots.free(slot);
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
                slot < slots.count()
                        && slots.beyond() <= 0
                        && surroundings != null
                        && source.dispatching();
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
            give(slots.take(), task);
        }
    }

    static @Nullable Run runOf(SlicedTask task) {
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
                                new Attempt(
                                        entry,
                                        slot,
                                        worker,
                                        lent,
                                        inputs,
                                        source.startHolds(entry),
                                        safePoints);
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
        slots.began(run);
        return run;
    }

    void settle(Run run, Measured measured, Outcome outcome) {
        SlicedTask task = run.sliced();
        safePoints.use().found(run);
        if (task != null) {
            unwindIfOffSlot(run, task);
        }
        run.settled = true;
        slots.left(run);
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
            int slot = slots.take();
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
        crew.rest(worker, slots.count());
        return null;
    }

    private boolean mayLookFurther(LightRun light) {
        if (!mayPick() || !steal(light) && !lane.linger(light)) {
            return false;
        }
        light.slot = slots.take();
        slots.began(light);
        return true;
    }

    private boolean steal(LightRun thief) {
        return slots.anyLight(other -> other != thief && lane.steal(thief, other));
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
        return mayPick() ? source.pick(slots.firstFree()) : null;
    }

    private boolean mayPick() {
        return slots.oneIsFree() && source.dispatching();
    }
}
