// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;

/**
 * All tasks of one domain and everything that decides about them. Every change takes the present time as an argument; time
 * never goes back between calls. Refusals are {@link org.spicetime.runtime.api.error.RefusedException}s and have changed
 * nothing. Called by one thread at a time, guarded by the caller.
 */
public final class DomainKernel {
    /** Most tasks one query answers. */
    public static final int MAX_LISTED = 1000;

    /**
     * An empty domain under the fallback policy.
     *
     * @param jitter spreads retry delays
     */
    public DomainKernel(DomainId id, KernelSettings settings, KernelListener listener, RandomGenerator jitter) {
        throw new UnsupportedOperationException();
    }

    /** The domain. */
    public DomainId id() {
        throw new UnsupportedOperationException();
    }

    /** The settings in force. */
    public KernelSettings settings() {
        throw new UnsupportedOperationException();
    }

    /** Puts settings in force; admitted tasks stay, whatever they ask for. A policy made for former slots, priorities or quantum is to be replaced by {@link #usePolicy}. */
    public void settings(KernelSettings settings, Now now) {
        throw new UnsupportedOperationException();
    }

    /** Admits all tasks of the batch or none. In the order of the batch. */
    public List<TaskEntry> admit(List<Admission> batch, Now now) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes the most urgent task for a slot; it is RUNNING then. Null: nothing to run now.
     *
     * @param slot 0 to {@link KernelSettings#slots()} − 1
     */
    public @Nullable TaskEntry pick(int slot, Now now) {
        throw new UnsupportedOperationException();
    }

    /** How long the task just picked may run before its equals get their turn; 0: until it blocks or ends. */
    public long quantumNanos(TaskEntry entry) {
        throw new UnsupportedOperationException();
    }

    /** Adds what a slice cost. Before {@link #finished} or {@link #leave} of that slice. */
    public void charge(TaskEntry entry, Measured measured) {
        throw new UnsupportedOperationException();
    }

    /**
     * The attempt has ended. A task that was asked to end for its time limit or deadline is TIMED_OUT whatever the outcome;
     * one that was cancelled is COMPLETED if its handler succeeded all the same, else CANCELLED.
     */
    public void finished(TaskEntry entry, Outcome outcome, Now now) {
        throw new UnsupportedOperationException();
    }

    /** The task gives up its slot but keeps its thread: BLOCKED waits for {@link #woken}, all else is ready again. */
    public void leave(TaskEntry entry, SliceEnd why, Now now) {
        throw new UnsupportedOperationException();
    }

    /** A task that waited for a resource has it. */
    public void woken(TaskEntry entry, Now now) {
        throw new UnsupportedOperationException();
    }

    /** The running task that must give way to the most urgent of these queued ones; null: none does. Equal never preempts. */
    public @Nullable TaskEntry victim(TaskEntry arrived, Now now) {
        throw new UnsupportedOperationException();
    }

    /** Results of the tasks it depends on by DATA; without those that returned nothing. */
    public Map<TaskId, Payload> inputs(TaskEntry entry) {
        throw new UnsupportedOperationException();
    }

    /** Share of the work done, 0.0 to 1.0, as the handler tells it. */
    public void progress(TaskEntry entry, double share, Now now) {
        throw new UnsupportedOperationException();
    }

    /** Ends a task that has not finished; a running one is CANCELLING until {@link #finished}. */
    public TaskEntry cancel(TaskId id, @Nullable String reason, Now now) {
        throw new UnsupportedOperationException();
    }

    /** Cancels every unfinished task. The number of them. */
    public int cancelAll(@Nullable String reason, Now now) {
        throw new UnsupportedOperationException();
    }

    /** Admits a FAILED task again with a new budget of retries; with cascade also those that failed because of it. */
    public TaskEntry retry(TaskId id, boolean cascade, Now now) {
        throw new UnsupportedOperationException();
    }

    /** Changes the base priority of an unfinished task. */
    public TaskEntry changePriority(TaskId id, int priority, Now now) {
        throw new UnsupportedOperationException();
    }

    /** Holds a task back that is not on a worker. */
    public TaskEntry suspend(TaskId id, Now now) {
        throw new UnsupportedOperationException();
    }

    /** Ends a suspension. */
    public TaskEntry resume(TaskId id, Now now) {
        throw new UnsupportedOperationException();
    }

    /** Whether an unfinished task waits for this task of another domain. */
    public boolean awaits(TaskId foreign) {
        throw new UnsupportedOperationException();
    }

    /** A task of another domain has changed. */
    public void foreignChanged(TaskId id, ForeignTask state, Now now) {
        throw new UnsupportedOperationException();
    }

    /** When {@link #advance} has something to do next; {@link Long#MAX_VALUE}: never. */
    public long nextTimerNanos() {
        throw new UnsupportedOperationException();
    }

    /** Does everything that is due: releases, deadlines, time limits, retries, dependency time-outs. */
    public void advance(Now now) {
        throw new UnsupportedOperationException();
    }

    /** UTC no longer goes on from where it was: whatever is bound to it gets a new place on the monotonic clock. */
    public void clockJumped(Now now) {
        throw new UnsupportedOperationException();
    }

    /** Puts a policy in charge; every queued task goes over, running ones are not touched. */
    public void usePolicy(PolicyBinding binding, Now now) {
        throw new UnsupportedOperationException();
    }

    /** Ejects the policy in charge; nothing happens under the fallback. */
    public void fallBack(EjectionReason reason, String message, Now now) {
        throw new UnsupportedOperationException();
    }

    /** The policy in charge. */
    public PolicyBinding activePolicy() {
        throw new UnsupportedOperationException();
    }

    /** Counts the policies that were in charge. */
    public long policyGeneration() {
        throw new UnsupportedOperationException();
    }

    /** Counts the calls into policies; with the time of a pass it tells how slow they are. */
    public long policyCalls() {
        throw new UnsupportedOperationException();
    }

    /** What the policy tells of itself. */
    public Map<String, Object> describePolicy() {
        throw new UnsupportedOperationException();
    }

    /** Checks that no task is lost or queued twice. */
    public void audit(Now now) {
        throw new UnsupportedOperationException();
    }

    /** The task, if it is known. */
    public Optional<Task> task(TaskId id, Now now) {
        throw new UnsupportedOperationException();
    }

    /** The entry, if it is known. */
    public Optional<TaskEntry> entry(TaskId id) {
        throw new UnsupportedOperationException();
    }

    /** A task as it is now. */
    public Task snapshot(TaskEntry entry, Now now) {
        throw new UnsupportedOperationException();
    }

    /** The tasks that match, at most {@link #MAX_LISTED}: running, ready in the order of the policy, later ones, blocked, then finished, newest first. */
    public List<Task> tasks(TaskFilter filter, Now now) {
        throw new UnsupportedOperationException();
    }

    /** The tasks that wait or waited for this one, in order of admission. */
    public List<Task> dependents(TaskId id, Now now) {
        throw new UnsupportedOperationException();
    }

    /** Gauges and counters. */
    public KernelCounts counts() {
        throw new UnsupportedOperationException();
    }

    /** Number of tasks that have not ended. */
    public int unfinished() {
        throw new UnsupportedOperationException();
    }

    /** Number of tasks that could be dispatched now. */
    public int ready() {
        throw new UnsupportedOperationException();
    }
}
