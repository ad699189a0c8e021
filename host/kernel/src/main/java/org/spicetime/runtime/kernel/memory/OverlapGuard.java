// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.Arrays;

/**
 * One bit per granule of a pool: claimed or free. It is the host's own truth about which bytes are
 * handed out, whatever a strategy believes. The bits come in chunks that are made at first use, so
 * a large pool that is hardly used costs hardly any heap: at most 1/128 of the pool.
 *
 * <p>Guarded by the caller.
 */
final class OverlapGuard {
    static final long GRANULE_BYTES = 16;

    /** Largest pool the host itself can keep book of: 1 TiB. */
    static final long MAX_POOL_BYTES = 1L << 40;

    private static final long WORD_BYTES = Long.SIZE * GRANULE_BYTES;
    private static final int CHUNK_SHIFT = 13;
    private static final int WORDS_PER_CHUNK = 1 << CHUNK_SHIFT;
    private static final int IN_CHUNK = WORDS_PER_CHUNK - 1;
    private static final long[] ALL_FREE = new long[WORDS_PER_CHUNK];

    private long[][] chunks;

    OverlapGuard(long poolBytes) {
        chunks = new long[0][];
        reach(poolBytes);
    }

    /** Keeps book up to this end; what lies beyond must be free. */
    void reach(long end) {
        long words = (end / GRANULE_BYTES + Long.SIZE - 1) / Long.SIZE;
        int former = chunks.length;
        chunks = Arrays.copyOf(chunks, (int) ((words + WORDS_PER_CHUNK - 1) / WORDS_PER_CHUNK));
        if (former < chunks.length) {
            Arrays.fill(chunks, former, chunks.length, ALL_FREE);
        }
    }

    /** Whether no byte of the range is claimed. Offset and size are multiples of the granule. */
    boolean isFree(long offset, long size) {
        long first = offset / GRANULE_BYTES;
        long last = first + size / GRANULE_BYTES - 1;
        long head = head(first);
        long tail = tail(last);
        long word = first >>> 6;
        long end = last >>> 6;
        if (word == end) {
            return (chunk(word)[(int) word & IN_CHUNK] & head & tail) == 0;
        }
        if ((chunk(word)[(int) word & IN_CHUNK] & head) != 0) {
            return false;
        }
        for (word++; word < end; ) {
            long[] chunk = chunk(word);
            long stop = Math.min(end, (word | IN_CHUNK) + 1);
            for (; word < stop; word++) {
                if (chunk[(int) word & IN_CHUNK] != 0) {
                    return false;
                }
            }
        }
        return (chunk(end)[(int) end & IN_CHUNK] & tail) == 0;
    }

    void claim(long offset, long size) {
        long first = offset / GRANULE_BYTES;
        long last = first + size / GRANULE_BYTES - 1;
        long word = first >>> 6;
        long end = last >>> 6;
        if (word == end) {
            own(word)[(int) word & IN_CHUNK] |= head(first) & tail(last);
            return;
        }
        own(word)[(int) word & IN_CHUNK] |= head(first);
        for (word++; word < end; word = (word | IN_CHUNK) + 1) {
            int from = (int) word & IN_CHUNK;
            Arrays.fill(own(word), from, (int) Math.min(from + end - word, WORDS_PER_CHUNK), -1L);
        }
        own(end)[(int) end & IN_CHUNK] |= tail(last);
    }

    /** Frees a range that was claimed as a whole. */
    void free(long offset, long size) {
        long first = offset / GRANULE_BYTES;
        long last = first + size / GRANULE_BYTES - 1;
        long word = first >>> 6;
        long end = last >>> 6;
        if (word == end) {
            own(word)[(int) word & IN_CHUNK] &= ~(head(first) & tail(last));
            return;
        }
        own(word)[(int) word & IN_CHUNK] &= ~head(first);
        for (word++; word < end; word = (word | IN_CHUNK) + 1) {
            int from = (int) word & IN_CHUNK;
            Arrays.fill(own(word), from, (int) Math.min(from + end - word, WORDS_PER_CHUNK), 0L);
        }
        own(end)[(int) end & IN_CHUNK] &= ~tail(last);
    }

    /** Bytes of a range that are claimed. Offset and size are multiples of 64 granules. */
    long claimedBytes(long offset, long size) {
        long claimed = 0;
        long word = offset / WORD_BYTES;
        for (long end = word + size / WORD_BYTES; word < end; word++) {
            claimed += Long.bitCount(bits(word));
        }
        return claimed * GRANULE_BYTES;
    }

    /** Longest part of a range that is free. Offset and size are multiples of 64 granules. */
    long longestFreeBytes(long offset, long size) {
        long longest = 0;
        long run = 0;
        long word = offset / WORD_BYTES;
        for (long end = word + size / WORD_BYTES; word < end; word++) {
            long bits = bits(word);
            if (bits == 0) {
                run += Long.SIZE;
                continue;
            }
            long seen = 0;
            while (bits != 0) {
                int free = Long.numberOfTrailingZeros(bits);
                longest = Math.max(longest, run + free);
                int claimed = Long.numberOfTrailingZeros(~(bits >>> free));
                run = 0;
                seen += free + claimed;
                bits = seen < Long.SIZE ? bits >>> free >>> claimed : 0;
            }
            run = Long.SIZE - seen;
        }
        return Math.max(longest, run) * GRANULE_BYTES;
    }

    private long bits(long word) {
        return chunk(word)[(int) (word & (WORDS_PER_CHUNK - 1))];
    }

    private long[] chunk(long word) {
        return chunks[(int) (word >>> CHUNK_SHIFT)];
    }

    /** The chunk of a word, to write to. */
    @SuppressWarnings("ReferenceEquality")
    private long[] own(long word) {
        int index = (int) (word >>> CHUNK_SHIFT);
        long[] chunk = chunks[index];
        if (chunk == ALL_FREE) {
            chunk = new long[WORDS_PER_CHUNK];
            chunks[index] = chunk;
        }
        return chunk;
    }

    /** Bits of a range that lie in its first word. */
    private static long head(long first) {
        return -1L << (first & 63);
    }

    /** Bits of a range that lie in its last word. */
    private static long tail(long last) {
        return -1L >>> (63 - (last & 63));
    }
}
