// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ExecutorConfig;
import org.spicetime.runtime.api.domain.LatencySummary;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.CrashPolicy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskHistory;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.dispatch.Dispatcher;
import org.spicetime.runtime.core.dispatch.DomainGuard;
import org.spicetime.runtime.core.dispatch.HandlerSource;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.core.dispatch.Lane;
import org.spicetime.runtime.core.dispatch.LightSource;
import org.spicetime.runtime.core.dispatch.StopCause;
import org.spicetime.runtime.core.dispatch.TaskSource;
import org.spicetime.runtime.core.history.TaskLogs;
import org.spicetime.runtime.core.history.TaskRecorder;
import org.spicetime.runtime.core.journal.Journal;
import org.spicetime.runtime.core.journal.Stored;
import org.spicetime.runtime.kernel.guard.CallMeter;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.ForeignTask;
import org.spicetime.runtime.kernel.task.KernelCounts;
import org.spicetime.runtime.kernel.task.KernelListener;
import org.spicetime.runtime.kernel.task.KernelSettings;
import org.spicetime.runtime.kernel.task.LightTask;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.Outcome;
import org.spicetime.runtime.kernel.task.Restored;
import org.spicetime.runtime.kernel.task.SlicedTask;
import org.spicetime.runtime.kernel.task.StopReason;
import org.spicetime.runtime.kernel.task.TaskEntry;
import org.spicetime.runtime.kernel.task.TaskLocks;

/**
 * The kernel of a domain behind its guard: between the kernel, which decides, the dispatcher, which
 * runs, and those who watch. Every method takes the guard; those of {@link TaskSource} and {@link
 * KernelListener} are called inside.
 */
final class DomainTasks implements TaskSource, KernelListener, Stored {

    private static final Logger LOG = LoggerFactory.getLogger(DomainTasks.class);

    private static final int RUN_SHIFT = 40;

    /** The timer serves other domains too, so it comes back rather than wait longer; ns. */
    private static final long TIMER_PATIENCE = 2_000_000;

    /** What the domain adds. Called inside the guard. */
    interface Events {
        boolean dispatching();

        void policyEjected(PolicyEjection ejection, long sinceNanos);

        void leftBehind(int threads, @Nullable String why);

        void finished(TaskEntry entry);

        /** Whether these are to be left to the store. */
        boolean parks(DomainKernel kernel, List<TaskEntry> entries, Now now);

        /** A task is not in memory any more. */
        void left(TaskEntry entry);

        /** At the end of each visit. */
        void settled(DomainKernel kernel);

        /** Some light tasks have ended. */
        void lightEnded();

        /** The configuration of workers and queue. */
        ExecutorConfig executor();

        /** These tasks were not admitted after all. */
        void withdrawn(List<TaskEntry> entries);

        /** Another host owns the domain. */
        void fenced(String why);

        /** The store does not take changes; null: it does again. */
        void storeFails(@Nullable String why);

        /** A task of this domain that others wait for has changed. */
        void awaitedChanged(Set<DomainId> waiting, TaskId task, ForeignTask state);
    }

    private final DomainId id;
    private final DomainGuard guard;
    private final HostClock clock;
    private final Events events;
    private final ErrorRing errors;
    private final DomainKernel kernel;
    private final DomainLights lights;
    private final LongConsumer rearm;
    private @Nullable Dispatcher dispatcher;
    private @Nullable Journal journal;

    /* Guarded by the guard. */
    private final Latencies schedulingLatency = new Latencies();
    private final Latencies latencyOfStep = new Latencies();
    private final Latencies turnaround = new Latencies();
    private final TaskRecorder recorder;
    private final TaskWatches watches;
    private long callStarted;

    /* Written under the guard, read by the timer without. */
    private volatile long nextTimer = Long.MAX_VALUE;

    DomainTasks(
            DomainId id,
            DomainGuard guard,
            HostClock clock,
            KernelSettings settings,
            Events events,
            ErrorRing errors,
            HostRef host,
            Executor notifier,
            RandomGenerator jitter,
            LongConsumer rearm,
            CallMeter meter) {
        this.rearm = rearm;
        this.id = id;
        this.guard = guard;
        this.clock = clock;
        this.events = events;
        this.errors = errors;
        recorder = new TaskRecorder(id, host, clock.instants(), settings.durableStore());
        kernel = new DomainKernel(id, settings, this, jitter, meter);
        lights =
                new DomainLights(
                        kernel,
                        this::now,
                        events::executor,
                        this::waited,
                        turnaround::record,
                        events::lightEnded);
        watches = new TaskWatches(id, guard, clock, kernel, recorder.changes(), events, notifier);
        guard.beforeRelease(this::settleSection);
    }

