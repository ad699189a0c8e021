// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import org.jspecify.annotations.Nullable;

/**
 * Tasks by key, then tie, then turn: in levels while the keys allow it, else in a heap, beside
 * which a run holds what arrives in order, as long as most does. What does not fit the levels makes
 * all of them go over to the run, in their order; levels and run are tried again once nothing is
 * left. Guarded by the caller.
 */
final class KeyedTasks {
    /** What an arrival out of order counts against one in order. */
    private static final int MISS = 16;

    /** Of {@link #disorder}: the run takes no more. */
    private static final int CLOSED = 4 * MISS;

    private final KeyLevels levels = new KeyLevels();
    private final KeyHeap heap = new KeyHeap();
    private final KeyRun run = new KeyRun();
    private boolean levelled = true;
    private int disorder;

    int size() {
        return levelled ? levels.size() : run.size() + heap.size();
    }

    void add(Schedulable task) {
        if (levelled) {
            if (levels.add(task)) return;
            spill();
        }
        if (disorder < CLOSED) {
            if (run.add(task)) {
                if (disorder > 0) disorder--;
                return;
            }
            disorder += MISS;
        }
        heap.add(task);
    }

    @Nullable Schedulable first() {
        return levelled ? levels.first() : sooner(run.first(), heap.first());
    }

    void remove(Schedulable task) {
        if (levelled) {
            levels.remove(task);
            return;
        }
        if (task.position >= 0) heap.remove(task);
        else run.remove(task);
        if (run.size() + heap.size() > 0) return;
        levelled = true;
        disorder = 0;
    }

    /** The first of two tasks; null: there is neither. */
    static @Nullable Schedulable sooner(@Nullable Schedulable left, @Nullable Schedulable right) {
        if (left == null) return right;
        return right == null || KeyHeap.ORDER.compare(left, right) < 0 ? left : right;
    }

    private void spill() {
        for (Schedulable task = levels.first(); task != null; task = levels.first()) {
            levels.remove(task);
            run.add(task);
        }
        levelled = false;
    }
}
