// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.task.BulkResult;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskChanges;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskHistory;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.api.task.TaskRequest;

/** The tasks of one domain; see {@link Domain} for how answers and refusals come. Thread-safe. */
@ProviderType
public interface TaskOperations {
    /**
     * Admits a task. Completes when it is queued, not when it has run.
     *
     * @param request the task
     * @return the task as admitted, or as it is now if its idempotency key is known; refused with
     *     BAD_USER_INPUT, CONFLICT, NOT_FOUND or RESOURCE_EXHAUSTED
     */
    CompletionStage<Task> schedule(TaskRequest request);

    /**
     * Admits several tasks, all or none; they may depend on each other by their positions. In the
     * order of the requests.
     *
     * @param requests the tasks, at most 1000
     * @return the tasks in the order of the requests; refused as a whole
     */
    CompletionStage<List<Task>> scheduleAll(List<TaskRequest> requests);

    /**
     * Admits tasks as {@link #scheduleAll(List)} does, if a gate lets those pass that are new.
     *
     * @param requests the tasks, at most 1000
     * @param gate asked when the idempotency keys have been looked up, on any thread; not at all if
     *     every task is known
     * @return the tasks in the order of the requests; refused as a whole, also by the gate
     */
    CompletionStage<List<Task>> scheduleAll(List<TaskRequest> requests, AdmissionGate gate);

    /**
     * The task, if this domain knows it.
     *
     * @param id the task
     * @return a snapshot; empty: unknown here, or purged
     */
    Optional<Task> task(TaskId id);

    /**
     * The tasks that match, in scheduling order: running, ready, blocked, then finished, newest
     * first. At most 1000.
     *
     * @param filter conditions, all of which must hold
     * @return snapshots of one instant
     */
    List<Task> tasks(TaskFilter filter);

    /**
     * A page of the tasks that match, all of one instant. A cursor finds its place by what the
     * order is made of and the id of its task, so tasks that come, change and go between two pages
     * neither shift the others nor make one appear twice, unless its own place in the order
     * changed.
     *
     * @param request which page
     * @return the page
     * @throws org.spicetime.runtime.api.error.RefusedException BAD_USER_INPUT if a cursor was not
     *     made by this host, or for another order; CURSOR_EXPIRED if it belongs to another
     *     incarnation
     */
    TaskPage page(TaskPageRequest request);

    /**
     * What happened to a task.
     *
     * @param id the task
     * @return a snapshot; empty: unknown here, or purged
     */
    Optional<TaskHistory> history(TaskId id);

    /**
     * Where the handler of a task is now: the calls of its thread, innermost first, those of the
     * host that lead to the handler included. Taken while the thread goes on; costs it a safepoint
     * of the Java runtime.
     *
     * @param id the task
     * @return one line per call, as in a stack trace; empty: unknown here, or no attempt is under
     *     way
     */
    Optional<List<String>> stack(TaskId id);

    /**
     * The tasks that wait or waited for this one.
     *
     * @param id the task
     * @return snapshots, of this domain
     */
    List<Task> dependents(TaskId id);

    /**
     * Ends a task that has not finished. One that runs is CANCELLING until its handler returns.
     *
     * @param reason for the task's error; null: none told
     * @param id the task
     * @return the task, CANCELLED or CANCELLING; refused with CONFLICT if it has finished
     */
    CompletionStage<Task> cancel(TaskId id, @Nullable String reason);

    /**
     * Admits a FAILED task again under the same id, with a new budget of retries.
     *
     * @param id the task
     * @param cascade also the tasks that failed because of it
     * @return the task, waiting again; refused with CONFLICT unless it FAILED
     */
    CompletionStage<Task> retry(TaskId id, boolean cascade);

    /**
     * Changes the base priority of a task that has not finished; takes effect at once.
     *
     * @param id the task
     * @param priority within the domain's range
     * @return the task with its new priority; refused with CONFLICT if it has finished
     */
    CompletionStage<Task> changePriority(TaskId id, int priority);

    /**
     * As {@link #cancel}, for the unfinished tasks that match, oldest first, at most {@value
     * BulkResult#MAX_CHANGED} per call.
     *
     * @param filter conditions, at least one
     * @param reason for the tasks' errors; null: none told
     * @param dryRun count only
     * @return what was done; refused with BAD_USER_INPUT without a condition
     */
    CompletionStage<BulkResult> cancelAll(
            TaskFilter filter, @Nullable String reason, boolean dryRun);

    /**
     * As {@link #retry}, for the FAILED tasks that match, oldest first, at most {@value
     * BulkResult#MAX_CHANGED} per call; as many as the queue has room for.
     *
     * @param filter conditions, at least one
     * @param cascade also the tasks that failed because of them
     * @param dryRun count only
     * @return what was done; refused with BAD_USER_INPUT without a condition, RESOURCE_EXHAUSTED if
     *     the queue has no room at all
     */
    CompletionStage<BulkResult> retryAll(TaskFilter filter, boolean cascade, boolean dryRun);

    /**
     * Removes the finished tasks that match before their retention ends, oldest first, at most
     * {@value BulkResult#MAX_CHANGED} per call.
     *
     * @param filter conditions, at least one
     * @param dryRun count only
     * @return what was done; refused with BAD_USER_INPUT without a condition
     */
    CompletionStage<BulkResult> purgeAll(TaskFilter filter, boolean dryRun);

    /**
     * Tells the state of a task at once and after every change, in order, from one host thread at a
     * time; ends by itself after the final state. The listener must return quickly.
     *
     * @param id the task
     * @param listener told of each state
     * @return ends the observation when closed
     * @throws org.spicetime.runtime.api.error.RefusedException NOT_FOUND
     */
    Watch watchTask(TaskId id, Consumer<? super Task> listener);

    /**
     * The changes of tasks from a cursor on, so that nothing is lost between a list and the stream,
     * nor over a reconnect; without a cursor from now on. Every change of a task is told, one that
     * does not match (any more) as LEFT_FILTER. Cursors are valid while the domain is hosted by
     * this process; those of an earlier one have expired.
     *
     * @param filter conditions on the task after the change; its limit has no meaning here
     * @param after {@code TaskPage.asOf} or the cursor of a change; null: from now on
     * @param available called, on a host thread, when there is something to take after there was
     *     not; must return quickly
     * @return the changes, until closed
     * @throws org.spicetime.runtime.api.error.RefusedException BAD_USER_INPUT if the cursor was not
     *     made by this host, CURSOR_EXPIRED if it cannot be continued, NOT_FOUND if the domain was
     *     deleted
     */
    TaskChanges watchTasks(TaskFilter filter, @Nullable String after, Runnable available);
}