    void use(Dispatcher runner) {
        dispatcher = runner;
    }

    void use(Journal itsJournal) {
        journal = itsJournal;
    }

    private Journal journal() {
        return Objects.requireNonNull(journal, "journal");
    }

    private Dispatcher dispatcher() {
        return Objects.requireNonNull(dispatcher, "dispatcher");
    }

    long nextTimerNanos() {
        return nextTimer;
    }

    /** The present, for a call into the kernel; inside the guard, so time never goes back. */
    @Override
    public Now now() {
        Now now = clock.now();
        callStarted = now.nanos();
        return now;
    }

    /** Asks or changes the kernel. */
    <T> T with(Function<DomainKernel, T> action) {
        guard.enter();
        try {
            return action.apply(kernel);
        } finally {
            guard.leave();
        }
    }

    /**
     * Changes the kernel and answers the task as it is when that holds; on record as done by
     * somebody.
     */
    CompletionStage<Task> change(ChangedBy who, BiFunction<DomainKernel, Now, TaskEntry> action) {
        return change(who, null, null, action);
    }

    /** As above, with an explanation of what happens to one task. */
    CompletionStage<Task> change(
            ChangedBy who,
            @Nullable TaskId task,
            @Nullable String why,
            BiFunction<DomainKernel, Now, TaskEntry> action) {
        guard.enter();
        try {
            by(who);
            recorder.explain(task == null ? null : kernel.entry(task).orElse(null), why);
            TaskEntry entry = action.apply(kernel, now());
            return entry.record() == null
                    ? CompletableFuture.completedFuture(kernel.snapshot(entry, clock.now()))
                    : journal().answer(() -> kernel.snapshot(entry, clock.now()));
        } finally {
            done();
            guard.leave();
        }
    }

    /** Changes the kernel; on record as done by somebody. Completes when that holds. */
    <T> CompletionStage<T> changeAll(ChangedBy who, BiFunction<DomainKernel, Now, T> action) {
        guard.enter();
        try {
            by(who);
            T answer = action.apply(kernel, now());
            return journal().answer(() -> answer);
        } finally {
            done();
            guard.leave();
        }
    }

    private void by(ChangedBy who) {
        String actor = who.isHost() ? null : who.actor();
        recorder.by(actor);
        journal().by(actor);
    }

    private void done() {
        recorder.done();
        journal().by(null);
    }

    /** Keeps tasks aside whose handlers are not there. Before anybody uses the domain. */
    void use(HandlerSource handlers) {
        kernel.handlers(name -> handlers.find(name).isPresent());
    }

    /** Changes the kernel. */
    void run(BiConsumer<DomainKernel, Now> action) {
        guard.enter();
        try {
            action.accept(kernel, now());
        } finally {
            guard.leave();
        }
    }

    KernelCounts counts() {
        return with(k -> dispatcher().lane().refine(k.counts()));
    }

    Optional<Task> task(TaskId task) {
        return with(k -> k.task(task, clock.now()));
    }

    boolean knows(TaskId task) {
        return with(k -> k.entry(task).isPresent());
    }

    Latencies schedulingLatency() {
        return schedulingLatency;
    }

    /** Scheduling latencies since this was last asked. */
    LatencySummary takeStepLatency() {
        guard.enter();
        try {
            LatencySummary summary = latencyOfStep.summary();
            if (summary.count() > 0) {
                latencyOfStep.reset();
            }
            return summary;
        } finally {
            guard.leave();
        }
    }

    Latencies turnaround() {
        return turnaround;
    }

    /** Does what is due, and gives up on handlers that do not return. */
    void elapsed() {
        if (!guard.tryEnter(TIMER_PATIENCE)) {
            nextTimer = clock.nanos().getAsLong() + TIMER_PATIENCE / 20;
            return;
        }
        try {
            Now inside = now();
            kernel.advance(inside);
            dispatcher().endings().leaveBehind(inside.nanos());
            dispatcher().lane().elapsed(inside);
        } finally {
            guard.leave();
        }
    }

    TaskWatches watches() {
        return watches;
    }

