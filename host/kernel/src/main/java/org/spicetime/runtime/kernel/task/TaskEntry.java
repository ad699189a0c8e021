// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.api.task.WaitReason;

/**
 * A task in its domain. Only the kernel changes it; who reads it holds the guard of the kernel.
 * Instants in nanoseconds are on the domain's monotonic clock. Guarded by the caller.
 */
public final class TaskEntry extends SlicedTask {
    final TaskId id;
    final TaskRequest request;
    final String handler;
    final Durability durability;
    final long number;
    final long admittedAtNanos;
    final Instant createdAt;
    final @Nullable Instant deadlineInstant;
    final PriorityRange range;
    final @Nullable TaskRelease release;
    final long periodNanos;

    /* Life cycle. */
    TaskPhase phase = TaskPhase.SCHEDULED;
    Instant updatedAt;
    int attempt;
    int retriesUsed;
    boolean started;
    boolean suspended;
    boolean announced;
    @Nullable WaitReason waitsFor;
    @Nullable String resource;
    @Nullable TaskId blockedBy;
    @Nullable StopReason stop;
    @Nullable String stopDetail;
    @Nullable Payload result;
    @Nullable RuntimeError error;

    /* How it ends, as soon as that is decided and until it is stored. */
    @Nullable TaskPhase decided;

    /* Comes from the store, where it was admitted before; when its retry is due. */
    boolean restored;
    @Nullable Instant restoredReadyAt;

    /* What was known, when it was prepared, of tasks of other domains it depends on. */
    Map<TaskId, ForeignTask> foreign = Map.of();

    /* Limits: those it has a place in, the one it waits for, the one that gave it its turn. */
    List<LimitBucket> limits = List.of();
    @Nullable LimitBucket limitedBy;
    @Nullable LimitBucket wokenBy;

    /* Its turn had come, and its handler was away. */
    boolean awaitsHandler;

    /* Order. */
    int basePriority;
    long ownDeadline = NEVER;

    /* Counted from the release as it was meant, so that a late one ranks as all others do. */
    final long givenRelativeDeadline;
    Urgency inherited = Urgency.NONE;
    boolean inheriting;
    int aged;
    @Nullable Integer level;
    long levelSince;
    boolean deadlineMissed;
    long seq = -1;
    long releasedAt = NEVER;

    /* Dependencies: what it waits for, those that wait for it, and those that no longer do. */
    final List<Dependency> dependencies;
    int unmet;
    @Nullable Dependency brokenBy;
    final Dependants waiting = new Dependants();
    final Dependants past = new Dependants();

    /* Locks: those it may take, those it has, the one it waits for. */
    final Set<String> declaredLocks;
    final List<DomainLock> held = new ArrayList<>(0);
    @Nullable DomainLock awaited;

    /* Timers that are set. */
    @Nullable Timer runAtTimer;
    @Nullable Timer deadlineTimer;
    @Nullable Timer timeLimitTimer;
    @Nullable Timer retryTimer;
    @Nullable Instant retryAt;

    /* Measurements. */
    @Nullable Instant startedAt;
    @Nullable Instant finishedAt;
    long firstDispatchNanos = NEVER;
    long readySinceNanos = NEVER;
    long lastWaitNanos;
    long finishedAtNanos = NEVER;
    long waitNanos;
    boolean cpuAttributed;
    long poolPeakBytes;
    OptionalLong ioOperations = OptionalLong.empty();
    OptionalLong heapAllocatedBytes = OptionalLong.empty();
    int preemptions;
    OptionalDouble progress = OptionalDouble.empty();

    /* Place in the table: unfinished in order of admission, or finished in order of ending. */
    boolean keptByStore;
    @Nullable TaskEntry previousInTable;
    @Nullable TaskEntry nextInTable;

    @Nullable Object attachment;
    @Nullable Object trace;
    @Nullable Object record;

