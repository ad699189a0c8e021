// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Tasks by key, then tie, then turn: a 4-ary heap with the keys packed into an array of their own,
 * so that most comparisons touch no task (J. W. J. Williams, CACM 7(6), 1964; D. B. Johnson,
 * <i>Priority queues with update and finding minimum spanning trees</i>, IPL 4(3), 1975). Every
 * operation is O(log n). Guarded by the caller.
 */
final class KeyHeap {
    static final Comparator<Schedulable> ORDER =
            (left, right) -> {
                if (left.key != right.key) return Long.compare(left.key, right.key);
                if (left.tie != right.tie) return Long.compare(left.tie, right.tie);
                return Long.compare(left.turn, right.turn);
            };

    private static final int ARITY_SHIFT = 2;
    private static final int ARITY = 1 << ARITY_SHIFT;
    private static final int SMALLEST = 64;

    /** Position of a task that is not in a heap. */
    static final int NOWHERE = -1;

    private long[] keys = new long[SMALLEST];
    private @Nullable Schedulable[] tasks = new Schedulable[SMALLEST];
    private int size;

    int size() {
        return size;
    }

    void add(Schedulable task) {
        if (size == tasks.length) {
            keys = Arrays.copyOf(keys, size << 1);
            tasks = Arrays.copyOf(tasks, size << 1);
        }
        up(size++, task);
    }

    @Nullable Schedulable first() {
        return size == 0 ? null : tasks[0];
    }

    void remove(Schedulable task) {
        int hole = task.position;
        task.position = NOWHERE;
        Schedulable last = at(--size);
        tasks[size] = null;
        if (hole != size) place(hole, last);
    }

    private void place(int hole, Schedulable task) {
        if (hole > 0 && before(task, (hole - 1) >> ARITY_SHIFT)) up(hole, task);
        else down(hole, task);
    }

    private void up(int start, Schedulable task) {
        int hole = start;
        while (hole > 0) {
            int parent = (hole - 1) >> ARITY_SHIFT;
            if (!before(task, parent)) break;
            set(hole, at(parent), keys[parent]);
            hole = parent;
        }
        set(hole, task, task.key);
    }

    private void down(int start, Schedulable task) {
        int hole = start;
        while (true) {
            int child = (hole << ARITY_SHIFT) + 1;
            if (child >= size) break;
            int least = child;
            for (int end = Math.min(child + ARITY, size), i = child + 1; i < end; i++)
                if (keys[i] < keys[least]
                        || keys[i] == keys[least] && ORDER.compare(at(i), at(least)) < 0) least = i;
            if (before(task, least)) break;
            set(hole, at(least), keys[least]);
            hole = least;
        }
        set(hole, task, task.key);
    }

    private boolean before(Schedulable task, int other) {
        return task.key < keys[other]
                || task.key == keys[other] && ORDER.compare(task, at(other)) < 0;
    }

    private void set(int position, Schedulable task, long key) {
        keys[position] = key;
        tasks[position] = task;
        task.position = position;
    }

    private Schedulable at(int position) {
        Schedulable task = tasks[position];
        if (task == null)
            throw new IllegalStateException("hole in the heap at " + position + " of " + size);
        return task;
    }
}
