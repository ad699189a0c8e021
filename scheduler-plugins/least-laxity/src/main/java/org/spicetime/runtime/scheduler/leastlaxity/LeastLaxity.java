// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.leastlaxity;

import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.NodeOrder;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * Ranks tasks by laxity, the time to the deadline less the work that is left (A. K. Mok,
 * <i>Fundamental Design Problems of Distributed Systems for the Hard-Real-Time Environment</i>, MIT
 * 1983; M. L. Dertouzos, A. K. Mok, <i>Multiprocessor On-Line Scheduling of Hard-Real-Time
 * Tasks</i>, IEEE Transactions on Software Engineering 15(12), 1989).
 *
 * <p>The laxity of a waiting task shrinks with time, that of a running one stays. Instead of it,
 * the latest instant at which a task can start and still be in time is compared: for a waiting task
 * that is a constant ({@code k0}), for a running one it moves on with the clock, until the work
 * that was estimated is done. A margin keeps two tasks of equal laxity from taking the processor
 * from each other all the time (J. Hildebrandt, F. Golatowski, D. Timmermann, <i>Scheduling
 * Coprocessor for Enhanced Least-Laxity-First Scheduling</i>, ECRTS 1999). Called by one thread at
 * a time.
 */
final class LeastLaxity implements SchedulingPolicy {
    private static final long NEVER = Long.MAX_VALUE;

    private final LongSupplier clock;
    private final long margin;
    private final long quantum;
    private final NodeOrder queue = new NodeOrder();
    private final Running running = new Running();
    private long arrivals;

    LeastLaxity(LongSupplier clock, long marginNanos, long quantumNanos) {
        this.clock = clock;
        margin = marginNanos;
        quantum = quantumNanos;
    }

    @Override
    public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
        node.k0 = latestStart(node.task());
        if (reason != EnqueueReason.PREEMPTED || node.k1 == 0) node.k1 = ++arrivals;
        queue.add(node);
    }

    @Override
    public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
        return queue.take(startedOnly);
    }

    @Override
    public int compare(PolicyNode a, PolicyNode b, long now) {
        return Long.compare(latestStart(a, now), latestStart(b, now));
    }

    @Override
    public long quantum(PolicyNode node) {
        running.begin(node, clock.getAsLong());
        return quantum;
    }

    @Override
    public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {
        running.end(node);
    }

    @Override
    public boolean remove(PolicyNode node) {
        return queue.remove(node);
    }

    @Override
    public void changed(PolicyNode node, Change change, long now) {
        if (!queue.contains(node)) return;
        node.k0 = latestStart(node.task());
        queue.moved(node);
    }

    @Override
    public long nextDecisionAt(long now) {
        PolicyNode first = queue.first(false);
        if (first == null || first.k0 > NEVER - margin) return NEVER;
        long limit = first.k0 + margin;
        long earliest = NEVER;
        for (int i = 0; i < running.size(); i++) {
            TaskView task = running.node(i).task();
            long start = latestStart(task, running.consumed(i));
            if (start >= limit) return now + margin;
            if (task.deadline() >= limit)
                earliest = Math.min(earliest, running.since(i) + (limit - start));
        }
        return earliest == NEVER ? NEVER : Math.max(earliest, now + 1);
    }

    @Override
    public int size() {
        return queue.size();
    }

    @Override
    public Map<String, Object> describe() {
        PolicyNode first = queue.first(false);
        if (first == null || first.k0 == NEVER) return Map.of("queued", queue.size());
        long laxity = first.k0 - clock.getAsLong();
        return Map.of("queued", queue.size(), "leastLaxityNanos", laxity);
    }

    private long latestStart(PolicyNode node, long now) {
        TaskView task = node.task();
        int place = running.placeOf(node);
        if (place < 0 || task.deadline() == NEVER) return latestStart(task);
        long started = latestStart(task, running.consumed(place));
        return Math.min(task.deadline(), started + (now - running.since(place)));
    }

    private static long latestStart(TaskView task) {
        return latestStart(task, task.consumedNanos());
    }

    private static long latestStart(TaskView task, long consumed) {
        long deadline = task.deadline();
        if (deadline == NEVER) return NEVER;
        return deadline - Math.max(0, task.estimatedNanos() - consumed);
    }
}
