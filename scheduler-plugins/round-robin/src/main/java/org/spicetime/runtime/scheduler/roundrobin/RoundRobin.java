// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.roundrobin;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/**
 * A ring of tasks: whoever had a slice goes to its end (L. Kleinrock, <i>Analysis of a Time-Shared
 * Processor</i>, Naval Research Logistics Quarterly 11(1), 1964). Slices end at checkpoints, so a
 * task can run beyond its slice; what it took too much shortens its next slice, down to half of it.
 *
 * <p>The ring is kept as two queues, of tasks that own a thread and of those that do not, so that
 * every call takes constant time; {@code k1} of a node is its place in the ring, {@code k0} what it
 * took too much. Called by one thread at a time.
 */
final class RoundRobin implements SchedulingPolicy {
    private final SequencedSet<PolicyNode> started = new LinkedHashSet<>();
    private final SequencedSet<PolicyNode> fresh = new LinkedHashSet<>();
    private final long slice;
    private long places;

    RoundRobin(long sliceNanos) {
        slice = sliceNanos;
    }

    @Override
    public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
        node.k1 = ++places;
        queueOf(node).addLast(node);
    }

    @Override
    public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
        if (startedOnly || fresh.isEmpty()) return first(started);
        if (started.isEmpty()) return first(fresh);
        return first(started.getFirst().k1 < fresh.getFirst().k1 ? started : fresh);
    }

    private static @Nullable PolicyNode first(SequencedSet<PolicyNode> queue) {
        return queue.isEmpty() ? null : queue.removeFirst();
    }

    @Override
    public int compare(PolicyNode a, PolicyNode b, long now) {
        return 0;
    }

    @Override
    public long quantum(PolicyNode node) {
        return slice - node.k0;
    }

    @Override
    public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {
        long excess = wallNanos - quantum(node);
        node.k0 = Math.clamp(excess, 0, slice / 2);
    }

    @Override
    public boolean remove(PolicyNode node) {
        return queueOf(node).remove(node);
    }

    @Override
    public void changed(PolicyNode node, Change change, long now) {
        // Neither priority nor deadline counts here.
    }

    @Override
    public long nextDecisionAt(long now) {
        return Long.MAX_VALUE;
    }

    @Override
    public int size() {
        return started.size() + fresh.size();
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of("sliceNanos", slice, "started", started.size(), "fresh", fresh.size());
    }

    private SequencedSet<PolicyNode> queueOf(PolicyNode node) {
        return node.task().started() ? started : fresh;
    }
}
