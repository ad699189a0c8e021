// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import org.jspecify.annotations.Nullable;

/**
 * The queued tasks that the policy in charge was not given yet: the most urgent first where the
 * host knows the former order, else the oldest. A task belongs to it as long as its generation is
 * not the present one. Taking one is O(log n) or O(1). Guarded by the caller.
 */
final class Backlog {
    private final GroundTruth truth;
    private long generation;
    private @Nullable KeyOrder former;
    private @Nullable Schedulable oldest;
    private int size;
    private int started;
    private long seqXor;

    Backlog(GroundTruth truth) {
        this.truth = truth;
    }

    /**
     * Everything that is queued is to go over to a new generation.
     *
     * @param byKey holds exactly what is queued, and is nobody else's any more; null: oldest first
     */
    void begin(long newGeneration, @Nullable KeyOrder byKey) {
        generation = newGeneration;
        former = byKey;
        oldest = byKey == null ? truth.oldest() : null;
        size = truth.size();
        started = truth.started();
        seqXor = truth.seqXor();
    }

    int size() {
        return size;
    }

    /** How many of the queued tasks are not in it. */
    int given() {
        return truth.size() - size;
    }

    /** How many of the queued tasks are not in it; only of those that own a thread, if so asked. */
    int given(boolean startedOnly) {
        return startedOnly ? truth.started() - started : given();
    }

    /** Exclusive or of the sequence numbers of those that are not in it. */
    long givenXor() {
        return truth.seqXor() ^ seqXor;
    }

    boolean contains(Schedulable task) {
        return task.queued && task.generation != generation;
    }

    /** Takes out the next task; it is the new generation's from now on. */
    @Nullable Schedulable take() {
        if (size == 0) return null;
        Schedulable task = next();
        leave(task);
        task.generation = generation;
        return task;
    }

    /** The task is about to leave the list of queued tasks; it may belong here or not. */
    void leaves(Schedulable task) {
        if (task.equals(oldest)) oldest = task.younger;
        if (!contains(task)) return;
        KeyOrder order = former;
        if (order != null) order.remove(task);
        leave(task);
    }

    private Schedulable next() {
        KeyOrder order = former;
        if (order != null) {
            Schedulable first = order.first();
            if (first == null) throw new IllegalStateException(size + " tasks are missing");
            order.remove(first);
            return first;
        }
        Schedulable task = oldest;
        while (task != null && task.generation == generation) task = task.younger;
        if (task == null) throw new IllegalStateException(size + " tasks are missing");
        oldest = task.younger;
        return task;
    }

    private void leave(Schedulable task) {
        size--;
        if (task.started()) started--;
        seqXor ^= task.seq();
        if (size == 0) {
            former = null;
            oldest = null;
        }
    }
}
