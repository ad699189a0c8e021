// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.ExecutionSlice;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDefaults;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.kernel.guard.CallMeter;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
import org.spicetime.runtime.kernel.scheduling.PolicySeat;

/**
 * All tasks of one domain and everything that decides about them. Every change takes the present
 * time as an argument; time never goes back between calls. Refusals are {@link
 * org.spicetime.runtime.api.error.RefusedException}s and have changed nothing. Called by one thread
 * at a time, guarded by the caller.
 */
public final class DomainKernel {
    /** Most tasks one query answers. */
    public static final int MAX_LISTED = 1000;

    private final DomainId id;
    private final KernelListener listener;
    private final PriorityRange range;
    private final PolicySeat seat;
    private final TaskTable table = new TaskTable();
    private final Lifecycle lifecycle;
    private final Admissions admissions;
    private final LightTasks lights;
    private final Attempts attempts;
    private final Operations operations;
    private final TaskLocks locks;
    private final Alarms alarms;
    private final Snapshots snapshots;
    private KernelSettings settings;
    private long generationSeen = 1;

    /** An empty domain under the fallback policy, which nobody watches over. */
    public DomainKernel(
            DomainId id, KernelSettings settings, KernelListener listener, RandomGenerator jitter) {
        this(id, settings, listener, jitter, CallMeter.NONE);
    }

    /**
     * An empty domain under the fallback policy.
     *
     * @param jitter spreads retry delays
     * @param meter watches over the calls into policies
     */
    public DomainKernel(
            DomainId id,
            KernelSettings settings,
            KernelListener listener,
            RandomGenerator jitter,
            CallMeter meter) {
        this.id = id;
        this.settings = settings;
        this.listener = listener;
        this.range = new PriorityRange(settings.priorities());
        this.seat = new PolicySeat(settings.queuePolicy(), this::ejected, meter);
        this.lifecycle = new Lifecycle(id, table, seat, listener, settings);
        this.admissions = new Admissions(lifecycle, range);
        this.lights = new LightTasks(lifecycle);
        this.attempts = new Attempts(lifecycle, lights, new Backoff(jitter));
        this.operations = new Operations(lifecycle, attempts, admissions);
        this.locks = new TaskLocks(lifecycle, attempts, this::conclude);
        this.alarms = new Alarms(lifecycle, attempts);
        this.snapshots = new Snapshots(id);
    }

    /** The domain. */
    public DomainId id() {
        return id;
    }

    /** The settings in force. */
    public KernelSettings settings() {
        return settings;
    }

    /**
     * Puts settings in force; admitted tasks stay, whatever they ask for. A policy made for former
     * slots, priorities or quantum is to be replaced by {@link #usePolicy}.
     */
    public void settings(KernelSettings settings, Now now) {
        KernelSettings former = this.settings;
        this.settings = settings;
        range.set(settings.priorities());
        lifecycle.slices.settings(settings);
        lifecycle.limits.settings(settings.limits(), table, now);
        if (!former.priorities().equals(settings.priorities()))
            lifecycle.aging.settings(settings.priorities(), table, now);
        if (former.priorities().protocol() != settings.priorities().protocol()
                || !Objects.equals(former.priorities().ceiling(), settings.priorities().ceiling()))
            lifecycle.inheritance.settings(settings.priorities(), table, now);
        if (former.queuePolicy() != settings.queuePolicy()
                || !former.priorities().equals(settings.priorities()))
            seat.reorder(settings.queuePolicy(), now.nanos());
        conclude(now);
    }

    /**
     * Refuses what could never be admitted under these settings, apart from its times and
     * dependencies.
     */
    public void check(TaskRequest request, Now now) {
        AdmissionCheck check = new AdmissionCheck(settings, table, now);
        check.priorityOf(request);
        check.durabilityOf(request);
    }

    /** Admits all tasks of the batch or none. In the order of the batch. */
    public List<TaskEntry> admit(List<Admission> batch, Now now) {
        List<TaskEntry> entries = admissions.admit(batch, settings, now);
        conclude(now);
        return entries;
    }

