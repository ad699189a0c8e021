// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.memory.BlockVisitor;

/**
 * Compares the blocks a strategy shows with those the host knows of one generation. Guarded by the
 * caller; used once.
 */
final class BlockAudit implements BlockVisitor {
    /** Granules of the largest pool take 36 bits; 27 are left for the row. */
    private static final int ROW_BITS = Integer.numberOfTrailingZeros(BlockTable.MOST_BLOCKS);

    private final BlockTable blocks;
    private final long[] known;
    private final BitSet seen = new BitSet();
    private int count;
    private @Nullable String wrong;

    BlockAudit(BlockTable blocks, Generation generation) {
        this.blocks = blocks;
        long[] keys = new long[(int) blocks.count()];
        blocks.forEachRow(row -> {
            if (blocks.generation(row) == generation) {
                keys[count++] = key(blocks.offset(row)) | row;
            }
        });
        known = Arrays.copyOf(keys, count);
        Arrays.sort(known);
    }

    @Override
    public void visit(long id, long offset, long size) {
        int index = Arrays.binarySearch(known, key(offset));
        index = index < 0 ? -index - 1 : index;
        if (index >= known.length || !same(known[index], id, offset, size)) {
            wrong =
                    "forEachBlock showed block %d at %d of %d bytes, which does not live"
                            .formatted(id, offset, size);
        } else if (seen.get(index)) {
            wrong = "forEachBlock showed block %d twice".formatted(id);
        } else {
            seen.set(index);
        }
    }

    /** What was shown that is not so; null: nothing. */
    @Nullable String wrong() {
        return wrong;
    }

    /** Number of live blocks that were not shown. */
    long missing() {
        return (long) known.length - seen.cardinality();
    }

    private boolean same(long key, long id, long offset, long size) {
        int row = (int) (key & ((1L << ROW_BITS) - 1));
        return blocks.offset(row) == offset
                && blocks.size(row) == size
                && blocks.strategyId(row) == id;
    }

    private static long key(long offset) {
        return offset / OverlapGuard.GRANULE_BYTES << ROW_BITS;
    }
}
