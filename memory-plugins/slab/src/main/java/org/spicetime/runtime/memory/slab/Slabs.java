// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.slab;

import java.util.Arrays;

/*
 * Rows of columns. The slabs of a class with free blocks hang in a list; one whose first block comes
 * free goes to its head, so that nearly full slabs are filled up first and others can empty. `bits[row]`
 * has a bit for each free block from its second word on; bit w of the first word tells that the word
 * after next w is not empty. 64 words of blocks are what one word can tell.
 */
/**
 * The slabs and which of their blocks are free. A slab is 64 KiB, cut into blocks of one class.
 * Called by one thread at a time.
 */
final class Slabs {
    static final int NONE = -1;

    /** Units of a slab. */
    static final long UNITS = 4096;

    private static final int FIRST_ROWS = 64;
    private static final int WORD_BITS = 6;

    private long[] base = new long[FIRST_ROWS];
    private byte[] sizeClass = new byte[FIRST_ROWS];
    private int[] free = new int[FIRST_ROWS];
    private int[] next = new int[FIRST_ROWS];
    private int[] prev = new int[FIRST_ROWS];
    private long[][] bits = new long[FIRST_ROWS][0];
    private int rows;
    private int spare = NONE;

    private final int[] heads = new int[SizeClasses.COUNT];

    /** Bit c: class c has a slab with a free block. */
    private long partial;

    private long freeBlocks;
    private long withRest;

    Slabs() {
        Arrays.fill(heads, NONE);
    }

    /** Blocks of a class in one slab. */
    static int blocksOf(int sizeClass) {
        return (int) (UNITS / SizeClasses.units(sizeClass));
    }

    /** Classes with a free block, one bit each. */
    long partial() {
        return partial;
    }

    /** A slab of a class with a free block; the class has one. */
    int first(int ofClass) {
        return heads[ofClass];
    }

    /** Free blocks in slabs. */
    long freeBlocks() {
        return freeBlocks;
    }

    /** Slabs with a rest behind their last block. */
    long withRest() {
        return withRest;
    }

    /** A new slab, all of its blocks free. */
    int add(long baseUnits, int ofClass) {
        int row = spare;
        if (row != NONE) {
            spare = next[row];
        } else {
            if (rows == base.length) {
                grow(rows * 2);
            }
            row = rows++;
        }
        int blocks = blocksOf(ofClass);
        base[row] = baseUnits;
        sizeClass[row] = (byte) ofClass;
        free[row] = blocks;
        int words = (blocks + Long.SIZE - 1) >>> WORD_BITS;
        if (bits[row].length <= words) {
            bits[row] = new long[words + 1];
        }
        long[] own = bits[row];
        own[0] = words == Long.SIZE ? -1L : (1L << words) - 1;
        Arrays.fill(own, 1, words + 1, -1L);
        if ((blocks & Long.SIZE - 1) != 0) {
            own[words] = (1L << blocks) - 1;
        }
        freeBlocks += blocks;
        withRest += rest(ofClass);
        link(row);
        return row;
    }

    private static int rest(int ofClass) {
        return UNITS % SizeClasses.units(ofClass) == 0 ? 0 : 1;
    }

    /** Takes a free block of a slab that has one; where it begins, in units. */
    long take(int row) {
        long[] own = bits[row];
        int word = Long.numberOfTrailingZeros(own[0]);
        int bit = Long.numberOfTrailingZeros(own[word + 1]);
        own[word + 1] &= own[word + 1] - 1;
        if (own[word + 1] == 0) {
            own[0] &= own[0] - 1;
        }
        freeBlocks--;
        if (--free[row] == 0) {
            unlink(row);
        }
        return base[row] + ((long) word << WORD_BITS | bit) * SizeClasses.units(sizeClass[row]);
    }

    /** Gives a block back; whether the slab is without live blocks now and was forgotten. */
    boolean give(int row, long offset) {
        int block = (int) ((offset - base[row]) / SizeClasses.units(sizeClass[row]));
        int word = block >>> WORD_BITS;
        bits[row][word + 1] |= 1L << block;
        bits[row][0] |= 1L << word;
        freeBlocks++;
        if (free[row]++ == 0) {
            link(row);
        }
        if (free[row] < blocksOf(sizeClass[row])) {
            return false;
        }
        unlink(row);
        freeBlocks -= free[row];
        withRest -= rest(sizeClass[row]);
        next[row] = spare;
        spare = row;
        return true;
    }

    /** Where a slab begins, in units. */
    long base(int row) {
        return base[row];
    }

    /** Units of each block of a slab. */
    long blockUnits(int row) {
        return SizeClasses.units(sizeClass[row]);
    }

    private void link(int row) {
        int own = sizeClass[row];
        next[row] = heads[own];
        prev[row] = NONE;
        if (heads[own] != NONE) {
            prev[heads[own]] = row;
        }
        heads[own] = row;
        partial |= 1L << own;
    }

    private void unlink(int row) {
        int own = sizeClass[row];
        if (prev[row] == NONE) {
            heads[own] = next[row];
        } else {
            next[prev[row]] = next[row];
        }
        if (next[row] != NONE) {
            prev[next[row]] = prev[row];
        }
        if (heads[own] == NONE) {
            partial &= ~(1L << own);
        }
    }

    private void grow(int capacity) {
        base = Arrays.copyOf(base, capacity);
        sizeClass = Arrays.copyOf(sizeClass, capacity);
        free = Arrays.copyOf(free, capacity);
        next = Arrays.copyOf(next, capacity);
        prev = Arrays.copyOf(prev, capacity);
        long[][] more = Arrays.copyOf(bits, capacity);
        Arrays.fill(more, bits.length, capacity, new long[0]);
        bits = more;
    }
}