    /**
     * The first of two steps of an admission: checks the batch and keeps room for it in the queue.
     * The tasks cannot be found, nor do they wait for anything, before {@link #publish}; their
     * phase is the one they will have first. Each list goes to {@link #publish} or {@link
     * #withdraw} once.
     */
    public List<TaskEntry> prepare(List<Admission> batch, Now now) {
        return admissions.prepare(batch, settings, now);
    }

    /** Admits prepared tasks, by what has become of their prerequisites. */
    public void publish(List<TaskEntry> prepared, Now now) {
        admissions.publish(prepared, now);
        conclude(now);
    }

    /** Drops prepared tasks as if they had never been asked for. */
    public void withdraw(List<TaskEntry> prepared, Now now) {
        admissions.withdraw(prepared);
        conclude(now);
    }

    /**
     * Brings tasks back from the store as they were there; {@link #publish} lets them in. They are
     * never refused for want of room. The listener is told of what changes then, and of them all.
     */
    public List<TaskEntry> restore(List<Restored> tasks, Now now) {
        return admissions.restore(tasks, now);
    }

    /**
     * Leaves prepared tasks that are READY to the store alone: they count, in the queue and beside
     * it, and {@link #restore} with {@link #unpark} brings them back.
     */
    public void park(List<TaskEntry> prepared, Now now) {
        for (TaskEntry entry : prepared)
            if (entry.phase != TaskPhase.READY || !entry.dependencies.isEmpty())
                throw new IllegalArgumentException("task " + entry + " cannot be parked");
        admissions.withdraw(prepared);
        lifecycle.counters.scheduled += prepared.size();
        table.parked += prepared.size();
        conclude(now);
    }

    /** So many tasks were found parked in the store, at a start. */
    public void foundParked(int count) {
        table.parked += count;
    }

    /** So many tasks are parked no more: they came back, or ended in the store. */
    public void unpark(int count) {
        if (count > table.parked)
            throw new IllegalArgumentException(
                    count + " of " + table.parked + " parked tasks cannot come back");
        table.parked -= count;
    }

    /** Tasks that wait READY in the store alone. */
    public int parked() {
        return table.parked;
    }

    /** The end that {@link KernelListener#ending} told is stored: the task ends, for all to see. */
    public void stored(TaskEntry entry, Now now) {
        lifecycle.stored(entry, now);
        conclude(now);
    }

    /** Ends that are decided and not stored yet. */
    public int unstored() {
        return lifecycle.unstored();
    }

    /** What a task has cost so far, or in all when its end is decided. */
    public TaskMetrics metrics(TaskEntry entry, Now now) {
        return Snapshots.metrics(entry, now);
    }

    /**
     * The place of a task in the order of the policy, if that only ranks, for those who keep the
     * order beyond the life of this kernel: instants count in UTC, not on the monotonic clock, and
     * what a task inherits or gains by waiting does not count.
     *
     * @param firstSeq added to the numbers in the order of release, so that they grow from one
     *     kernel to the next
     * @return a smaller number is more urgent; 0 under all other policies
     */
    public long rank(TaskEntry entry, long firstSeq, Now now) {
        return seat.rank(
                new RankView(entry, firstSeq + seat.lastSeq() + 1, firstSeq, now), now.nanos());
    }

    /**
     * What light tasks of these defaults have in common.
     *
     * @throws RefusedException if the priority is outside of the range
     */
    public LightKind lightKind(TaskDefaults defaults, Now now) {
        int priority =
                defaults.priority().isEmpty()
                        ? settings.priorities().defaultPriority()
                        : new AdmissionCheck(settings, table, now)
                                .checkPriority(defaults.priority().getAsInt());
        return new LightKind(id.value(), defaults, priority, range);
    }

    /** The light tasks; {@link #settle} ends a series of changes. */
    public LightTasks lights() {
        return lights;
    }

    /** Works off what follows from changes of {@link #lights}. */
    public void settle(Now now) {
        conclude(now);
    }

