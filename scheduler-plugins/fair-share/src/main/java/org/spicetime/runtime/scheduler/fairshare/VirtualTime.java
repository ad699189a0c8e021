// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.fairshare;

import java.util.PriorityQueue;

/**
 * The virtual time of the domain: the mean of the virtual times of all that compete, by weight, so
 * that what some were given too much others are owed. One that ends although it was given too much
 * counts until the mean has come up to it; otherwise the others would pay for it at once.
 *
 * <p>The mean is kept as a whole number and the sum of the distances from it, which is less than
 * the sum of weights, so that nothing overflows. Called by one thread at a time.
 */
final class VirtualTime {
    private final PriorityQueue<Share> ended = new PriorityQueue<>();
    private long mean;
    private long distances;
    private long weights;
    private int competing;

    /** The mean, rounded down. */
    long now() {
        return mean;
    }

    long weights() {
        return weights;
    }

    /** What a share is owed, in nanoseconds; less than 0: it was given too much. */
    double lag(Share share) {
        double exact = mean - share.time + (double) distances / weights;
        return Share.nanos(exact * share.weight);
    }

    /** It competes from now on, and is owed what it was when it left. */
    void join(Share share) {
        share.active = true;
        share.time = mean - Math.round((double) share.lag / share.weight * inflation(share));
        share.request();
        competing++;
        add(share);
    }

    /* Its own weight moves the mean towards it, which must not make its lag smaller. */
    private double inflation(Share share) {
        return weights == 0 ? 0 : (double) (weights + share.weight) / weights;
    }

    /** It used so much time. */
    void use(Share share, long nanos) {
        distances += share.use(nanos) * share.weight;
        settle();
    }

    /** It does not compete for now. */
    void leave(Share share) {
        long owed = (mean - share.time) * share.weight;
        long most = Share.weighted(share.slice);
        share.lag = Math.clamp(owed, -most, most);
        stop(share);
        take(share);
    }

    /** It has ended. */
    void end(Share share) {
        stop(share);
        if (share.time > mean && competing > 0) ended.add(share);
        else take(share);
    }

    private void stop(Share share) {
        share.active = false;
        if (--competing > 0) return;
        for (Share gone = ended.poll(); gone != null; gone = ended.poll()) take(gone);
    }

    private void add(Share share) {
        weights += share.weight;
        distances += (share.time - mean) * share.weight;
        settle();
    }

    private void take(Share share) {
        weights -= share.weight;
        distances -= (share.time - mean) * share.weight;
        settle();
    }

    private void settle() {
        centre();
        for (Share first = ended.peek();
                first != null && first.time <= mean;
                first = ended.peek()) {
            ended.remove();
            weights -= first.weight;
            distances -= (first.time - mean) * first.weight;
            centre();
        }
    }

    private void centre() {
        if (weights == 0) {
            distances = 0;
            return;
        }
        long step = Math.floorDiv(distances, weights);
        mean += step;
        distances -= step * weights;
    }
}
