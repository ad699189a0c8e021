// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.shares;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Divides the processors of a host among domains. While nobody has a guarantee, or all can run what
 * they want, nobody is limited. Otherwise processors go, for one tick, to
 *
 * <ol>
 *   <li>guarantees that are not used up, least laxity first, so that each gets its part of every
 *       period as long as they add up to less than the processors (A. K. Mok, <i>Fundamental Design
 *       Problems of Distributed Systems for the Hard-Real-Time Environment</i>, MIT 1983);
 *   <li>all that want more, the one first that had least for its weight (virtual time, as in I.
 *       Stoica et al., <i>A Proportional Share Resource Allocation Algorithm for Real-Time,
 *       Time-Shared Systems</i>, RTSS 1996).
 * </ol>
 *
 * A decision is O(n log n + processors × n). Guarded by the caller.
 */
public final class ProcessorShares {
    /** Over this time each guarantee holds. */
    public static final long PERIOD_NANOS = 10_000_000;

    /** Part of the processors that can be guaranteed; the host itself needs some. */
    public static final double MOST_GUARANTEED = 0.95;

    private final int processors;
    private final List<Share> shares = new ArrayList<>();
    private long last;
    private boolean contended;

    /** For so many processors, with nobody on them. */
    public ProcessorShares(int processors) {
        if (processors < 1)
            throw new IllegalArgumentException("processors must be 1 or more, was " + processors);
        this.processors = processors;
    }

    /** Lets a domain take part. */
    public void add(Share share) {
        shares.add(share);
    }

    /** A domain is gone. */
    public void remove(Share share) {
        shares.remove(share);
    }

    /**
     * Guarantees processors to a share, or changes or ends that.
     *
     * @param cores 0: nothing is guaranteed; who grants sees to it that all fit in
     * @param weight 1 or more
     */
    public void grant(Share share, double cores, int weight, long now) {
        if (!(cores >= 0 && cores <= processors))
            throw new IllegalArgumentException(
                    "cores must be 0 .. " + processors + ", was " + cores);
        if (weight < 1)
            throw new IllegalArgumentException("weight must be 1 or more, was " + weight);
        share.grant(cores, weight, now);
    }

    /** Whether anything is guaranteed, so that {@link #advance} has to be called. */
    public boolean active() {
        return shares.stream().anyMatch(share -> share.cores() > 0);
    }

    /** Whether more was wanted than there is, at the last tick. */
    public boolean contended() {
        return contended;
    }

    /**
     * Some processor time was used since the last tick. Before {@link #advance}.
     *
     * @param wanted tasks that run or could run
     */
    public void report(Share share, long usedNanos, int wanted) {
        share.charge(usedNanos);
        share.wants(wanted);
    }

    /** Decides how many tasks each may run until the next tick, {@link Share#permits}. */
    public void advance(long now) {
        long passed = last == 0 ? 0 : now - last;
        last = now;
        long wanted = 0;
        for (Share share : shares) {
            share.passed(passed);
            share.refill(now);
            wanted += share.wanted();
        }
        contended = active() && wanted > processors;
        if (contended) divide(now, Math.max(passed, 1));
        else shares.forEach(share -> share.permit(Share.UNLIMITED));
    }

    private void divide(long now, long slice) {
        shares.forEach(share -> share.permit(0));
        int left = processors;
        List<Share> entitled =
                shares.stream()
                        .filter(Share::entitled)
                        .sorted(Comparator.comparingDouble(share -> share.laxity(now)))
                        .toList();
        for (Share share : entitled) {
            int tasks = Math.min(left, share.entitledTasks());
            share.permit(tasks);
            left -= tasks;
        }
        for (; left > 0; left--) {
            Share next = null;
            for (Share share : shares)
                if (share.permits() < share.wanted()
                        && (next == null || behind(share, slice) < behind(next, slice)))
                    next = share;
            if (next == null) break;
            next.permit(next.permits() + 1);
        }
        level();
        // Who wants nothing now may begin at once when that changes; the next tick decides anew.
        for (Share share : shares) if (share.wanted() == 0) share.permit(1);
    }

    private static double behind(Share share, long slice) {
        return share.virtualTimeWith(share.permits(), slice);
    }

    /* Who gets all it wants saves nothing up by that, nor does who sleeps. */
    private void level() {
        double least = Double.POSITIVE_INFINITY;
        for (Share share : shares)
            if (share.permits() < share.wanted()) least = Math.min(least, share.virtualTime());
        if (Double.isInfinite(least)) return;
        for (Share share : shares) if (share.permits() >= share.wanted()) share.catchUp(least);
    }
}
