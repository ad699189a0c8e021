// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMap;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.schedule.ScheduleUpdate;
import org.spicetime.runtime.api.scheduler.ExecutionSlice;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDefaults;

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
public interface Domain extends TaskOperations, ConfigOperations {
    /**
     * The id.
     *
     * @return the id, the same for the life of the domain
     */
    DomainId id();

    /**
     * This domain in the hands of somebody: what is changed through the answer is on record as done
     * by that caller. Changes through any other instance are the host's own.
     *
     * @param who makes the changes
     * @return the same domain
     */
    Domain by(ChangedBy who);

    /**
     * The domain as it is now.
     *
     * @return a snapshot
     */
    DomainState state();

    /**
     * Counters and latencies since the last start.
     *
     * @return a snapshot
     */
    RuntimeMetrics metrics();

    /**
     * Resources in use now.
     *
     * @return a snapshot; what cannot be measured is absent
     */
    ResourceUsage resources();

    /**
     * The series of {@link #samples} as they are now: values of this instant, and what is measured
     * over a step from the newest second.
     *
     * @return a snapshot; what cannot be measured is absent
     */
    MetricsSample sample();

    /**
     * Measurements over time, from memory: a point per second of the last hour and a point per 10
     * seconds of the last day, as long as the domain was started since and the host has room for
     * them. A resolution between what is kept merges points: means of levels and rates, sums of
     * counts, the largest of a percentile.
     *
     * @param from first instant
     * @param to last instant, not before {@code from}
     * @param resolution of a point, a second or more; at most 5000 points fit between the two
     * @return the points, oldest first; a time without measurements has none
     * @throws org.spicetime.runtime.api.error.RefusedException BAD_USER_INPUT if a value is out of
     *     range
     */
    List<MetricsSample> samples(Instant from, Instant to, Duration resolution);

    /**
     * Who ran when on which slot, from memory: the newest slices of the time since the host began,
     * a few thousand of them.
     *
     * @param from slices that ended before are left out; null: as far back as is remembered
     * @param to slices that began after are left out; null: now
     * @param first most slices wanted, 0 to {@value ExecutionSlice#MOST}
     * @return the slices, the one that began last first; those of running tasks have no end
     * @throws org.spicetime.runtime.api.error.RefusedException BAD_USER_INPUT if {@code first} is
     *     out of range or {@code to} is before {@code from}
     */
    List<ExecutionSlice> timeline(@Nullable Instant from, @Nullable Instant to, int first);

    /**
     * The reservation in force, if any.
     *
     * @return the reservation; empty: none was ever granted
     */
    Optional<ResourceAllocation> allocation();

    /**
     * Whether the policy in force can guarantee the deadlines of this domain, by the policy's own
     * test. Takes as long as the test does, 2 s at most.
     *
     * @return the answer; a policy without a test, or one that fails or takes too long, gives one
     *     that says so
     */
    CompletionStage<ScheduleAnalysis> analysis();

    /**
     * The newest failures, newest first, at most {@code limit}.
     *
     * @param limit most entries wanted, 0 or more
     * @return the failures, newest first
     */
    List<RuntimeError> errors(int limit);

    /**
     * Replaces the reservation of each resource named.
     *
     * @param request what to reserve
     * @return the reservation in force afterwards; refused with RESOURCE_EXHAUSTED if the host has
     *     less left
     */
    CompletionStage<ResourceAllocation> allocate(ResourceRequest request);

    /**
     * Gives back the reservations of these resources; what is not reserved stays so.
     *
     * @param resources the resources; STORAGE cannot be reserved and is passed over
     * @return the domain without them
     */
    CompletionStage<DomainState> release(Set<ResourceKind> resources);

    /**
     * Starts the domain if it is CREATED, STOPPED or FAILED.
     *
     * @return the domain once it runs; refused with CONFLICT in another state, RESOURCE_EXHAUSTED
     *     if its pool cannot be backed
     */
    CompletionStage<DomainState> start();

