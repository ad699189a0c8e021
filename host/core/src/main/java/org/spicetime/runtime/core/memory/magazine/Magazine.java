// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.magazine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.spicetime.runtime.kernel.memory.BlockOwner;

/*
 * Everything lies in one array of words, so that two magazines never share a line of the cache: padding,
 * the lock and the counters, the fill of each class, the slots, padding. A slot is two words: the id of
 * the block in the plan of the pool, and its place.
 *
 * Rows are the blocks that are lent, four words each: id, place, who took it, and the next row of the
 * same arena (of a free row: the next free one).
 */
/**
 * Blocks that one worker keeps ready, and those taken out of it. All of them stay claimed in the
 * plan of the pool, under the owner of the magazine, whether they are parked or lent.
 *
 * <p>Guarded by its own one-word lock, which nobody keeps while waiting for anything; the owner is
 * guarded by the lock of the pool.
 */
final class Magazine {
    static final int SLOTS = 16;
    static final int MISS = -1;
    static final int END = -1;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SPINS = 64;
    private static final long NAP_NANOS = 20_000;

    private static final int PADDING = 8;
    private static final int LOCK = PADDING;
    private static final int PARKED_BYTES = LOCK + 1;
    private static final int EPOCH = LOCK + 2;
    private static final int HITS = LOCK + 3;
    private static final int COUNTS = 2 * PADDING;
    private static final int FIRST_SLOT = COUNTS + SizeClasses.COUNT;

    private static final int ROW_SHIFT = 2;
    private static final int ID = 0;
    private static final int PLACE = 1;
    private static final int TAKER = 2;
    private static final int NEXT = 3;
    private static final int FIRST_ROWS = 64;
    private static final long NOBODY = 0;

    private final BlockOwner owner = new BlockOwner(0);
    private final long[] words = new long[FIRST_SLOT + SizeClasses.COUNT * SLOTS * 2 + PADDING];

    /* Guarded by the lock. */
    private long[] rows = new long[FIRST_ROWS << ROW_SHIFT];
    private int usedRows;
    private int freeRow = END;

    Magazine(int epoch) {
        words[EPOCH] = epoch;
    }

    BlockOwner owner() {
        return owner;
    }

    /** Bytes of parked blocks; any thread. */
    long parkedBytes() {
        return (long) WORD.getAcquire(words, PARKED_BYTES);
    }

    /** How often a block was there; any thread. */
    long hits() {
        return (long) WORD.getOpaque(words, HITS);
    }

    boolean tryLock() {
        return WORD.compareAndSet(words, LOCK, 0L, 1L);
    }

    void lock() {
        for (int spins = 0; !tryLock(); spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
    }

    void unlock() {
        WORD.setRelease(words, LOCK, 0L);
    }

    /* ---- under its lock ---- */

    int epoch() {
        return (int) words[EPOCH];
    }

    /** Takes a parked block; {@link #MISS}: none of that class. */
    int take(int sizeClass, long taker, int next) {
        int count = (int) words[COUNTS + sizeClass];
        if (count == 0) {
            return MISS;
        }
        int slot = slot(sizeClass, count - 1);
        int row = lend(words[slot], words[slot + 1], taker, next);
        words[COUNTS + sizeClass] = count - 1L;
        parked(-Place.size(words[slot + 1]));
        WORD.setOpaque(words, HITS, words[HITS] + 1);
        return row;
    }

    /** Parks a block that is lent, if there is room. */
    boolean park(int row, long mostBytes) {
        long place = place(row);
        if (!park(id(row), place, mostBytes)) {
            return false;
        }
        forget(row);
        return true;
    }

    boolean park(long id, long place, long mostBytes) {
        int sizeClass = Place.sizeClass(place);
        int count = (int) words[COUNTS + sizeClass];
        if (count == SLOTS || words[PARKED_BYTES] + Place.size(place) > mostBytes) {
            return false;
        }
        int slot = slot(sizeClass, count);
        words[slot] = id;
        words[slot + 1] = place;
        words[COUNTS + sizeClass] = count + 1L;
        parked(Place.size(place));
        return true;
    }

    /** Takes out the block that was parked last, to be released; negative: none of that class. */
    long unpark(int sizeClass) {
        int count = (int) words[COUNTS + sizeClass];
        if (count == 0) {
            return MISS;
        }
        int slot = slot(sizeClass, count - 1);
        words[COUNTS + sizeClass] = count - 1L;
        parked(-Place.size(words[slot + 1]));
        return words[slot];
    }

    int parkedBlocks(int sizeClass) {
        return (int) words[COUNTS + sizeClass];
    }

    /** Empty now, it takes blocks of that epoch. */
    void begin(int epoch) {
        words[EPOCH] = epoch;
    }

    /** Notes a block that is lent. */
    int lend(long id, long place, long taker, int next) {
        int row = freeRow;
        if (row == END) {
            if (usedRows << ROW_SHIFT == rows.length) {
                rows = Arrays.copyOf(rows, rows.length * 2);
            }
            row = usedRows++;
        } else {
            freeRow = next(row);
        }
        int at = row << ROW_SHIFT;
        rows[at + ID] = id;
        rows[at + PLACE] = place;
        rows[at + TAKER] = taker;
        rows[at + NEXT] = next;
        return row;
    }

    /** A block is not lent any more. */
    void forget(int row) {
        rows[(row << ROW_SHIFT) + TAKER] = NOBODY;
        rows[(row << ROW_SHIFT) + NEXT] = freeRow;
        freeRow = row;
    }

    long id(int row) {
        return rows[(row << ROW_SHIFT) + ID];
    }

    long place(int row) {
        return rows[(row << ROW_SHIFT) + PLACE];
    }

    int next(int row) {
        return (int) rows[(row << ROW_SHIFT) + NEXT];
    }

    void next(int row, int next) {
        rows[(row << ROW_SHIFT) + NEXT] = next;
    }

    /** Some row of a taker, from one row to another; {@link #END}: there is none. */
    int rowOf(long taker, int from, int last) {
        for (int row = from; row <= last; row++) {
            if (rows[(row << ROW_SHIFT) + TAKER] == taker) {
                return row;
            }
        }
        return END;
    }

    private static int slot(int sizeClass, int index) {
        return FIRST_SLOT + (sizeClass * SLOTS + index) * 2;
    }

    private void parked(long bytes) {
        WORD.setRelease(words, PARKED_BYTES, words[PARKED_BYTES] + bytes);
    }
}
