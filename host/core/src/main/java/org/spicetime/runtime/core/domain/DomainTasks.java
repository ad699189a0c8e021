// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.LatencySummary;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.core.dispatch.Dispatcher;
import org.spicetime.runtime.core.dispatch.DomainGuard;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.core.dispatch.StopCause;
import org.spicetime.runtime.core.dispatch.TaskSource;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.ForeignTask;
import org.spicetime.runtime.kernel.task.KernelCounts;
import org.spicetime.runtime.kernel.task.KernelListener;
import org.spicetime.runtime.kernel.task.KernelSettings;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.Outcome;
import org.spicetime.runtime.kernel.task.StopReason;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * The kernel of a domain behind its guard: between the kernel, which decides, the dispatcher, which
 * runs, and those who watch. Every method takes the guard; those of {@link TaskSource} and {@link
 * KernelListener} are called inside.
 */
final class DomainTasks implements TaskSource, KernelListener {

    private static final Logger LOG = LoggerFactory.getLogger(DomainTasks.class);

    /** What the domain adds. Called inside the guard. */
    interface Events {
        boolean dispatching();

        void policyEjected(PolicyEjection ejection, long sinceNanos);

        void leftBehind(int threads, @Nullable String why);

        void finished(TaskEntry entry);

        /** A task of this domain that others wait for has changed. */
        void awaitedChanged(Set<DomainId> waiting, TaskId task, ForeignTask state);
    }

    private final DomainId id;
    private final DomainGuard guard;
    private final HostClock clock;
    private final Events events;
    private final ErrorRing errors;
    private final DomainKernel kernel;
    private final LongConsumer rearm;
    private @Nullable Dispatcher dispatcher;

