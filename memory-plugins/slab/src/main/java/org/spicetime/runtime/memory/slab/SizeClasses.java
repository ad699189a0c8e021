// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.slab;

/**
 * The sizes of blocks in slabs, in units of 16 bytes: every unit up to 8, then four steps in each
 * doubling (10, 12, 14, 16, 20 and so on) up to 1024, so that rounding costs a fifth at most.
 */
final class SizeClasses {
    /** How many there are; fewer than the bits of a long. */
    static final int COUNT = 36;

    /** Units of the largest class: 16 KiB. */
    static final long LARGEST = 1024;

    private static final int LINEAR = 8;
    private static final int LINEAR_BITS = 3;
    private static final int STEP_BITS = 2;
    private static final int STEPS = 1 << STEP_BITS;

    private SizeClasses() {}

    /** The smallest class that has room for so many units, 1 to {@link #LARGEST}. */
    static int of(long units) {
        if (units <= LINEAR) {
            return (int) units - 1;
        }
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(units - 1);
        int step = (int) (units - 1 >>> power - STEP_BITS) - STEPS;
        return LINEAR + (power - LINEAR_BITS) * STEPS + step;
    }

    /** Units of a block of a class. */
    static long units(int sizeClass) {
        if (sizeClass < LINEAR) {
            return sizeClass + 1L;
        }
        int above = sizeClass - LINEAR;
        int power = LINEAR_BITS + above / STEPS;
        return STEPS + above % STEPS + 1L << power - STEP_BITS;
    }
}
