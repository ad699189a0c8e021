// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.LatencySummary;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskHistory;
import org.spicetime.runtime.core.dispatch.Dispatcher;
import org.spicetime.runtime.core.dispatch.DomainGuard;
import org.spicetime.runtime.core.dispatch.HandlerSource;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.core.dispatch.Lane;
import org.spicetime.runtime.core.dispatch.TaskSource;
import org.spicetime.runtime.core.history.TaskRecorder;
import org.spicetime.runtime.core.journal.Journal;
import org.spicetime.runtime.core.journal.Stored;
import org.spicetime.runtime.kernel.guard.CallMeter;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.KernelCounts;
import org.spicetime.runtime.kernel.task.KernelSettings;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.Restored;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * The kernel of a domain behind its guard. Every method takes the guard, unless it says that it is
 * called inside.
 */
final class DomainTasks {

    /** The timer serves other domains too, so it comes back rather than wait longer; ns. */
    private static final long TIMER_PATIENCE = 2_000_000;

    private final DomainGuard guard;
    private final HostClock clock;
    private final TaskParts parts;
    private final DomainKernel kernel;
    private final TaskRecorder recorder;
    private final TaskWatches watches;
    private final DispatchedTasks dispatched;
    private final StoredTasks stored;
    private final LongConsumer rearm;

    /* Written under the guard, read by the timer without. */
    private volatile long nextTimer = Long.MAX_VALUE;

    DomainTasks(
            DomainId id,
            DomainGuard guard,
            HostClock clock,
            KernelSettings settings,
            TaskEvents events,
            ErrorRing errors,
            HostRef host,
            Executor notifier,
            RandomGenerator jitter,
            LongConsumer rearm,
            CallMeter meter) {
        this.rearm = rearm;
        this.guard = guard;
        this.clock = clock;
        recorder = new TaskRecorder(id, host, clock.instants(), settings.durableStore());
        parts = new TaskParts(id, clock, events, recorder);
        kernel = new DomainKernel(id, settings, new KernelNews(parts, errors), jitter, meter);
        watches = new TaskWatches(id, guard, clock, kernel, recorder.changes(), events, notifier);
        parts.use(kernel, watches);
        TaskLatencies latencies = parts.latencies;
        dispatched =
                new DispatchedTasks(
                        parts,
                        new DomainLights(
                                kernel,
                                parts::now,
                                events::executor,
                                latencies::waited,
                                latencies::took,
                                events::lightEnded));
        stored = new StoredTasks(parts);
        guard.beforeRelease(this::settleSection);
    }

    /** For the dispatcher of the domain. */
    TaskSource forDispatcher() {
        return dispatched;
    }

    /** For the journal of the domain. */
    Stored forJournal() {
        return stored;
    }

    void use(Dispatcher dispatcher) {
        parts.use(dispatcher);
    }

    void use(Journal journal) {
        parts.use(journal);
    }

    private Journal journal() {
        return parts.journal();
    }

    private Dispatcher dispatcher() {
        return parts.dispatcher();
    }

    /** Inside the guard. */
    Now now() {
        return parts.now();
    }

    /** Tasks that are ready. Inside the guard. */
    int ready() {
        return dispatched.ready();
    }

    /** Place of a task in the order of the store. Inside the guard. */
    long rank(TaskEntry entry) {
        return stored.rank(entry);
    }

    long nextTimerNanos() {
        return nextTimer;
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
        return parts.latencies.scheduling();
    }

    /** Scheduling latencies since this was last asked. */
    LatencySummary takeStepLatency() {
        guard.enter();
        try {
            return parts.latencies.takeStep();
        } finally {
            guard.leave();
        }
    }

    Latencies turnaround() {
        return parts.latencies.turnaround();
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
        parts.events.settled(kernel);
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
}
