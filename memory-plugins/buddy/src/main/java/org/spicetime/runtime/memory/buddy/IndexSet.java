// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.buddy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of numbers from 0 up to a limit: a bitmap, and above it bitmaps that tell which words of
 * the one below are not empty. Every operation looks at one word of each, at most six. The words
 * come in pages that are made when they are first written.
 *
 * <p>Called by one thread at a time.
 */
final class IndexSet {
    private static final int WORD_BITS = 6;
    private static final int PAGE_BITS = 9;
    private static final int PAGE_WORDS = 1 << PAGE_BITS;

    /** One bitmap; the last has a single word. */
    private static final class Level {
        private final long[] @Nullable [] pages;

        Level(long words) {
            pages = new long[(int) ((words + PAGE_WORDS - 1) >>> PAGE_BITS)] @Nullable [];
        }

        long word(long index) {
            long @Nullable [] page = pages[(int) (index >>> PAGE_BITS)];
            return page == null ? 0 : page[(int) index & PAGE_WORDS - 1];
        }

        void word(long index, long value) {
            int at = (int) (index >>> PAGE_BITS);
            long @Nullable [] page = pages[at];
            if (page == null) {
                page = new long[PAGE_WORDS];
                pages[at] = page;
            }
            page[(int) index & PAGE_WORDS - 1] = value;
        }
    }

    private final long limit;
    private final List<Level> levels = new ArrayList<>();
    private long count;

    /** An empty set of numbers below the limit, which is positive. */
    IndexSet(long limit) {
        this.limit = limit;
        long bits = limit;
        do {
            long words = (bits + Long.SIZE - 1) >>> WORD_BITS;
            levels.add(new Level(words));
            bits = words;
        } while (bits > 1);
    }

    boolean isEmpty() {
        return count == 0;
    }

    boolean contains(long index) {
        return index >= 0
                && index < limit
                && (levels.getFirst().word(index >>> WORD_BITS) & 1L << index) != 0;
    }

    /** Adds a number that is not there. */
    void add(long index) {
        count++;
        long bit = index;
        for (Level level : levels) {
            long word = level.word(bit >>> WORD_BITS);
            level.word(bit >>> WORD_BITS, word | 1L << bit);
            if (word != 0) {
                return;
            }
            bit >>>= WORD_BITS;
        }
    }

    /** Removes a number that is there. */
    void remove(long index) {
        count--;
        long bit = index;
        for (Level level : levels) {
            long word = level.word(bit >>> WORD_BITS) & ~(1L << bit);
            level.word(bit >>> WORD_BITS, word);
            if (word != 0) {
                return;
            }
            bit >>>= WORD_BITS;
        }
    }

    /** The smallest number; the set is not empty. */
    long first() {
        long index = 0;
        for (Level level : levels.reversed()) {
            index = index << WORD_BITS | Long.numberOfTrailingZeros(level.word(index));
        }
        return index;
    }
}