    /** The domain dispatches nothing from now on, or dispatches again. Inside the guard. */
    void held(boolean nothing) {
        recorder.held(nothing, clock.instants().instant());
    }

    /** What happened to a task; empty: unknown here. */
    Optional<TaskHistory> history(TaskId task) {
        return with(k -> {
            Now now = clock.now();
            return k.entry(task)
                    .map(entry ->
                            recorder.history(
                                    entry,
                                    k.snapshot(entry, now),
                                    now,
                                    other ->
                                            k.entry(other)
                                                    .map(TaskEntry::finishedAt)
                                                    .orElse(null)));
        });
    }

    /** Tells watchers and other domains what this section changed; the guard is still held. */
    private void settleSection() {
        events.settled(kernel);
        watches.settle();
        dispatcher().settle();
        Lane lane = dispatcher().lane();
        lane.publish();
        long next =
                Math.min(
                        Math.min(kernel.nextTimerNanos(), dispatcher().endings().nextGraceNanos()),
                        lane.nextLookNanos());
        boolean sooner = next < nextTimer;
        nextTimer = next;
        if (sooner) {
            guard.afterwards(() -> rearm.accept(next));
        }
        journal().flush();
    }

    /* ---- KernelListener ---- */

    @Override
    public void changed(TaskEntry entry) {
        recorder.changed(entry);
        watches.changed(entry);
        journal().changed(entry);
    }

    @Override
    public void ending(TaskEntry entry) {
        journal().ending(entry, recorder.explanation(entry));
    }

    @Override
    public void waitsForLess(TaskEntry entry) {
        journal().changed(entry);
    }

    @Override
    public void purged(TaskEntry entry) {
        journal().purged(entry);
        events.left(entry);
        recorder.purged(entry);
    }

    @Override
    public void left(TaskEntry entry) {
        recorder.purged(entry);
        events.left(entry);
    }

    @Override
    public void becameReady(int count) {
        dispatcher().wake(count);
    }

    @Override
    public void stopRequested(TaskEntry entry, StopReason why) {
        dispatcher()
                .endings()
                .stop(
                        entry,
                        switch (why) {
                            case CANCELLED -> StopCause.CANCELLED;
                            case TIME_LIMIT -> StopCause.TIME_LIMIT;
                            case DEADLINE -> StopCause.DEADLINE;
                        });
    }

    @Override
    public void giveWay(TaskEntry entry) {
        dispatcher().giveWay(entry);
    }

    @Override
    public void giveWay(LightTask task) {
        dispatcher().giveWay(task);
    }

    @Override
    public void finished(TaskEntry entry) {
        turnaround.record(entry.finishedAtNanos() - entry.admittedAtNanos());
        if (entry.error() != null && entry.phase() != TaskPhase.CANCELLED) {
            errors.add(entry.error());
        }
        events.finished(entry);
    }

    @Override
    public void missedDeadline(TaskEntry entry) {
        LOG.debug("domain={} task={} missed its deadline", id, entry.taskId());
        journal().missed(entry);
    }

    @Override
    public void policyEjected(PolicyEjection ejection) {
        events.policyEjected(ejection, callStarted);
    }

    /* ---- TaskSource ---- */

    @Override
    public boolean preemptsAtPolls() {
        return kernel.settings().preemptsAtPolls();
    }

    @Override
    public long patienceNanos(SlicedTask task) {
        long granularity = kernel.settings().preemption().granularity().toNanos();
        return 2 * Math.max(task.quantumNanos(), granularity);
    }

    @Override
    public boolean dispatching() {
        return events.dispatching();
    }

    @Override
    public @Nullable SlicedTask pick(int slot) {
        Now now = now();
        recorder.on(slot);
        SlicedTask task = kernel.next(slot, now);
        dispatched(task, now);
        recorder.done();
        return task;
    }

    private void dispatched(@Nullable SlicedTask task, Now now) {
        if (task instanceof TaskEntry entry) {
            recorder.picked(entry, now.instant());
            waited(entry.lastWaitNanos());
        }
    }

    private void waited(long nanos) {
        schedulingLatency.record(nanos);
        latencyOfStep.record(nanos);
    }

    @Override
    public LightSource light() {
        return lights;
    }

    @Override
    public void charge(SlicedTask task, Measured measured) {
        switch (task) {
            case TaskEntry entry -> kernel.charge(entry, measured);
            case LightTask light -> kernel.lights().charge(light, measured.cpuNanos());
        }
    }