    /**
     * Stops the domain; unfinished tasks stay and go on after the next start.
     *
     * @param drain run the admitted tasks to the end first
     * @return the domain once it is stopped
     */
    CompletionStage<DomainState> stop(boolean drain);

    /**
     * Accepts no more tasks and runs the admitted ones to the end; {@link #resume} opens it again.
     *
     * @return the domain, which may still have tasks to run
     */
    CompletionStage<DomainState> drain();

    /**
     * Dispatches nothing more; running tasks go on.
     *
     * @return the paused domain
     */
    CompletionStage<DomainState> pause();

    /**
     * Ends a pause or a drain.
     *
     * @return the domain, open again
     */
    CompletionStage<DomainState> resume();

    /**
     * This domain as an {@link ExecutorService}, for code in this process: what is submitted runs
     * on the workers of the domain, ordered by the policy in charge together with all other tasks,
     * and is counted in {@link #metrics}. Such a task is light: VOLATILE, without payload, history
     * or retries, and not listed by {@link #tasks}.
     *
     * <ul>
     *   <li>{@code shutdown}, {@code shutdownNow}, {@code awaitTermination} and {@code close} are
     *       about the tasks of this view only; the domain and other views go on.
     *   <li>While the domain is not running, while its queue is full (under {@code overflowPolicy:
     *       WAIT} for longer than {@code maxWait}), and after {@code shutdown}, submitting throws
     *       {@link java.util.concurrent.RejectedExecutionException}. What was submitted before a
     *       stop stays queued and runs after the next start; the deletion of the domain cancels it.
     *   <li>{@code Future.cancel(true)} interrupts the thread of a running task; woven code then
     *       ends at its next poll.
     *   <li>An exception of a task given to {@code execute} is logged, and the task counts as
     *       failed.
     * </ul>
     *
     * The domain keeps nothing of a view but its unfinished tasks, so a view need not be closed.
     *
     * @param defaults what its tasks have in common
     * @return a new view; thread-safe
     * @throws org.spicetime.runtime.api.error.RefusedException BAD_USER_INPUT if the priority is
     *     outside of the domain's range, NOT_FOUND if the domain was deleted
     */
    ExecutorService executor(TaskDefaults defaults);

    /**
     * Holds a task back until {@link #resume(TaskId)} or {@link #cancel}; timers go on.
     *
     * @param id the task
     * @return the task, SUSPENDED; refused with CONFLICT if it was dispatched already or has
     *     finished
     */
    CompletionStage<Task> suspend(TaskId id);

    /**
     * Ends a suspension.
     *
     * @param id the task
     * @return the task, where it would be without the suspension; refused with CONFLICT unless it
     *     is suspended
     */
    CompletionStage<Task> resume(TaskId id);

    /**
     * The schedules.
     *
     * @return snapshots of one instant, ordered by name
     */
    List<Schedule> schedules();

    /**
     * The schedule, if this domain knows it.
     *
     * @param id the schedule
     * @return a snapshot; empty: unknown here, or deleted
     */
    Optional<Schedule> findSchedule(UUID id);

    /**
     * The next releases of a schedule, if nothing changes.
     *
     * @param id the schedule
     * @param first most instants wanted, 0 to {@link Schedule#MAX_FORETOLD}
     * @return ascending; empty while it is paused, and if this domain does not know it
     * @throws IllegalArgumentException if the number is out of range
     */
    List<Instant> nextReleases(UUID id, int first);

    /**
     * Creates a schedule; what is due at once is released before the stage completes.
     *
     * @param request the schedule
     * @return the schedule; refused with BAD_USER_INPUT, CONFLICT (the name is in use), or
     *     RESOURCE_EXHAUSTED (the domain has {@link Schedule#MAX_PER_DOMAIN} already)
     */
    CompletionStage<Schedule> createSchedule(ScheduleRequest request);

