// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import org.jspecify.annotations.Nullable;

/**
 * Tasks by key, then tie, then turn, while the keys span at most {@link #MOST} values: a list per
 * key and a bit per list that is not empty, 64 to a word, with one word above that tells which
 * words are not zero. So the first task is found with two bit scans, whatever the length (as in the
 * run queue of Linux 2.6; the two-level map is that of P. van Emde Boas, <i>Preserving order in a
 * forest in less than logarithmic time</i>, FOCS 1975, cut off at depth two). The lists are a ring
 * indexed by the low bits of the key, so that keys may wander, as those of a first in, first out
 * order do. Every operation is O(1). Guarded by the caller.
 */
final class KeyLevels {
    /** Most keys it spans. */
    static final int MOST = 4096;

    private static final int WORD_SHIFT = 6;
    private static final int SMALLEST = 1 << WORD_SHIFT;

    /**
     * Tasks looked at, from both ends of a list, for the place of one that belongs between them.
     */
    private static final int STEPS = 32;

    private @Nullable Schedulable[] firsts = new Schedulable[SMALLEST];
    private @Nullable Schedulable[] lasts = new Schedulable[SMALLEST];
    private long[] words = new long[1];
    private long summary;
    private int size;

    /* No key is outside of them; there may be none at them. */
    private long low;
    private long high;

    int size() {
        return size;
    }

    /** Whether it took the task; false: the keys would span too much, or its place is too deep. */
    boolean add(Schedulable task) {
        if (!widen(task.key)) return false;
        int level = level(task.key);
        if (!link(task, level)) return false;
        words[level >>> WORD_SHIFT] |= 1L << level;
        summary |= 1L << (level >>> WORD_SHIFT);
        size++;
        return true;
    }

    @Nullable Schedulable first() {
        if (size == 0) return null;
        int start = level(low);
        int word = start >>> WORD_SHIFT;
        long bits = words[word] & -1L << start;
        if (bits == 0) {
            long later = summary & -2L << word;
            word = Long.numberOfTrailingZeros(later == 0 ? summary : later);
            bits = words[word];
        }
        Schedulable first = at(firsts, word, Long.numberOfTrailingZeros(bits));
        low = first.key;
        return first;
    }

    void remove(Schedulable task) {
        int level = level(task.key);
        Schedulable before = task.before;
        Schedulable after = task.after;
        if (before == null) firsts[level] = after;
        else before.after = after;
        if (after == null) lasts[level] = before;
        else after.before = before;
        task.before = null;
        task.after = null;
        size--;
        if (before != null || after != null) return;
        int word = level >>> WORD_SHIFT;
        words[word] &= ~(1L << level);
        if (words[word] == 0) summary &= ~(1L << word);
    }

    /** Makes room for a key; false: the keys would span more than {@link #MOST}. */
    private boolean widen(long key) {
        if (size == 0) {
            low = key;
            high = key;
            return true;
        }
        if (key < low || key > high) {
            if (!spans(Math.min(low, key), Math.max(high, key), firsts.length)) {
                first();
                last();
                long from = Math.min(low, key);
                long to = Math.max(high, key);
                if (!spans(from, to, MOST)) return false;
                if (!spans(from, to, firsts.length)) grow(to - from);
            }
            low = Math.min(low, key);
            high = Math.max(high, key);
        }
        return true;
    }

    private static boolean spans(long from, long to, int levels) {
        long span = to - from;
        return span >= 0 && span < levels; // less than 0: beyond the range of long
    }

    /** Finds the largest key. */
    private void last() {
        int start = level(high);
        int word = start >>> WORD_SHIFT;
        long bits = words[word] & -1L >>> (SMALLEST - 1 - (start & SMALLEST - 1));
        if (bits == 0) {
            long earlier = summary & (1L << word) - 1;
            word = SMALLEST - 1 - Long.numberOfLeadingZeros(earlier == 0 ? summary : earlier);
            bits = words[word];
        }
        high = at(lasts, word, SMALLEST - 1 - Long.numberOfLeadingZeros(bits)).key;
    }

    private void grow(long span) {
        @Nullable Schedulable[] formerFirsts = firsts;
        @Nullable Schedulable[] formerLasts = lasts;
        int levels = Math.max(SMALLEST, Integer.highestOneBit((int) span) << 1);
        firsts = new Schedulable[levels];
        lasts = new Schedulable[levels];
        words = new long[levels >>> WORD_SHIFT];
        summary = 0;
        for (int i = 0; i < formerFirsts.length; i++) {
            Schedulable first = formerFirsts[i];
            if (first == null) continue;
            int level = level(first.key);
            firsts[level] = first;
            lasts[level] = formerLasts[i];
            words[level >>> WORD_SHIFT] |= 1L << level;
            summary |= 1L << (level >>> WORD_SHIFT);
        }
    }

    private boolean link(Schedulable task, int level) {
        Schedulable before = lasts[level];
        Schedulable after = firsts[level];
        for (int step = 0; step < STEPS; step++) {
            if (before == null || !precedes(task, before)) {
                link(before, task, before == null ? firsts[level] : before.after, level);
                return true;
            }
            if (after == null || precedes(task, after)) {
                link(after == null ? lasts[level] : after.before, task, after, level);
                return true;
            }
            before = before.before;
            after = after.after;
        }
        return false;
    }

    private void link(
            @Nullable Schedulable before,
            Schedulable task,
            @Nullable Schedulable after,
            int level) {
        task.before = before;
        task.after = after;
        if (before == null) firsts[level] = task;
        else before.after = task;
        if (after == null) lasts[level] = task;
        else after.before = task;
    }

    private static boolean precedes(Schedulable task, Schedulable other) {
        return task.tie != other.tie ? task.tie < other.tie : task.turn < other.turn;
    }

    private int level(long key) {
        return (int) key & firsts.length - 1;
    }

    private static Schedulable at(@Nullable Schedulable[] ends, int word, int bit) {
        Schedulable task = ends[(word << WORD_SHIFT) + bit];
        if (task == null) throw new IllegalStateException("no task at level " + word + ":" + bit);
        return task;
    }
}
