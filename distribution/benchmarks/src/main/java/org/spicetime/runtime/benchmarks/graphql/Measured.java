// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.graphql;

import java.util.Arrays;

/**
 * What one window showed. Immutable.
 *
 * @param perSecond requests answered, or events delivered
 * @param medianMicros from the request to the end of its answer, or to the last subscriber
 * @param slowMicros the same, 99th percentile
 * @param processorMicros time on a processor that the server took for one of them
 */
record Measured(double perSecond, double medianMicros, double slowMicros, double processorMicros) {

    /**
     * Counts a window.
     *
     * @param nanos one for each answer
     * @param perAnswer things delivered with each
     * @param seconds length of the window
     * @param processorSeconds of the server in the window
     */
    static Measured of(long[] nanos, int perAnswer, double seconds, double processorSeconds) {
        if (nanos.length == 0) throw new IllegalStateException("nothing was answered in a window");
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        double count = (double) nanos.length * perAnswer;
        return new Measured(
                count / seconds,
                quantile(sorted, 0.5) / 1e3,
                quantile(sorted, 0.99) / 1e3,
                processorSeconds * 1e6 / count);
    }

    /** The smallest value that this share of all values does not exceed. */
    static long quantile(long[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
