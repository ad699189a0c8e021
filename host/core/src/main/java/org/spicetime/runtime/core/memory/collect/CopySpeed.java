// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.collect;

/** How fast blocks are copied here, as measured. Called by one thread at a time. */
final class CopySpeed {
    private static final double FIRST_NANOS_PER_BYTE = 1.0;
    private static final long FEWEST_BYTES = 4096;
    private static final double WEIGHT = 0.125;

    /** A copy that was preempted says nothing about the speed. */
    private static final double OUTLIER = 4.0;

    private double nanosPerByte = FIRST_NANOS_PER_BYTE;
    private boolean known;

    long nanosFor(long bytes) {
        return (long) (bytes * nanosPerByte);
    }

    /** Whether anything was measured. */
    boolean known() {
        return known;
    }

    void measured(long bytes, long nanos) {
        if (bytes >= FEWEST_BYTES) {
            double seen = Math.min((double) nanos / bytes, OUTLIER * nanosPerByte);
            nanosPerByte += (known ? WEIGHT : 1) * (seen - nanosPerByte);
            known = true;
        }
    }
}