    /**
     * Asks this one from now on, of each task whose turn has come, whether its handler is there. If
     * not the task waits aside until {@link #handlerCame}; that is no attempt. Without this all are
     * taken to be there.
     */
    public void handlers(Predicate<String> deployed) {
        lifecycle.handlers.ask(deployed);
    }

    /** A handler is there from now on, or is another one. */
    public void handlerCame(String handler, Now now) {
        lifecycle.handlers.came(handler, now);
        conclude(now);
    }

    /** Tasks that wait aside for their handlers. */
    public int awaitingHandlers() {
        return lifecycle.handlers.count();
    }

    /**
     * Takes the most urgent task for a slot; it is RUNNING then. Null: nothing to run now.
     *
     * @param slot 0 to {@link KernelSettings#slots()} − 1
     */
    public @Nullable SlicedTask next(int slot, Now now) {
        SlicedTask task = attempts.pick(slot, settings, now);
        conclude(now);
        return task;
    }

    /** As {@link #next}, in a domain without light tasks. */
    public @Nullable TaskEntry pick(int slot, Now now) {
        return (TaskEntry) next(slot, now);
    }

    /**
     * How long the task just picked may run before its equals get their turn; 0: until it blocks or
     * ends.
     */
    public long quantumNanos(SlicedTask task) {
        return task.sliceNanos;
    }

    /** Adds what a slice cost. Before {@link #finished} or {@link #leave} of that slice. */
    public void charge(TaskEntry entry, Measured measured) {
        attempts.charge(entry, measured);
    }

    /**
     * The attempt has ended. A task that was asked to end for its time limit or deadline is
     * TIMED_OUT whatever the outcome; one that was cancelled is COMPLETED if its handler succeeded
     * all the same, else CANCELLED.
     */
    public void finished(TaskEntry entry, Outcome outcome, Now now) {
        attempts.finished(entry, outcome, now);
        conclude(now);
    }

    /**
     * The task gives up its slot but keeps its thread: BLOCKED waits for {@link #woken}, all else
     * is ready again.
     */
    public void leave(TaskEntry entry, SliceEnd why, Now now) {
        attempts.leave(entry, why, now);
        conclude(now);
    }

    /**
     * A running task loses its slot, and nobody else gets it for now: the domain may run fewer
     * tasks. It is ready again and keeps its thread. After {@link #charge}.
     */
    public void vacate(SlicedTask task, Now now) {
        attempts.vacate(task, now);
        conclude(now);
    }

    /**
     * At a safe point of a task that was asked to give way: who has its slot from now on. That may
     * be the task itself, which then goes on; another task that was started goes on on its own
     * thread. The task that lost its slot is ready again and keeps its thread. After {@link
     * #charge}.
     *
     * @param slot the slot the task has
     * @return the task that runs in this slot now; null: none for now
     */
    public @Nullable SlicedTask relinquish(SlicedTask task, int slot, Now now) {
        SlicedTask next = attempts.rotate(task, slot, settings, now);
        conclude(now);
        return next;
    }

    /** As {@link #relinquish}, in a domain without light tasks. */
    public @Nullable TaskEntry rotate(TaskEntry entry, int slot, Now now) {
        return (TaskEntry) relinquish(entry, slot, now);
    }

    /**
     * The task leaves its slot to wait for something on its thread, until {@link #woken}.
     *
     * @param why what kind of thing
     * @param resource the very thing; null: it has no name
     */
    public void block(SlicedTask task, WaitReason why, @Nullable String resource, Now now) {
        attempts.block(task, why, resource, now);
        conclude(now);
    }

    /**
     * Lets a started task that waits for a slot, or for something else, go on without a slot, so
     * that its handler can end. Nothing happens to a task that does not wait.
     */
    public void unwind(SlicedTask task, Now now) {
        attempts.unwind(task, now);
        conclude(now);
    }

    /** A task that waited for a resource has it. */
    public void woken(SlicedTask task, Now now) {
        attempts.woken(task, now);
        conclude(now);
    }

