// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/** The host's own queue under a policy that only ranks. Guarded by the caller. */
final class KeyedQueue implements ReadyQueue {
    private final KeyedPolicy policy;
    private final PolicyGuard guard;
    private final TieKeys ties;
    private final KeyOrder order = new KeyOrder();

    KeyedQueue(KeyedPolicy policy, PolicyGuard guard, TieKeys ties) {
        this.policy = policy;
        this.guard = guard;
        this.ties = ties;
    }

    @Override
    public void enqueue(Schedulable task, EnqueueReason reason, long now) throws PolicyFault {
        long key = guard.key(policy, task);
        task.key = key;
        task.tie = task.beforeEquals ? TieKeys.FIRST : ties.arrived(task);
        order.add(task);
    }

    @Override
    public @Nullable Schedulable pick(int slot, long now, boolean startedOnly) {
        Schedulable task = startedOnly ? order.firstStarted() : order.first();
        if (task != null) {
            order.remove(task);
            ties.picked(task);
        }
        return task;
    }

    @Nullable Schedulable first() {
        return order.first();
    }

    @Override
    public void remove(Schedulable task) {
        order.remove(task);
    }

    @Override
    public void changed(Schedulable task, Change change, long now) throws PolicyFault {
        if (!task.queued) return;
        long key = guard.key(policy, task);
        long tie = task.beforeEquals ? task.tie : ties.changed(task);
        if (key == task.key && tie == task.tie) return;
        order.remove(task);
        task.key = key;
        task.tie = tie;
        order.add(task);
    }

    @Override
    public void charge(Schedulable task, long cpuNanos, long wallNanos, SliceEnd end) {
        // The key is a function of the view, which shows what the task consumed.
    }

    @Override
    public long quantum(Schedulable task) throws PolicyFault {
        return guard.quantum(policy, task);
    }

    @Override
    public int compare(Schedulable left, Schedulable right, long now) throws PolicyFault {
        return Long.compare(guard.key(policy, left), guard.key(policy, right));
    }

    @Override
    public long nextDecisionAt(long now) {
        return Long.MAX_VALUE;
    }

    @Override
    public int size() {
        return order.size();
    }

    @Override
    public boolean holds(int count, long seqXor) {
        return order.size() == count && order.seqXor() == seqXor;
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of();
    }

    @Override
    public KeyOrder byKey() {
        return order;
    }

    @Override
    public @Nullable NodeList nodes() {
        return null;
    }

    @Override
    public Comparator<Schedulable> displayOrder() {
        return KeyHeap.ORDER;
    }
}