    @Override
    public @Nullable SlicedTask rotate(SlicedTask task, int slot) {
        Now now = now();
        recorder.on(slot);
        SlicedTask next = kernel.relinquish(task, slot, now);
        if (!task.equals(next)) {
            dispatched(next, now);
        }
        recorder.done();
        return next;
    }

    @Override
    public void vacate(SlicedTask task) {
        kernel.vacate(task, now());
    }

    @Override
    public void block(SlicedTask task, WaitReason why, @Nullable String resource) {
        kernel.block(task, why, resource, now());
    }

    @Override
    public void woken(SlicedTask task) {
        kernel.woken(task, now());
    }

    @Override
    public void unwind(SlicedTask task) {
        kernel.unwind(task, now());
    }

    @Override
    public TaskLocks locks() {
        return kernel.locks();
    }

    @Override
    public Map<TaskId, Payload> inputs(TaskEntry entry) {
        return entry.request().dependencies().isEmpty() ? Map.of() : kernel.inputs(entry);
    }

    @Override
    public void ended(TaskEntry entry, Measured measured, Outcome outcome) {
        Now now = now();
        kernel.charge(entry, measured);
        recorder.ending(entry, outcome, now.instant());
        kernel.finished(entry, outcome, now);
        recorder.ended(entry);
        recorder.done();
        watches.settle();
    }

    @Override
    public void progress(TaskEntry entry, double ratio) {
        kernel.progress(entry, ratio, now());
        journal().progressed(entry);
    }

    @Override
    public @Nullable CompletableFuture<Boolean> startHolds(TaskEntry entry) {
        boolean waits =
                entry.record() != null
                        && (entry.attempt() > 1 || entry.request().onCrash() == CrashPolicy.FAIL);
        return waits ? journal().holds() : null;
    }

    @Override
    public TaskLogs.AttemptLog log(TaskEntry entry) {
        return recorder.log(entry, clock.instants().instant());
    }

    @Override
    public void leftBehind(int threads, @Nullable String why) {
        events.leftBehind(threads, why);
    }

    @Override
    public int ready() {
        return kernel.ready();
    }

    /** Finished tasks that only the store had are in memory again. */
    void bringBack(List<Restored> finished) {
        run((k, now) -> {
            List<Restored> missing =
                    finished.stream()
                            .filter(task -> k.entry(task.stored().task().id()).isEmpty())
                            .toList();
            readmission().takeUp(missing, now);
        });
    }

    /** Takes tasks up that the store has. */
    Readmission readmission() {
        return new Readmission(kernel, journal(), recorder);
    }

    /* ---- Stored ---- */

    @Override
    public void committed(ChangeCursor asOf) {
        watches.committed(asOf);
    }

    @Override
    public List<Transition> transitions(TaskEntry entry) {
        return recorder.transitions(entry);
    }

    @Override
    public TaskMetrics metrics(TaskEntry entry) {
        return kernel.metrics(entry, clock.now());
    }

    /* Numbers of release grow from one run of the domain to the next, as its epoch does. */
    @Override
    public long rank(TaskEntry entry) {
        return kernel.rank(entry, journal().lease().epoch() << RUN_SHIFT, clock.now());
    }

    @Override
    public List<TaskDependency> dependencies(TaskEntry entry) {
        return entry.request().dependencies().isEmpty()
                ? List.of()
                : kernel.snapshot(entry, clock.now()).dependencies();
    }

    @Override
    public @Nullable RuntimeError lastError(TaskEntry entry) {
        return recorder.lastError(entry);
    }

    @Override
    public TaskLogs.Untold untoldLines(TaskEntry entry) {
        return recorder.untold(entry);
    }

    @Override
    public void publish(List<TaskEntry> entries) {
        Now now = now();
        if (events.parks(kernel, entries, now)) {
            kernel.park(entries, now);
        } else {
            kernel.publish(entries, now);
        }
    }

    @Override
    public void withdraw(List<TaskEntry> entries) {
        kernel.withdraw(entries, now());
        events.withdrawn(entries);
    }

    @Override
    public void ended(TaskEntry entry, @Nullable String actor, @Nullable String why) {
        recorder.by(actor);
        recorder.explain(entry, why);
        kernel.stored(entry, now());
        recorder.ended(entry);
        recorder.done();
    }

    @Override
    public void fenced(String why) {
        events.fenced(why);
    }

    @Override
    public void storeFails(@Nullable String why) {
        events.storeFails(why);
    }
}
