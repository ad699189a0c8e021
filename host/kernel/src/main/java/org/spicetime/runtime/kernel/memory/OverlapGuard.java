// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.Arrays;
import java.util.BitSet;

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

    private static final int WORDS_PER_CHUNK = 1024;
    private static final long WORD_BYTES = Long.SIZE * GRANULE_BYTES;
    private static final long[] ALL_FREE = new long[WORDS_PER_CHUNK];

    private long[][] chunks;
    private final BitSet made = new BitSet();

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
            made.clear(former, chunks.length);
        }
    }

    /** Whether no byte of the range is claimed. Offset and size are multiples of the granule. */
    boolean isFree(long offset, long size) {
        long first = offset / GRANULE_BYTES;
        long end = first + size / GRANULE_BYTES;
        for (long word = first >>> 6; word <= (end - 1) >>> 6; word++) {
            if ((chunk(word)[(int) (word & (WORDS_PER_CHUNK - 1))] & mask(word, first, end)) != 0) {
                return false;
            }
        }
        return true;
    }

    void claim(long offset, long size) {
        long first = offset / GRANULE_BYTES;
        long end = first + size / GRANULE_BYTES;
        for (long word = first >>> 6; word <= (end - 1) >>> 6; word++) {
            int index = (int) (word / WORDS_PER_CHUNK);
            if (!made.get(index)) {
                chunks[index] = new long[WORDS_PER_CHUNK];
                made.set(index);
            }
            chunks[index][(int) (word & (WORDS_PER_CHUNK - 1))] |= mask(word, first, end);
        }
    }

    /** Frees a range that was claimed as a whole. */
    void free(long offset, long size) {
        long first = offset / GRANULE_BYTES;
        long end = first + size / GRANULE_BYTES;
        for (long word = first >>> 6; word <= (end - 1) >>> 6; word++) {
            chunk(word)[(int) (word & (WORDS_PER_CHUNK - 1))] &= ~mask(word, first, end);
        }
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
        return chunks[(int) (word / WORDS_PER_CHUNK)];
    }

    /** Bits of {@code [first, end)} that lie in the word. */
    private static long mask(long word, long first, long end) {
        long mask = -1L;
        if (word == first >>> 6) {
            mask &= -1L << (first & 63);
        }
        if (word == (end - 1) >>> 6) {
            mask &= -1L >>> (63 - ((end - 1) & 63));
        }
        return mask;
    }
}
