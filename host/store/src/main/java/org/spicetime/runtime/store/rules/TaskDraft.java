// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.rules;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.store.Claim;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskPhase;

/** A task while events are applied to it. Called by one thread at a time. */
public final class TaskDraft {

    private final Task base;
    private final long seq;
    private final @Nullable String handlerVersion;
    private final org.spicetime.runtime.api.store.@Nullable Release release;

    TaskPhase phase;
    int priority;
    int attempt;
    Instant updatedAt;
    List<TaskDependency> dependencies;
    TaskMetrics metrics;
    boolean deadlineMissed;
    OptionalDouble progress;
    @Nullable Payload result;
    @Nullable RuntimeError error;
    long rank;
    @Nullable TaskPhase phaseBefore;
    @Nullable Claim claim;
    int attemptsLeft;
    String changedBy;
    List<Transition> transitions;
    @Nullable Instant readyAt;
    private final boolean admitted;
    boolean visible;
    boolean purged;

    /**
     * A stored task.
     *
     * @param record as it is stored
     */
    public TaskDraft(TaskRecord record) {
        admitted = false;
        base = record.task();
        seq = record.seq();
        handlerVersion = record.handlerVersion();
        release = record.release();
        phase = base.phase();
        priority = base.priority();
        attempt = base.attempt();
        updatedAt = base.updatedAt();
        dependencies = base.dependencies();
        metrics = base.metrics();
        deadlineMissed = base.deadlineMissed();
        progress = base.progress();
        result = base.result();
        error = base.error();
        rank = record.rank();
        phaseBefore = record.phaseBefore();
        claim = record.claim();
        attemptsLeft = record.attemptsLeft();
        changedBy = record.changedBy();
        transitions = record.transitions();
        readyAt = record.readyAt();
    }

    /**
     * A task that is being admitted.
     *
     * @param event its admission
     * @param seq its place in the order of admission
     */
    public TaskDraft(TaskEvent.Submitted event, long seq) {
        admitted = true;
        this.seq = seq;
        base = event.admitted();
        handlerVersion = event.handlerVersion();
        release = event.release();
        phase = base.phase();
        priority = base.priority();
        attempt = base.attempt();
        updatedAt = base.updatedAt();
        dependencies = base.dependencies();
        metrics = base.metrics();
        deadlineMissed = base.deadlineMissed();
        progress = base.progress();
        result = base.result();
        error = base.error();
        rank = event.rank();
        attemptsLeft = 1 + base.request().maxRetries();
        changedBy = base.request().owner();
        transitions = List.of();
        scheduled();
        visible = true;
    }

    /**
     * Which task.
     *
     * @return its id
     */
    public TaskId id() {
        return base.id();
    }

    /**
     * Whether it is being admitted.
     *
     * @return false: it was stored before
     */
    public boolean isNew() {
        return admitted;
    }

    /**
     * Whether readers can see what changed.
     *
     * @return whether its number in the domain's sequence changes
     */
    public boolean isVisible() {
        return visible;
    }

    /**
     * Whether its row is to go.
     *
     * @return whether it was purged
     */
    public boolean isPurged() {
        return purged;
    }

    /**
     * The instant of its last visible change.
     *
     * @return UTC
     */
    public Instant updatedAt() {
        return updatedAt;
    }

    /**
     * When it was first started, as far as the events applied tell.
     *
     * @return null: not yet
     */
    public @Nullable Instant startedAt() {
        return metrics.startedAt();
    }

    /** What it was admitted as, if it has been in one phase only. */
    Transition admitted(TaskPhase as) {
        return new Transition(base.createdAt(), as, base.request().owner());
    }

    /** It waits for the instant it was asked for. */
    void scheduled() {
        Instant runAt = base.request().runAt();
        readyAt = phase == TaskPhase.SCHEDULED ? runAt == null ? base.createdAt() : runAt : null;
    }

    /**
     * The task as it is now.
     *
     * @param changedSeq number of its last visible change
     * @return as it is to be stored
     */
    public TaskRecord record(long changedSeq) {
        return new TaskRecord(
                new Task(
                        base.id(),
                        base.domain(),
                        base.request(),
                        base.handler(),
                        base.durability(),
                        priority,
                        priority,
                        base.deadline(),
                        phase,
                        attempt,
                        base.createdAt(),
                        updatedAt,
                        dependencies,
                        metrics,
                        deadlineMissed,
                        progress,
                        result,
                        error,
                        base.release()),
                seq,
                changedSeq,
                rank,
                phaseBefore,
                readyAt,
                claim,
                attemptsLeft,
                handlerVersion,
                release,
                changedBy,
                transitions);
    }
}