    TaskEntry(
            Admission admission,
            long number,
            int basePriority,
            Durability durability,
            @Nullable Instant deadline,
            PriorityRange range,
            Now now) {
        this(admission, number, basePriority, durability, deadline, now.instant(), range, now);
    }

    /** One that was created at another time than now. */
    TaskEntry(
            Admission admission,
            long number,
            int basePriority,
            Durability durability,
            @Nullable Instant deadline,
            Instant createdAt,
            PriorityRange range,
            Now now) {
        this.id = admission.id();
        this.request = admission.request();
        this.handler = admission.handler();
        this.durability = durability;
        this.number = number;
        this.basePriority = basePriority;
        this.admittedAtNanos = now.nanos();
        this.createdAt = createdAt;
        this.updatedAt = now.instant();
        this.deadlineInstant = deadline;
        this.givenRelativeDeadline = givenRelativeDeadline(admission, deadline);
        this.range = range;
        this.release = admission.release();
        this.periodNanos = admission.periodNanos();
        this.declaredLocks = admission.locks();
        this.dependencies = new ArrayList<>(request.dependencies().size());
    }

    /** Its id. */
    public TaskId taskId() {
        return id;
    }

    /** What was asked for. */
    public TaskRequest request() {
        return request;
    }

    /** Which release of which schedule it is; null: it was asked for by itself. */
    public @Nullable TaskRelease release() {
        return release;
    }

    /** Name of its handler. */
    public String handler() {
        return handler;
    }

    /** Whether it survives a crash, the domain's default filled in. */
    public Durability durability() {
        return durability;
    }

    /** Its fine state. */
    public TaskPhase phase() {
        return phase;
    }

    /** What kind of thing it waits for on its thread, or did last; null: it never did. */
    public @Nullable WaitReason waitsFor() {
        return waitsFor;
    }

    /** The very thing it waits for on its thread, or did last; null: none that has a name. */
    public @Nullable String resource() {
        return resource;
    }

    /** Who held what it waits for on its thread, or did last, when it began to; null: nobody. */
    public @Nullable TaskId blockedBy() {
        return blockedBy;
    }

    /** Number of the present or last attempt, from 1; 0 before the first. */
    public int attempt() {
        return attempt;
    }

    /** When it was admitted. */
    public Instant createdAt() {
        return createdAt;
    }

    /** When it was admitted, on the monotonic clock. */
    public long admittedAtNanos() {
        return admittedAtNanos;
    }

    /** Since when it may be dispatched; {@link #NEVER} unless it may now. */
    public long readySinceNanos() {
        return readySinceNanos;
    }

    /** How long it was ready before the last dispatch: a sample of the scheduling latency. */
    public long lastWaitNanos() {
        return lastWaitNanos;
    }

    /**
     * When it ended for good; {@link #NEVER} before. With {@link #admittedAtNanos} a sample of the
     * turnaround.
     */
    public long finishedAtNanos() {
        return finishedAtNanos;
    }

    /** Why it was asked to end; null: it was not. */
    public @Nullable StopReason stopReason() {
        return stop;
    }

    /** What its handler returned; null unless completed with a result, stored or not yet. */
    public @Nullable Payload result() {
        return result;
    }

    /** Why it failed; null unless failed, stored or not yet. */
    public @Nullable RuntimeError error() {
        return error;
    }

    /** Whether it missed its deadline. */
    public boolean deadlineMissed() {
        return deadlineMissed;
    }

    /** What the runtime keeps beside the task, such as its worker. */
    public @Nullable Object attachment() {
        return attachment;
    }

    /** What the runtime remembers of the task's past. */
    public @Nullable Object trace() {
        return trace;
    }

    /** Remembers something of the task's past. */
    public void trace(@Nullable Object value) {
        trace = value;
    }

    /** What the runtime remembers of the task's record in the store; null: it has none. */
    public @Nullable Object record() {
        return record;
    }

    /** Remembers something of the task's record in the store. */
    public void record(@Nullable Object value) {
        record = value;
    }