    /** The locks of the domain. */
    public TaskLocks locks() {
        return locks;
    }

    /**
     * Who ran when on which slot: the newest slices, the one that began last first; running ones
     * have no end.
     *
     * @param from slices that ended before are left out; null: as far back as is remembered
     * @param to slices that began after are left out; null: now
     */
    public List<ExecutionSlice> timeline(
            @Nullable Instant from, @Nullable Instant to, int first, Now now) {
        return lifecycle.slices.timeline(
                from == null ? Long.MIN_VALUE : now.nanosOf(from),
                to == null ? Long.MAX_VALUE : now.nanosOf(to),
                first,
                now);
    }

    /** Results of the tasks it depends on by DATA; without those that returned nothing. */
    public Map<TaskId, Payload> inputs(TaskEntry entry) {
        Map<TaskId, Payload> inputs = new LinkedHashMap<>();
        for (Dependency dependency : entry.dependencies)
            if (dependency.input != null) inputs.put(dependency.on, dependency.input);
        return inputs;
    }

    /** Share of the work done, 0.0 to 1.0, as the handler tells it. */
    public void progress(TaskEntry entry, double share, Now now) {
        if (!(share >= 0 && share <= 1))
            throw new IllegalArgumentException("progress must be 0.0 .. 1.0, was " + share);
        entry.progress = OptionalDouble.of(share);
        lifecycle.changed(entry, now.instant());
    }

    /** Ends a task that has not finished; a running one is CANCELLING until {@link #finished}. */
    public TaskEntry cancel(TaskId id, @Nullable String reason, Now now) {
        return concluded(operations.cancel(id, reason, now), now);
    }

    /** Cancels every unfinished task. The number of them. */
    public int cancelAll(@Nullable String reason, Now now) {
        int count = operations.cancelAll(reason, now);
        conclude(now);
        return count;
    }

    /**
     * Admits a FAILED task again with a new budget of retries; with cascade also those that failed
     * because of it. What {@link #awaitedForeign} names must be told anew by {@link
     * #foreignChanged}.
     */
    public TaskEntry retry(TaskId id, boolean cascade, Now now) {
        return concluded(operations.retry(id, cascade, settings, now), now);
    }

    /** Forgets a task that has ended; refused with CONFLICT if it has not. */
    public void purge(TaskId id, Now now) {
        TaskEntry entry = table.require(id);
        if (!entry.isFinal())
            throw RefusedException.conflict(
                    "only a task that has ended can be purged; task " + id + " is " + entry.phase);
        lifecycle.purge(entry);
        conclude(now);
    }

    /** Changes the base priority of an unfinished task. */
    public TaskEntry changePriority(TaskId id, int priority, Now now) {
        return concluded(operations.changePriority(id, priority, settings, now), now);
    }

    /** Holds a task back that is not on a worker. */
    public TaskEntry suspend(TaskId id, Now now) {
        return concluded(operations.suspend(id, now), now);
    }

    /** Ends a suspension. */
    public TaskEntry resume(TaskId id, Now now) {
        return concluded(operations.resume(id, now), now);
    }

    /** The tasks of other domains that this one waits for. */
    public List<TaskId> awaitedForeign(TaskEntry entry) {
        return entry.dependencies.stream()
                .filter(dependency -> dependency.waiting && dependency.prerequisite == null)
                .map(dependency -> dependency.on)
                .toList();
    }

    /** Whether an unfinished task waits for this task of another domain. */
    public boolean awaits(TaskId foreign) {
        return lifecycle.dependencies.awaits(foreign);
    }

    /** A task of another domain has changed. */
    public void foreignChanged(TaskId id, ForeignTask state, Now now) {
        lifecycle.dependencies.foreignChanged(id, state, now);
        conclude(now);
    }

    /** When {@link #advance} has something to do next; {@link Long#MAX_VALUE}: never. */
    public long nextTimerNanos() {
        return alarms.nextNanos();
    }

