// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import org.jspecify.annotations.Nullable;

/**
 * Tasks that arrived in their order: a list that takes only what comes after its last or before its
 * first. Every operation is O(1). Guarded by the caller.
 */
final class KeyRun {
    private @Nullable Schedulable first;
    private @Nullable Schedulable last;
    private int size;

    int size() {
        return size;
    }

    /** Whether it took the task; false: it belongs before the last one. */
    boolean add(Schedulable task) {
        Schedulable next = first;
        if (next != null && KeyHeap.ORDER.compare(task, next) < 0) {
            addFirst(task, next);
            return true;
        }
        Schedulable former = last;
        if (former != null && KeyHeap.ORDER.compare(task, former) < 0) return false;
        task.before = former;
        task.after = null;
        task.position = KeyHeap.NOWHERE;
        if (former == null) first = task;
        else former.after = task;
        last = task;
        size++;
        return true;
    }

    /* One that was picked and comes back. */
    private void addFirst(Schedulable task, Schedulable next) {
        task.before = null;
        task.after = next;
        task.position = KeyHeap.NOWHERE;
        next.before = task;
        first = task;
        size++;
    }

    @Nullable Schedulable first() {
        return first;
    }

    void remove(Schedulable task) {
        Schedulable before = task.before;
        Schedulable after = task.after;
        if (before == null) first = after;
        else before.after = after;
        if (after == null) last = before;
        else after.before = before;
        task.before = null;
        task.after = null;
        size--;
    }
}
