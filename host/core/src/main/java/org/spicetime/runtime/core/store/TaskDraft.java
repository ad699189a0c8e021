// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.store;

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

/** A task while events are applied to it. Used under the store's lock. */
final class TaskDraft {

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

    /** Whether readers can see what changed. */
    boolean visible;

    /** Whether the row is to go. */
    boolean purged;

    /** A stored task. */
    TaskDraft(Row row) {
        TaskRecord record = row.record();
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
        readyAt = row.readyAt();
    }

    /** A task that is being admitted. */
    TaskDraft(TaskEvent.Submitted event, long seq) {
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

    TaskId id() {
        return base.id();
    }

    Task admitted() {
        return base;
    }

    /** It waits for the instant it was asked for. */
    void scheduled() {
        Instant runAt = base.request().runAt();
        readyAt = phase == TaskPhase.SCHEDULED ? runAt == null ? base.createdAt() : runAt : null;
    }

    Row row(long changedSeq) {
        return new Row(
                new TaskRecord(
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
                        claim,
                        attemptsLeft,
                        handlerVersion,
                        release,
                        changedBy,
                        transitions),
                readyAt);
    }
}
