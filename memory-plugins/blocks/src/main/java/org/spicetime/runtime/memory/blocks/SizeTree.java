// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.blocks;

import java.util.Arrays;

/*
 * An AA tree in columns: a red-black tree in which only right children may be red, told by levels. Row 0
 * stands for no row: its level is 0, and it is its own child. A row that goes is replaced by its
 * predecessor as a whole, because others know the rows by number.
 *
 * A. Andersson: Balanced Search Trees Made Simple. Workshop on Algorithms and Data Structures, 1993.
 */
/**
 * Ranges in the order of their sizes, equal ones in the order of their offsets. Every operation
 * takes a number of steps logarithmic in the number of ranges. Offsets and sizes are in units; a
 * size is 1 to 2^32.
 *
 * <p>Called by one thread at a time.
 */
final class SizeTree {
    /** What stands for no row. */
    static final int NONE = 0;

    private static final int FIRST_ROWS = 256;

    private int[] offset = new int[FIRST_ROWS];
    private int[] lessOne = new int[FIRST_ROWS];
    private int[] left = new int[FIRST_ROWS];
    private int[] right = new int[FIRST_ROWS];
    private byte[] level = new byte[FIRST_ROWS];
    private int rows = 1;
    private int spare = NONE;
    private int root = NONE;

    long offset(int row) {
        return Integer.toUnsignedLong(offset[row]);
    }

    long size(int row) {
        return Integer.toUnsignedLong(lessOne[row]) + 1;
    }

    /** Adds a range; its row. */
    int add(long from, long size) {
        int row = spare;
        if (row != NONE) {
            spare = left[row];
        } else {
            if (rows == offset.length) {
                grow(rows * 2);
            }
            row = rows++;
        }
        offset[row] = (int) from;
        lessOne[row] = (int) (size - 1);
        left[row] = NONE;
        right[row] = NONE;
        level[row] = 1;
        root = insert(root, row);
        return row;
    }

    void remove(int row) {
        root = delete(root, row);
        left[row] = spare;
        spare = row;
    }

    /** The first range of at least that size, in order, and from that offset on among equals. */
    int ceiling(long size, long from) {
        int found = NONE;
        for (int row = root; row != NONE; ) {
            if (size(row) > size || size(row) == size && offset(row) >= from) {
                found = row;
                row = left[row];
            } else {
                row = right[row];
            }
        }
        return found;
    }

    /** A range of the largest size. */
    int last() {
        int row = root;
        while (right[row] != NONE) {
            row = right[row];
        }
        return row;
    }

    private boolean before(int one, int other) {
        int bySize = Integer.compareUnsigned(lessOne[one], lessOne[other]);
        return bySize != 0 ? bySize < 0 : Integer.compareUnsigned(offset[one], offset[other]) < 0;
    }

    private int insert(int top, int row) {
        if (top == NONE) {
            return row;
        }
        if (before(row, top)) {
            left[top] = insert(left[top], row);
        } else {
            right[top] = insert(right[top], row);
        }
        return split(skew(top));
    }

    private int delete(int top, int row) {
        int changed = top;
        if (row != top) {
            if (before(row, top)) {
                left[top] = delete(left[top], row);
            } else {
                right[top] = delete(right[top], row);
            }
        } else if (left[top] == NONE) {
            return right[top];
        } else {
            int previous = left[top];
            while (right[previous] != NONE) {
                previous = right[previous];
            }
            int rest = delete(left[top], previous);
            left[previous] = rest;
            right[previous] = right[top];
            level[previous] = level[top];
            changed = previous;
        }
        return balance(changed);
    }

    private int balance(int top) {
        int fitting = Math.min(level[left[top]], level[right[top]]) + 1;
        if (fitting < level[top]) {
            level[top] = (byte) fitting;
            if (fitting < level[right[top]]) {
                level[right[top]] = (byte) fitting;
            }
        }
        int skewed = skew(top);
        right[skewed] = skew(right[skewed]);
        right[right[skewed]] = skew(right[right[skewed]]);
        int even = split(skewed);
        right[even] = split(right[even]);
        return even;
    }

    /** Turns a left child of the same level into the parent. */
    private int skew(int top) {
        int child = left[top];
        if (top == NONE || level[child] != level[top]) {
            return top;
        }
        left[top] = right[child];
        right[child] = top;
        return child;
    }

    /** Lifts the middle one of three in a row of the same level. */
    private int split(int top) {
        int child = right[top];
        if (top == NONE || level[right[child]] != level[top]) {
            return top;
        }
        right[top] = left[child];
        left[child] = top;
        level[child]++;
        return child;
    }

    private void grow(int capacity) {
        offset = Arrays.copyOf(offset, capacity);
        lessOne = Arrays.copyOf(lessOne, capacity);
        left = Arrays.copyOf(left, capacity);
        right = Arrays.copyOf(right, capacity);
        level = Arrays.copyOf(level, capacity);
    }
}
