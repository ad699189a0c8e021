// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.blocks;

import org.jspecify.annotations.Nullable;

/**
 * A set of numbers from 0 up to a limit: a bitmap, and above it bitmaps that tell which words of
 * the one below are not empty. Every operation looks at one word of each, at most six. The words
 * come in pages that are made when they are first written.
 *
 * <p>Called by one thread at a time.
 */
public final class IndexSet {
    private static final int WORD_BITS = 6;
    private static final int PAGE_BITS = 9;
    private static final int PAGE_WORDS = 1 << PAGE_BITS;

    /** One bitmap; the last has a single word. */
    private static final class Level {
        private final long[] @Nullable [] pages;
        private final long words;

        Level(long words) {
            this.words = words;
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

    /** No number. */
    public static final long NONE = -1;

    private final long limit;
    private final Level[] levels;
    private long count;

    /** An empty set of numbers below the limit, which is positive. */
    public IndexSet(long limit) {
        this.limit = limit;
        int depth = 1;
        for (long words = words(limit); words > 1; words = words(words)) {
            depth++;
        }
        levels = new Level[depth];
        long words = words(limit);
        for (int level = 0; level < depth; level++) {
            levels[level] = new Level(words);
            words = words(words);
        }
    }

    private static long words(long bits) {
        return (bits + Long.SIZE - 1) >>> WORD_BITS;
    }

    /** How many numbers there are. */
    public long count() {
        return count;
    }

    /** Whether there is no number. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** Whether a number is there. */
    public boolean contains(long index) {
        return index >= 0
                && index < limit
                && (levels[0].word(index >>> WORD_BITS) & 1L << index) != 0;
    }

    /** Adds a number that is not there. */
    public void add(long index) {
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

    /** Adds the numbers from one to another, none of which is there; the other is left out. */
    public void addRange(long from, long to) {
        count += to - from;
        long begin = from;
        long end = to;
        for (Level level : levels) {
            for (long word = begin >>> WORD_BITS; word << WORD_BITS < end; word++) {
                level.word(word, level.word(word) | mask(word, begin, end));
            }
            begin >>>= WORD_BITS;
            end = words(end);
        }
    }

    /** Removes the numbers from one to another, all of which are there; the other is left out. */
    public void removeRange(long from, long to) {
        count -= to - from;
        long begin = from;
        long end = to;
        for (int at = 0; at < levels.length && begin < end; at++) {
            Level level = levels[at];
            for (long word = begin >>> WORD_BITS; word << WORD_BITS < end; word++) {
                level.word(word, level.word(word) & ~mask(word, begin, end));
            }
            long last = end - 1 >>> WORD_BITS;
            begin >>>= WORD_BITS;
            end = level.word(last) == 0 ? last + 1 : last;
            begin = level.word(begin) == 0 ? begin : begin + 1;
        }
    }

    /** Bits of {@code [from, to)} that lie in the word. */
    private static long mask(long word, long from, long to) {
        long mask = -1L;
        if (word == from >>> WORD_BITS) {
            mask &= -1L << from;
        }
        if (word == to - 1 >>> WORD_BITS) {
            mask &= -1L >>> -to;
        }
        return mask;
    }

    /** Removes a number that is there. */
    public void remove(long index) {
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
    public long first() {
        return below(levels.length, 0);
    }

    /** The smallest number from this one on; {@link #NONE}: there is none. */
    public long next(long from) {
        long index = from;
        for (int level = 0;
                level < levels.length && index >>> WORD_BITS < levels[level].words;
                level++) {
            long word = levels[level].word(index >>> WORD_BITS) & -1L << index;
            if (word != 0) {
                return below(
                        level, index >>> WORD_BITS << WORD_BITS | Long.numberOfTrailingZeros(word));
            }
            index = (index >>> WORD_BITS) + 1;
        }
        return NONE;
    }

    /** The smallest number under a bit that is set in a level. */
    private long below(int level, long bit) {
        long index = bit;
        for (int at = level - 1; at >= 0; at--) {
            index = index << WORD_BITS | Long.numberOfTrailingZeros(levels[at].word(index));
        }
        return index;
    }
}