    /**
     * Does everything that is due: releases, deadlines, time limits, retries, dependency time-outs.
     */
    public void advance(Now now) {
        alarms.advance(settings.maxFinished(), now);
        conclude(now);
    }

    /**
     * UTC no longer goes on from where it was: whatever is bound to it gets a new place on the
     * monotonic clock.
     */
    public void clockJumped(Now now) {
        alarms.clockJumped(now);
        conclude(now);
    }

    /** Puts a policy in charge; queued tasks go over now and in later steps, running ones stay. */
    public void usePolicy(PolicyBinding binding, Now now) {
        seat.use(binding, now.nanos());
        conclude(now);
    }

    /** Ejects the policy in charge; nothing happens under the fallback. */
    public void fallBack(EjectionReason reason, String message, Now now) {
        seat.fallBack(reason, message, now.nanos());
        conclude(now);
    }

    /** The policy in charge. */
    public PolicyBinding activePolicy() {
        return seat.active();
    }

    /** Copies of the oldest ready tasks, for the trial of another policy. */
    public List<TaskView> readySample() {
        return seat.sample();
    }

    /** Counts the policies that were in charge. */
    public long policyGeneration() {
        return seat.generation();
    }

    /** Checks that no task is lost or queued twice. */
    public void audit(Now now) {
        seat.audit(now.nanos());
        conclude(now);
    }

    /** The task, if it is known. */
    public Optional<Task> task(TaskId id, Now now) {
        return entry(id).map(entry -> snapshots.of(entry, now));
    }

    /** Whether a task is in memory, if only prepared. */
    public boolean knows(TaskId id) {
        return table.get(id) != null || table.preparedIds.contains(id);
    }

    /** The entry, if it is known. */
    public Optional<TaskEntry> entry(TaskId id) {
        return Optional.ofNullable(table.get(id));
    }

    /** A task as it is now. */
    public Task snapshot(TaskEntry entry, Now now) {
        return snapshots.of(entry, now);
    }

    /**
     * The tasks that match, at most {@link #MAX_LISTED}: running, ready in the order of the policy,
     * later ones, blocked, then finished, newest first.
     */
    public List<Task> tasks(TaskFilter filter, Now now) {
        return new TaskQuery(filter, MAX_LISTED)
                .run(table, seat).stream().map(entry -> snapshots.of(entry, now)).toList();
    }

    /** Shows all known tasks in no order that means anything; the visitor must not change any. */
    public void forEach(Consumer<TaskEntry> visitor) {
        table.forEach(visitor);
    }

    /**
     * The order of {@link #tasks}, total on the known tasks; valid until the next change of the
     * kernel.
     */
    public Comparator<TaskEntry> scheduleOrder() {
        return new ScheduleOrder(seat.displayOrder());
    }

    /** The tasks that wait or waited for this one, in order of admission. */
    public List<Task> dependents(TaskId id, Now now) {
        return snapshots.dependents(table.require(id), now);
    }

    /** Gauges and counters. */
    public KernelCounts counts() {
        return lifecycle.counters.counts(
                seat.size(), table.parked, lifecycle.inheritance.inversions(), lights);
    }

    /** Number of tasks that have not ended. */
    public int unfinished() {
        return table.unfinished();
    }

    /** Number of tasks that could be dispatched now. */
    public int ready() {
        return seat.size();
    }

    private TaskEntry concluded(TaskEntry entry, Now now) {
        conclude(now);
        return entry;
    }

    /* Ends every call that changes something: works off what follows, and tells what became ready. */
    private void conclude(Now now) {
        lifecycle.settleEnds(settings.maxFinished(), now);
        lifecycle.slices.foresee(now);
        if (seat.generation() != generationSeen) {
            generationSeen = seat.generation();
            lifecycle.slices.renew(now);
        }
        lifecycle.slices.preempt(now);
        int ready = lifecycle.takeNewlyReady();
        if (ready > 0) listener.becameReady(ready);
    }

    private void ejected(PolicyEjection ejection) {
        lifecycle.counters.ejections++;
        listener.policyEjected(ejection);
    }
}
