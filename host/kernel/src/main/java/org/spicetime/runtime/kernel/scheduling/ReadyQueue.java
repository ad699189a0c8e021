// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/**
 * The queued tasks as one policy instance orders them. Every call may find the policy at fault.
 * Guarded by the caller.
 */
sealed interface ReadyQueue permits KeyedQueue, NodeQueue {
    void enqueue(Schedulable task, EnqueueReason reason, long now) throws PolicyFault;

    /** Takes out the next task, checked to be a queued one; null: the policy names none. */
    @Nullable Schedulable pick(int slot, long now, boolean startedOnly) throws PolicyFault;

    /** Takes out a task that the ground truth holds. */
    void remove(Schedulable task) throws PolicyFault;

    void changed(Schedulable task, Change change, long now) throws PolicyFault;

    void charge(Schedulable task, long cpuNanos, long wallNanos, SliceEnd end) throws PolicyFault;

    long quantum(Schedulable task) throws PolicyFault;

    int compare(Schedulable left, Schedulable right, long now) throws PolicyFault;

    long nextDecisionAt(long now) throws PolicyFault;

    int size() throws PolicyFault;

    /**
     * Whether it holds exactly so many tasks with these sequence numbers, as far as that can be
     * told from outside of the policy.
     */
    boolean holds(int count, long seqXor) throws PolicyFault;

    Map<String, Object> describe() throws PolicyFault;

    /** The tasks by urgency, given up to a successor; null: only the policy knows it. */
    @Nullable KeyOrder byKey();

    /** The nodes made for the policy; null: it needs none. */
    @Nullable NodeList nodes();

    /** Order for people; the policy's own where the host knows it. */
    Comparator<Schedulable> displayOrder();
}