    /** How it ends, decided and not yet stored; null: not decided, or ended already. */
    public @Nullable TaskPhase decided() {
        return decided;
    }

    /** Whether its end is decided and not yet stored. Nothing changes it any more. */
    public boolean isEnding() {
        return decided != null;
    }

    /** Why it was asked to end, as somebody told; null: nobody did. */
    public @Nullable String stopDetail() {
        return stopDetail;
    }

    /** When its next attempt is due; null: it never had to wait for one. */
    public @Nullable Instant retryAt() {
        return retryAt;
    }

    /** Share of the work done; empty: not told. */
    public OptionalDouble progress() {
        return progress;
    }

    /** When it last changed. */
    public Instant updatedAt() {
        return updatedAt;
    }

    /** When it first got the processor; null before. */
    public @Nullable Instant startedAt() {
        return startedAt;
    }

    /** When it ended for good; null before. */
    public @Nullable Instant finishedAt() {
        return finishedAt;
    }

    /** Its absolute deadline; null: none. */
    public @Nullable Instant deadlineInstant() {
        return deadlineInstant;
    }

    /** Its base priority as asked for, whatever the range of the domain is now. */
    public int requestedPriority() {
        return basePriority;
    }

    /** Keeps something beside the task. */
    public void attach(@Nullable Object value) {
        attachment = value;
    }

    @Override
    public UUID id() {
        return id.value();
    }

    @Override
    public long seq() {
        return seq;
    }

    @Override
    public TaskType type() {
        return request.type();
    }

    @Override
    public int priority() {
        long priority = (long) Math.max(basePriority, inherited.priority()) + aged;
        return range.clamp((int) Math.min(Integer.MAX_VALUE, priority));
    }

    @Override
    public int basePriority() {
        return range.clamp(basePriority);
    }

    @Override
    public long releasedAt() {
        return releasedAt;
    }

    @Override
    public long deadline() {
        return Math.min(ownDeadline, inherited.deadline());
    }

    @Override
    public long relativeDeadline() {
        long own =
                givenRelativeDeadline == NEVER ? sinceRelease(ownDeadline) : givenRelativeDeadline;
        long given = inherited.relativeDeadline();
        return Math.min(own, given == NEVER ? sinceRelease(inherited.deadline()) : given);
    }

    private long sinceRelease(long deadline) {
        return deadline == NEVER || releasedAt == NEVER ? NEVER : deadline - releasedAt;
    }

    private static long givenRelativeDeadline(Admission admission, @Nullable Instant deadline) {
        Duration given = admission.request().relativeDeadline();
        if (given == null && deadline != null && admission.release() != null) {
            given = Duration.between(admission.release().nominal(), deadline);
        }
        return given == null ? NEVER : Now.saturatedNanos(given);
    }

    @Override
    public long period() {
        return Math.min(periodNanos, inherited.period());
    }

    /** How urgent it is to whoever looks, with all that it inherits. */
    Urgency urgency() {
        return new Urgency(priority(), deadline(), relativeDeadline(), period());
    }

    /** The names of the locks it holds, in the order in which it got them. */
    public List<String> heldLocks() {
        return held.stream().map(lock -> lock.name).toList();
    }

    /** The lock it waits for; null: none. */
    public @Nullable String awaitedLock() {
        return awaited == null ? null : awaited.name;
    }

    @Override
    public long estimatedNanos() {
        return request.estimatedDuration() == null
                ? 0
                : Now.saturatedNanos(request.estimatedDuration());
    }

    @Override
    public boolean started() {
        return started;
    }

    @Override
    boolean toEnd() {
        return stop != null;
    }

    /** Whether it ended for good. */
    public boolean isFinal() {
        return phase.isFinal();
    }

    /** Whether it ended for good, or will as soon as that is stored. */
    boolean isOver() {
        return decided != null || phase.isFinal();
    }

    boolean dispatchedOnce() {
        return attempt > 0;
    }

    @Override
    public String toString() {
        return id + " " + phase;
    }
}
