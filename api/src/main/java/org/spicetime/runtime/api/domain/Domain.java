// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskRequest;

/**
 * One domain. Thread-safe. Reads answer from memory at once. Changes answer by a stage that
 * completes when the change holds (a durable one: is stored), on any thread; a refused change
 * completes exceptionally with a {@link org.spicetime.runtime.api.error.RefusedException} and has
 * changed nothing.
 *
 * <p>An instance stays valid until its domain is deleted; then reads answer the last state and
 * changes are refused with NOT_FOUND.
 */
@ProviderType
public interface Domain {
    /** The id. */
    DomainId id();

    /** The domain as it is now. */
    DomainState state();

    /** Counters and latencies since the last start. */
    RuntimeMetrics metrics();

    /** Resources in use now. */
    ResourceUsage resources();

    /** The reservation in force, if any. */
    Optional<ResourceAllocation> allocation();

    /** The newest failures, newest first, at most {@code limit}. */
    List<RuntimeError> errors(int limit);

    /**
     * Changes the configuration, all of it or nothing. Running tasks go on; the run queue goes over
     * to a new policy.
     *
     * @param expectedRevision refused with CONFLICT unless the domain's revision is this; null:
     *     whatever it is
     */
    CompletionStage<DomainState> configure(ConfigPatch patch, @Nullable Integer expectedRevision);

    /**
     * The configuration that {@link #configure} would put in force; refused as it would be. Changes
     * nothing.
     */
    DomainConfig rehearse(ConfigPatch patch);

    /** Replaces the reservation of each resource named. */
    CompletionStage<ResourceAllocation> allocate(ResourceRequest request);

    /** Starts the domain if it is CREATED, STOPPED or FAILED. */
    CompletionStage<DomainState> start();

    /**
     * Stops the domain; unfinished tasks stay and go on after the next start.
     *
     * @param drain run the admitted tasks to the end first
     */
    CompletionStage<DomainState> stop(boolean drain);

    /**
     * Accepts no more tasks and runs the admitted ones to the end; {@link #resume} opens it again.
     */
    CompletionStage<DomainState> drain();

    /** Dispatches nothing more; running tasks go on. */
    CompletionStage<DomainState> pause();

    /** Ends a pause or a drain. */
    CompletionStage<DomainState> resume();

    /** Admits a task. Completes when it is queued, not when it has run. */
    CompletionStage<Task> schedule(TaskRequest request);

    /**
     * Admits several tasks, all or none; they may depend on each other by their positions. In the
     * order of the requests.
     */
    CompletionStage<List<Task>> scheduleAll(List<TaskRequest> requests);

    /** The task, if this domain knows it. */
    Optional<Task> task(TaskId id);

    /**
     * The tasks that match, in scheduling order: running, ready, blocked, then finished, newest
     * first. At most 1000.
     */
    List<Task> tasks(TaskFilter filter);

    /** The tasks that wait or waited for this one. */
    List<Task> dependents(TaskId id);

    /**
     * Ends a task that has not finished. One that runs is CANCELLING until its handler returns.
     *
     * @param reason for the task's error; null: none told
     */
    CompletionStage<Task> cancel(TaskId id, @Nullable String reason);

    /** Admits a FAILED task again under the same id, with a new budget of retries. */
    CompletionStage<Task> retry(TaskId id, boolean cascade);

    /** Changes the base priority of a task that has not finished; takes effect at once. */
    CompletionStage<Task> changePriority(TaskId id, int priority);

    /** Runs a collection of the pool now. */
    CompletionStage<CollectionReport> collectGarbage(boolean compact);

    /**
     * Tells the state of a task at once and after every change, in order, from one host thread at a
     * time; ends by itself after the final state. The listener must return quickly.
     */
    Watch watchTask(TaskId id, Consumer<? super Task> listener);

    /**
     * Tells the state of the domain at once and after every change of status or configuration, as
     * {@link #watchTask}.
     */
    Watch watchState(Consumer<? super DomainState> listener);

    /**
     * Tells when the use of a resource rises above the threshold and when it falls back, once per
     * crossing.
     *
     * @param threshold a ratio in (0, 1]
     */
    Watch watchResources(double threshold, Consumer<? super ResourceAlert> listener);
}
