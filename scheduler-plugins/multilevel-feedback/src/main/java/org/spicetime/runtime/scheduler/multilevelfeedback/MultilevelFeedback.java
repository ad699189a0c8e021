// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.multilevelfeedback;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/**
 * Feedback queues (F. J. Corbató, M. Merwin-Daggett, R. C. Daley, <i>An Experimental Time-Sharing
 * System</i>, AFIPS 1962), by the rules of R. H. and A. C. Arpaci-Dusseau, <i>Operating Systems:
 * Three Easy Pieces</i>, chapter 8: the highest level runs, within a level in turn; a task begins
 * at the highest; once it has used up its allotment at a level, in however many slices, it sinks by
 * one; after a period all are at the highest again.
 *
 * <p>A boost counts by a number, so that it takes O(levels): a place with an older number is at the
 * highest level. Each level has two queues, of tasks that own a thread and of others; all else
 * takes constant time. Called by one thread at a time.
 */
final class MultilevelFeedback implements SchedulingPolicy {
    private final LongSupplier clock;
    private final long[] slices;
    private final long allotment;
    private final long period;
    private final Levels started;
    private final Levels fresh;
    private long boosts;
    private long nextBoost;
    private long turns;
    private int size;

    MultilevelFeedback(
            LongSupplier clock,
            int levels,
            long sliceNanos,
            int growth,
            long allotment,
            long periodNanos) {
        this.clock = clock;
        this.slices = new long[levels];
        slices[0] = sliceNanos;
        for (int i = 1; i < levels; i++) slices[i] = Math.min(slices[i - 1] * growth, periodNanos);
        this.allotment = allotment;
        this.period = periodNanos;
        this.started = new Levels(levels);
        this.fresh = new Levels(levels);
        this.nextBoost = clock.getAsLong() + periodNanos;
    }

    @Override
    public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
        boost(now);
        Place place = placeOf(node);
        Levels queues = node.task().started() ? started : fresh;
        if (reason == EnqueueReason.PREEMPTED) {
            queues.addFirst(place);
        } else {
            place.turn = ++turns;
            queues.addLast(place);
        }
        size++;
    }

    @Override
    public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
        boost(now);
        Place waiting = started.first();
        Place next = startedOnly ? waiting : sooner(waiting, fresh.first());
        if (next == null) return null;
        takeOut(next);
        return next.node;
    }

    @Override
    public int compare(PolicyNode a, PolicyNode b, long now) {
        boost(now);
        return Integer.compare(levelOf(a), levelOf(b));
    }

    @Override
    public long quantum(PolicyNode node) {
        Place place = placeOf(node);
        long slice = slices[place.level];
        return Math.max(1, Math.min(slice, slice * allotment - place.used));
    }

    @Override
    public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {
        long now = clock.getAsLong();
        boost(now);
        boolean before = node.state instanceof Place known && known.boosts != boosts;
        Place place = placeOf(node);
        place.used += before ? Math.min(wallNanos, now - (nextBoost - period)) : wallNanos;
        if (place.used < slices[place.level] * allotment) return;
        place.used = 0;
        if (place.level < slices.length - 1) place.level++;
    }

    @Override
    public boolean remove(PolicyNode node) {
        if (!(node.state instanceof Place place) || place.queues == null) return false;
        takeOut(place);
        return true;
    }

    @Override
    public void changed(PolicyNode node, Change change, long now) {
        // Neither priority nor deadline nor estimate counts here.
    }

    @Override
    public long nextDecisionAt(long now) {
        return Long.MAX_VALUE;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Map<String, Object> describe() {
        List<Integer> levels = new ArrayList<>();
        for (int i = 0; i < slices.length; i++) levels.add(started.size(i) + fresh.size(i));
        return Map.of("queuedByLevel", levels, "boosts", boosts);
    }

    /** For tests: the level a task is at, 0 the highest. */
    int levelOf(PolicyNode node) {
        return node.state instanceof Place place && place.boosts == boosts ? place.level : 0;
    }

    private void boost(long now) {
        if (now < nextBoost) return;
        nextBoost += ((now - nextBoost) / period + 1) * period;
        boosts++;
        started.raise();
        fresh.raise();
    }

    private Place placeOf(PolicyNode node) {
        Place place = node.state instanceof Place known ? known : null;
        if (place == null) {
            place = new Place(node);
            node.state = place;
        }
        if (place.boosts != boosts) {
            place.boosts = boosts;
            place.level = 0;
            place.used = 0;
        }
        return place;
    }

    private @Nullable Place sooner(@Nullable Place left, @Nullable Place right) {
        if (left == null || right == null) return left == null ? right : left;
        int higher = Integer.compare(levelOf(left.node), levelOf(right.node));
        if (higher != 0) return higher < 0 ? left : right;
        return left.turn < right.turn ? left : right;
    }

    private void takeOut(Place place) {
        Levels queues = place.queues;
        if (queues == null) throw new IllegalStateException("not queued: " + place.node.task());
        queues.remove(place, levelOf(place.node));
        size--;
    }
}
