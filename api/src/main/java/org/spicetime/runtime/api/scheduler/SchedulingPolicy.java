// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A policy that keeps its own queue: round robin, least laxity, fair sharing, feedback queues,
 * lottery, stride, bandwidth servers. Write a {@link KeyedPolicy} instead if one number per task
 * says it all.
 *
 * <p><b>Threads.</b> One thread at a time, though not always the same; what one call wrote the next
 * one sees. No locks, no volatile fields are needed. The calls of one pass share a time limit that
 * the host's watchdog enforces; plan for less than a microsecond per call, and let no call grow
 * faster than with the logarithm of the queue.
 *
 * <p><b>State.</b> All of it lives in the instance and in its {@link PolicyNode}s. The host makes
 * one node per task and policy instance and hands over the same node until the task ends or the
 * policy is replaced. After that the instance is never called again; it is not asked to give its
 * tasks back.
 *
 * <p><b>Promises.</b> A node queued by {@link #enqueue} stays queued until {@link #pickNext}
 * returns it or {@link #remove} takes it out; each of these happens once. A broken promise, an
 * exception or an overrun ejects the policy; no task is lost by it.
 *
 * <p>Called by one thread at a time.
 */
@ConsumerType
public non-sealed interface SchedulingPolicy extends Policy {

    /**
     * Takes a ready task into the queue. Once per arrival, return from waiting, preemption or
     * expired slice.
     *
     * @param node the task's node; not queued now
     * @param reason why it comes
     * @param now current time, ns
     */
    void enqueue(PolicyNode node, EnqueueReason reason, long now);

    /**
     * Takes the task out of the queue that shall run next. Once per dispatch.
     *
     * <p>Null is a valid answer only if nothing is queued (nothing started, with {@code
     * startedOnly}), or if {@link #nextDecisionAt} names an instant at which that changes.
     *
     * @param slot the permit slot that became free, 0 to {@link PolicyContext#slots()} − 1; not a
     *     thread: a picked task that was started goes on on its own thread
     * @param now current time, ns
     * @param startedOnly true when the domain holds as many started tasks as it may; then only
     *     nodes whose task is {@link TaskView#started()} may be returned
     * @return a queued node, which thereby leaves the queue; or null
     */
    @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly);

    /**
     * Which of two tasks is more urgent. Upon an arrival without a free slot the host compares the
     * new task with the running ones, and preempts the least urgent of these only if the new task
     * is strictly more urgent; so equality never preempts.
     *
     * <p>Either node may belong to a running task that this instance never queued (its state is
     * still empty). The order must be consistent: a total preorder at one {@code now}.
     *
     * @param a a node
     * @param b another node
     * @param now current time, ns
     * @return negative: {@code a} is more urgent; positive: {@code b} is; zero: equal
     */
    int compare(PolicyNode a, PolicyNode b, long now);

    /**
     * Length of the slice that begins now. Once per slice: for a node just picked, for one that
     * goes on because nobody waits, and for those of running tasks when this instance replaced
     * another.
     *
     * @param node the node whose slice begins
     * @return nanoseconds; 0: until it blocks or ends
     */
    long quantum(PolicyNode node);

    /**
     * Accounts for a slice that ended. Once per slice, before the node is queued again if it is.
     * Also for running tasks that this instance never queued, right after it replaced another one.
     *
     * @param node the node that ran
     * @param cpuNanos processor time used
     * @param wallNanos time on the slot
     * @param end why the slice ended; after {@link SliceEnd#FINISHED} the node is not used again
     */
    void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end);

    /**
     * Takes a task out of the queue that was cancelled or suspended.
     *
     * @param node its node
     * @return true: it was queued and no longer is; false: it was not queued
     */
    boolean remove(PolicyNode node);

    /**
     * Tells that an effective value of a task changed, by a client or through priority inheritance,
     * a ceiling or aging. The view already shows the new value. For queued nodes, and for those of
     * running and waiting tasks that have state.
     *
     * @param node its node
     * @param change what changed
     * @param now current time, ns
     */
    void changed(PolicyNode node, Change change, long now);

    /**
     * The earliest instant at which the order can change although nothing happens: a laxity that
     * runs out, a budget that is filled again. At that instant the host ends the slice of the least
     * urgent running task and asks anew. After every pass.
     *
     * @param now current time, ns
     * @return an instant after {@code now}, or {@link Long#MAX_VALUE}: only events change the order
     */
    long nextDecisionAt(long now);

    /**
     * Number of queued nodes. After every pass; the host compares it with its own count.
     *
     * @return nodes queued now
     */
    int size();

    /**
     * State of the policy for people: what an operator would want to see while wondering. Rarely,
     * on request.
     *
     * @return names and values (numbers, booleans, texts, and lists and maps of these)
     */
    default Map<String, Object> describe() {
        return Map.of();
    }
}