    /**
     * Changes a schedule from the next release on.
     *
     * @param id the schedule
     * @param update what is to change
     * @param expectedRevision refused with CONFLICT unless the schedule's revision is this; null:
     *     whatever it is
     * @return the schedule with its changes; refused with BAD_USER_INPUT, CONFLICT or NOT_FOUND
     */
    CompletionStage<Schedule> updateSchedule(
            UUID id, ScheduleUpdate update, @Nullable Integer expectedRevision);

    /**
     * Removes a schedule; tasks released already are not touched.
     *
     * @param id the schedule
     * @param actor who asks; not blank
     * @return the schedule as it was; refused with NOT_FOUND
     */
    CompletionStage<Schedule> deleteSchedule(UUID id, String actor);

    /**
     * Releases nothing more until {@link #resumeSchedule}. Does nothing to a paused schedule.
     *
     * @param id the schedule
     * @param actor who asks; not blank
     * @return the paused schedule; refused with NOT_FOUND
     */
    CompletionStage<Schedule> pauseSchedule(UUID id, String actor);

    /**
     * Ends a pause; releases that fell into it are left out. Does nothing to a schedule that is not
     * paused.
     *
     * @param id the schedule
     * @param actor who asks; not blank
     * @return the schedule; refused with NOT_FOUND
     */
    CompletionStage<Schedule> resumeSchedule(UUID id, String actor);

    /**
     * Runs a collection of the pool now.
     *
     * @param compact also move live blocks together
     * @return what was done
     */
    CompletionStage<CollectionReport> collectGarbage(boolean compact);

    /**
     * Moves cold movable blocks of the pool to the swap file now, coldest first as {@link
     * MemoryConfig#swapPolicy()} tells. Blocks that are pinned stay. Fewer bytes than asked for are
     * moved when there are no more, when {@link MemoryConfig#swapLimitBytes()} is reached, or when
     * the file cannot take more.
     *
     * @param bytes most bytes to move, 1 or more; empty: all that can be moved
     * @return the pool afterwards; refused with BAD_USER_INPUT for 0 or fewer bytes, with CONFLICT
     *     while the domain has no pool or its policy is {@link SwapPolicy#NONE}, and with
     *     RESOURCE_EXHAUSTED while swapping is switched off because the file failed
     */
    CompletionStage<MemoryMetrics> swapOut(OptionalLong bytes);

    /**
     * How the pool is laid out now. Costs some microseconds per MiB of the pool.
     *
     * @param owners most owners wanted, 0 to {@value MemoryMap#MOST_OWNERS}
     * @return the layout; without zones while the domain has no pool
     * @throws org.spicetime.runtime.api.error.RefusedException BAD_USER_INPUT if {@code owners} is
     *     out of range
     */
    MemoryMap memoryMap(int owners);

    /**
     * Tells the state of the domain at once and after every change, and its deletion.
     *
     * @param listener told of each state, or of the newest if it is slow
     * @return ends the observation when closed
     * @throws org.spicetime.runtime.api.error.RefusedException NOT_FOUND if it was deleted
     */
    Watch watch(DomainListener listener);

    /**
     * Tells each failure of the domain and its tasks as it happens, in order. The listener must
     * return quickly; one that is behind by more than a thousand misses the oldest.
     *
     * @param listener told of each failure from now on
     * @return ends the observation when closed
     * @throws org.spicetime.runtime.api.error.RefusedException NOT_FOUND if it was deleted
     */
    Watch watchErrors(Consumer<? super RuntimeError> listener);

    /**
     * Tells when the use of a resource rises above the threshold and when it falls back, once per
     * crossing.
     *
     * @param threshold a ratio in (0, 1]
     * @param listener told of each crossing
     * @return ends the observation when closed
     * @throws org.spicetime.runtime.api.error.RefusedException BAD_USER_INPUT if the threshold is
     *     out of range
     */
    Watch watchResources(double threshold, Consumer<? super ResourceAlert> listener);
}
