// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.magazine;

/**
 * Where a block is and what it serves, in one word: offset and size in granules of 16 bytes, its
 * class, and the low bits of the epoch in which it was taken from the pool. Stateless.
 */
final class Place {
    /** Larger blocks are not kept, however little was asked for. */
    static final long MOST_BYTES = 1 << 19;

    private static final int UNIT_BITS = 4;
    private static final int EPOCH_BITS = 6;
    private static final int CLASS_BITS = 6;
    private static final int SIZE_BITS = 16;
    private static final int EPOCHS = (1 << EPOCH_BITS) - 1;

    private Place() {}

    static long of(long offset, long size, int sizeClass, int epoch) {
        long units = offset >>> UNIT_BITS << SIZE_BITS | size >>> UNIT_BITS;
        return (units << CLASS_BITS | sizeClass) << EPOCH_BITS | epoch & EPOCHS;
    }

    static long offset(long place) {
        return place >>> SIZE_BITS + CLASS_BITS + EPOCH_BITS << UNIT_BITS;
    }

    static long size(long place) {
        return (place >>> CLASS_BITS + EPOCH_BITS & (1 << SIZE_BITS) - 1) << UNIT_BITS;
    }

    static int sizeClass(long place) {
        return (int) (place >>> EPOCH_BITS) & (1 << CLASS_BITS) - 1;
    }

    /** An epoch 64 later looks the same; a block of it is kept a little longer then, no more. */
    static boolean of(long place, int epoch) {
        return ((place ^ epoch) & EPOCHS) == 0;
    }
}
