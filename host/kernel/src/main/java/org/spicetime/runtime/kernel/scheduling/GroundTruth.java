// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * All queued tasks in the order in which they were queued, as links inside the tasks. The only list
 * that counts: a policy that loses a task cannot lose it from here. Guarded by the caller.
 */
final class GroundTruth {
    /** Tasks shown in a report. */
    private static final int SHOWN = 32;

    private @Nullable Schedulable oldest;
    private @Nullable Schedulable youngest;
    private int size;
    private int started;
    private long seqXor;

    void add(Schedulable task) {
        if (task.queued) throw new IllegalStateException("queued twice: " + task);
        task.queued = true;
        task.older = youngest;
        task.younger = null;
        if (youngest == null) oldest = task;
        else youngest.younger = task;
        youngest = task;
        size++;
        if (task.started()) started++;
        seqXor ^= task.seq();
    }

    void remove(Schedulable task) {
        if (!task.queued) throw new IllegalStateException("not queued: " + task);
        task.queued = false;
        Schedulable older = task.older;
        Schedulable younger = task.younger;
        if (older == null) oldest = younger;
        else older.younger = younger;
        if (younger == null) youngest = older;
        else younger.older = older;
        task.older = null;
        task.younger = null;
        size--;
        if (task.started()) started--;
        seqXor ^= task.seq();
    }

    @Nullable Schedulable oldest() {
        return oldest;
    }

    int size() {
        return size;
    }

    /** How many of the queued tasks own a thread. */
    int started() {
        return started;
    }

    /** The first that match in an order. */
    List<Schedulable> first(
            Predicate<Schedulable> filter, int limit, Comparator<Schedulable> order) {
        PriorityQueue<Schedulable> first = new PriorityQueue<>(order.reversed());
        for (Schedulable task = oldest; task != null; task = task.younger) {
            if (!filter.test(task)) continue;
            first.add(task);
            if (first.size() > limit) first.remove();
        }
        List<Schedulable> sorted = new ArrayList<>(first);
        sorted.sort(order);
        return sorted;
    }

    /** Copies of the oldest tasks. */
    List<TaskView> sample() {
        List<TaskView> copies = new ArrayList<>();
        for (Schedulable task = oldest;
                task != null && copies.size() < PolicyTrial.MOST_SHOWN;
                task = task.younger) copies.add(TrialTask.like(task));
        return copies;
    }

    /** Adds facts of the oldest tasks to a report. */
    void describe(Map<String, Object> report) {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (Schedulable task = oldest; task != null && shown.size() < SHOWN; task = task.younger)
            shown.add(
                    Map.of(
                            "id", task.id().toString(),
                            "seq", task.seq(),
                            "priority", task.priority(),
                            "started", task.started()));
        report.put("queued", size);
        report.put("queue", shown);
    }

    /** Count and exclusive or of the sequence numbers, walked anew, agree with those kept. */
    boolean conserved() {
        int count = 0;
        long xor = 0;
        for (Schedulable task = oldest; task != null; task = task.younger) {
            if (!task.queued || count == size) return false;
            count++;
            xor ^= task.seq();
        }
        return count == size && xor == seqXor;
    }

    long seqXor() {
        return seqXor;
    }
}
