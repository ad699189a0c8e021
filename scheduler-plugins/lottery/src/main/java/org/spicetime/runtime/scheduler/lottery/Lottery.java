// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.lottery;

import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/**
 * Draws lots for each slice (C. A. Waldspurger, W. E. Weihl, <i>Lottery Scheduling: Flexible
 * Proportional-Share Resource Management</i>, OSDI 1994). A task that blocked or yielded within its
 * slice has compensation tickets until it runs again, as in section 4.5 of the paper, so that it
 * still gets its share.
 *
 * <p>{@code k0} of a queued node is its number of tickets, {@code k1} the part of its last slice
 * that it used, in thousandths, or 0. Called by one thread at a time.
 */
final class Lottery implements SchedulingPolicy {
    private static final long WHOLE = 1_000;

    private final RandomGenerator random;
    private final int minPriority;
    private final long slice;
    private final boolean compensation;
    private final Tickets started = new Tickets();
    private final Tickets fresh = new Tickets();

    Lottery(RandomGenerator random, int minPriority, long sliceNanos, boolean compensation) {
        this.random = random;
        this.minPriority = minPriority;
        this.slice = sliceNanos;
        this.compensation = compensation;
    }

    @Override
    public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
        ticketsOf(node).add(node, tickets(node));
    }

    @Override
    public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
        long waiting = started.total();
        long total = startedOnly ? waiting : waiting + fresh.total();
        if (total == 0) return null;
        long ticket = random.nextLong(total);
        return ticket < waiting ? started.take(ticket) : fresh.take(ticket - waiting);
    }

    @Override
    public int compare(PolicyNode a, PolicyNode b, long now) {
        return 0;
    }

    @Override
    public long quantum(PolicyNode node) {
        return slice;
    }

    @Override
    public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {
        boolean early = end == SliceEnd.BLOCKED || end == SliceEnd.YIELDED;
        node.k1 =
                compensation && early && wallNanos < slice
                        ? Math.max(1, (long) ((double) wallNanos / slice * WHOLE))
                        : 0;
    }

    @Override
    public boolean remove(PolicyNode node) {
        return fresh.remove(node) || started.remove(node);
    }

    @Override
    public void changed(PolicyNode node, Change change, long now) {
        if (change != Change.PRIORITY) return;
        if (remove(node)) ticketsOf(node).add(node, tickets(node));
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
        return Map.of(
                "sliceNanos", slice, "queued", size(), "tickets", started.total() + fresh.total());
    }

    private long tickets(PolicyNode node) {
        long tickets = Math.max(1, (long) node.task().priority() - minPriority + 1);
        return node.k1 == 0 ? tickets * WHOLE : tickets * WHOLE * WHOLE / node.k1;
    }

    private Tickets ticketsOf(PolicyNode node) {
        return node.task().started() ? started : fresh;
    }
}
