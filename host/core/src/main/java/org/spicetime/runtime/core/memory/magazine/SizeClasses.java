// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.magazine;

/**
 * Sizes of the blocks that magazines keep: multiples of 16 bytes up to 64, then four to each power
 * of two up to 64 KiB. A request is rounded up by less than a quarter. Stateless.
 */
final class SizeClasses {
    static final long MOST_BYTES = 64 << 10;
    static final int COUNT = 44;

    private static final int STEP_BITS = 2;
    private static final int STEPS = 1 << STEP_BITS;
    private static final long UNIT_BYTES = 16;

    private SizeClasses() {}

    /** The smallest class whose blocks hold so many bytes, from 1 to {@link #MOST_BYTES}. */
    static int of(long bytes) {
        long last = (bytes - 1) / UNIT_BYTES;
        if (last < STEPS) {
            return (int) last;
        }
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(last);
        return (power - STEP_BITS) * STEPS + (int) (last >>> power - STEP_BITS);
    }

    /** Size of the blocks of a class, bytes. */
    static long bytes(int sizeClass) {
        if (sizeClass < STEPS) {
            return (sizeClass + 1) * UNIT_BYTES;
        }
        int doublings = (sizeClass >> STEP_BITS) - 1;
        return (long) (STEPS + (sizeClass & STEPS - 1) + 1) * UNIT_BYTES << doublings;
    }
}