    /* Guarded by the guard. */
    private final Latencies schedulingLatency = new Latencies();
    private final Latencies latencyOfStep = new Latencies();
    private final Latencies turnaround = new Latencies();
    private final Map<TaskId, List<Channel<Task>>> watches = new HashMap<>();
    private final Map<TaskId, Set<DomainId>> awaited = new HashMap<>();
    private final Set<TaskEntry> touched = new LinkedHashSet<>();
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
            RandomGenerator jitter,
            LongConsumer rearm) {
        this.rearm = rearm;
        this.id = id;
        this.guard = guard;
        this.clock = clock;
        this.events = events;
        this.errors = errors;
        kernel = new DomainKernel(id, settings, this, jitter);
        guard.beforeRelease(this::settleSection);
    }

    void use(Dispatcher runner) {
        dispatcher = runner;
    }

    private Dispatcher dispatcher() {
        return Objects.requireNonNull(dispatcher, "dispatcher");
    }

    long nextTimerNanos() {
        return nextTimer;
    }

    /** The present, for a call into the kernel; inside the guard, so time never goes back. */
    private Now now() {
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

    /** Changes the kernel and answers the task as it is afterwards. */
    Task change(BiFunction<DomainKernel, Now, TaskEntry> action) {
        guard.enter();
        try {
            Now now = now();
            return kernel.snapshot(action.apply(kernel, now), now);
        } finally {
            guard.leave();
        }
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
        return with(DomainKernel::counts);
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
        guard.enter();
        try {
            Now inside = now();
            kernel.advance(inside);
            dispatcher().leaveBehind(inside.nanos());
        } finally {
            guard.leave();
        }
    }

    /* ---- dependencies across domains ---- */

    /** From now on this domain is told of changes of the task; its state now; empty: unknown. */
    Optional<ForeignTask> await(TaskId task, DomainId waiting) {
        guard.enter();
        try {
            Optional<TaskEntry> entry = kernel.entry(task);
            if (entry.isPresent() && !entry.get().isFinal()) {
                awaited.computeIfAbsent(task, t -> new LinkedHashSet<>()).add(waiting);
            }
            return entry.map(this::foreignState);
        } finally {
            guard.leave();
        }
    }

    private ForeignTask foreignState(TaskEntry entry) {
        return new ForeignTask(id, entry.phase(), entry.attempt() > 0, entry.result());
    }

    /* ---- watches ---- */

    Watch watch(TaskId task, Channel<Task> channel) {
        guard.enter();
        try {
            Now now = now();
            Task present =
                    kernel.task(task, now)
                            .orElseThrow(() -> RefusedException.notFound("task", task));
            channel.offer(present);
            if (present.phase().isFinal()) {
                return channel;
            }
            List<Channel<Task>> all = watches.computeIfAbsent(task, t -> new ArrayList<>(2));
            all.removeIf(Channel::closed);
            all.add(channel);
            return () -> {
                channel.close();
                forget(task, channel);
            };
        } finally {
            guard.leave();
        }
    }

    private void forget(TaskId task, Channel<Task> channel) {
        guard.enter();
        try {
            List<Channel<Task>> all = watches.get(task);
            if (all != null && all.remove(channel) && all.isEmpty()) {
                watches.remove(task);
            }
        } finally {
            guard.leave();
        }
    }

    /** Tells watchers and other domains what this section changed; the guard is still held. */
    private void settleSection() {
        if (!touched.isEmpty()) {
            Now now = clock.now();
            for (TaskEntry entry : touched) {
                tell(entry, now);
            }
            touched.clear();
        }
        long next = Math.min(kernel.nextTimerNanos(), dispatcher().nextGraceNanos());
        boolean sooner = next < nextTimer;
        nextTimer = next;
        if (sooner) {
            guard.afterwards(() -> rearm.accept(next));
        }
    }

    private void tell(TaskEntry entry, Now now) {
        TaskId task = entry.taskId();
        List<Channel<Task>> all = watches.get(task);
        if (all != null) {
            Task snapshot = kernel.snapshot(entry, now);
            all.forEach(channel -> channel.offer(snapshot));
            if (entry.isFinal()) {
                watches.remove(task);
            }
        }
        Set<DomainId> waiting = awaited.get(task);
        if (waiting != null) {
            events.awaitedChanged(Set.copyOf(waiting), task, foreignState(entry));
            if (entry.isFinal()) {
                awaited.remove(task);
            }
        }
    }

    /* ---- KernelListener ---- */

    @Override
    public void changed(TaskEntry entry) {
        if (watches.isEmpty() && awaited.isEmpty()) {
            return;
        }
        if (watches.containsKey(entry.taskId()) || awaited.containsKey(entry.taskId())) {
            touched.add(entry);
        }
    }

    @Override
    public void becameReady(int count) {
        dispatcher().wake(count);
    }

    @Override
    public void stopRequested(TaskEntry entry, StopReason why) {
        dispatcher()
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
    }

    @Override
    public void policyEjected(PolicyEjection ejection) {
        events.policyEjected(ejection, callStarted);
    }

    /* ---- TaskSource ---- */

    @Override
    public boolean dispatching() {
        return events.dispatching();
    }

    @Override
    public @Nullable TaskEntry pick(int slot) {
        TaskEntry entry = kernel.pick(slot, now());
        if (entry != null) {
            schedulingLatency.record(entry.lastWaitNanos());
            latencyOfStep.record(entry.lastWaitNanos());
        }
        return entry;
    }

    @Override
    public void charge(TaskEntry entry, Measured measured) {
        kernel.charge(entry, measured);
    }

    @Override
    public @Nullable TaskEntry rotate(TaskEntry entry, int slot) {
        TaskEntry next = kernel.rotate(entry, slot, now());
        if (next != null && !next.equals(entry)) {
            schedulingLatency.record(next.lastWaitNanos());
        }
        return next;
    }

    @Override
    public void unwind(TaskEntry entry) {
        kernel.unwind(entry, now());
    }

    @Override
    public Map<TaskId, Payload> inputs(TaskEntry entry) {
        return entry.request().dependencies().isEmpty() ? Map.of() : kernel.inputs(entry);
    }

    @Override
    public void ended(TaskEntry entry, Measured measured, Outcome outcome) {
        Now now = now();
        kernel.charge(entry, measured);
        kernel.finished(entry, outcome, now);
        if (!touched.isEmpty()) {
            settleSection();
        }
    }

    @Override
    public void progress(TaskEntry entry, double ratio) {
        kernel.progress(entry, ratio, now());
        changed(entry);
    }

    @Override
    public void leftBehind(int threads, @Nullable String why) {
        events.leftBehind(threads, why);
    }

    @Override
    public int ready() {
        return kernel.ready();
    }
}
