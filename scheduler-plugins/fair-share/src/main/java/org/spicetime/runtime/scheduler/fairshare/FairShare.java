// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.fairshare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.NodeOrder;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/**
 * Earliest eligible virtual deadline first (I. Stoica, H. Abdel-Wahab, <i>Earliest Eligible Virtual
 * Deadline First: A Flexible and Accurate Mechanism for Proportional Share Resource Allocation</i>,
 * Old Dominion University TR-95-22, 1995; I. Stoica and others, <i>A Proportional Share Resource
 * Allocation Algorithm for Real-Time, Time-Shared Systems</i>, RTSS 1996). Of the tasks that were
 * not given more than their share, the one runs whose request of a slice is due first.
 *
 * <p>Queued nodes wait in one of two orders: the eligible ones by virtual deadline, the others by
 * the virtual time at which they become eligible. When nobody is eligible, which can be while
 * others run, the next to be so runs. Called by one thread at a time.
 */
final class FairShare implements SchedulingPolicy {
    private final LongSupplier clock;
    private final int minPriority;
    private final long slice;
    private final VirtualTime virtual = new VirtualTime();
    private final NodeOrder eligible = new NodeOrder();
    private final NodeOrder later = new NodeOrder();
    private final List<Share> running = new ArrayList<>();

    FairShare(LongSupplier clock, int minPriority, long sliceNanos) {
        this.clock = clock;
        this.minPriority = minPriority;
        this.slice = sliceNanos;
    }

    @Override
    public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
        proceed(now);
        queue(node, competing(node));
    }

    @Override
    public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
        proceed(now);
        sort(startedOnly);
        PolicyNode next = eligible.take(startedOnly);
        return next == null ? later.take(startedOnly) : next;
    }

    /* Those whose time has come; in the other order also those whose time is not any more. */
    private void sort(boolean startedOnly) {
        long mean = virtual.now();
        for (PolicyNode node = later.first(startedOnly);
                node != null && node.k0 <= mean;
                node = later.first(startedOnly)) {
            later.remove(node);
            queue(node, shareOf(node));
        }
        for (PolicyNode node = eligible.first(startedOnly);
                node != null && shareOf(node).time > mean;
                node = eligible.first(startedOnly)) {
            eligible.remove(node);
            queue(node, shareOf(node));
        }
    }

    @Override
    public int compare(PolicyNode a, PolicyNode b, long now) {
        proceed(now);
        boolean waitsA = waits(a);
        boolean waitsB = waits(b);
        if (waitsA != waitsB) return waitsA ? 1 : -1;
        return waitsA
                ? Long.compare(shareOf(a).time, shareOf(b).time)
                : Long.compare(deadline(a), deadline(b));
    }

    /* Running tasks were chosen, and are not driven out for having used a part of their slice. */
    private boolean waits(PolicyNode node) {
        return node.state instanceof Share share && !share.running && share.time > virtual.now();
    }

    private long deadline(PolicyNode node) {
        return node.state instanceof Share share && share.active
                ? share.deadline
                : virtual.now() + Share.weighted(slice) / weight(node);
    }

    @Override
    public long quantum(PolicyNode node) {
        Share share = competing(node);
        if (!share.running) {
            share.running = true;
            running.add(share);
        }
        share.since = clock.getAsLong();
        share.counted = 0;
        return share.left();
    }

    @Override
    public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {
        if (!(node.state instanceof Share share) || !share.active) return;
        virtual.use(share, share.running ? wallNanos - share.counted : wallNanos);
        share.running = false;
        running.remove(share);
        if (end == SliceEnd.FINISHED) virtual.end(share);
        else if (end == SliceEnd.BLOCKED) virtual.leave(share);
    }

    @Override
    public boolean remove(PolicyNode node) {
        if (!eligible.remove(node) && !later.remove(node)) return false;
        virtual.leave(shareOf(node));
        return true;
    }

    @Override
    public void changed(PolicyNode node, Change change, long now) {
        if (change != Change.PRIORITY || !(node.state instanceof Share share)) return;
        proceed(now);
        boolean active = share.active;
        boolean queued = eligible.remove(node) || later.remove(node);
        if (active) virtual.leave(share);
        share.weight = weight(node);
        if (active) virtual.join(share);
        if (queued) queue(node, share);
    }

    @Override
    public long nextDecisionAt(long now) {
        return Long.MAX_VALUE;
    }

    @Override
    public int size() {
        return eligible.size() + later.size();
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of(
                "sliceNanos", slice,
                "eligible", eligible.size(),
                "later", later.size(),
                "weights", virtual.weights());
    }

    /** For tests: what a task is owed, in nanoseconds. */
    double lag(PolicyNode node) {
        return virtual.lag(shareOf(node));
    }

    /* Counts what running tasks used so far, so that all shares are as of now. */
    private void proceed(long now) {
        for (int i = 0; i < running.size(); i++) {
            Share share = running.get(i);
            long used = now - share.since;
            if (used <= 0) continue;
            share.since = now;
            share.counted += used;
            virtual.use(share, used);
        }
    }

    private void queue(PolicyNode node, Share share) {
        boolean now = share.time <= virtual.now();
        node.k0 = now ? share.deadline : share.time;
        node.k1 = node.task().seq();
        (now ? eligible : later).add(node);
    }

    private Share competing(PolicyNode node) {
        Share share = node.state instanceof Share known ? known : null;
        if (share == null) {
            share = new Share(slice, weight(node));
            node.state = share;
        }
        if (!share.active) virtual.join(share);
        return share;
    }

    private static Share shareOf(PolicyNode node) {
        if (node.state instanceof Share share) return share;
        throw new IllegalStateException("never queued: " + node.task());
    }

    private long weight(PolicyNode node) {
        return Math.max(1, (long) node.task().priority() - minPriority + 1);
    }
}
