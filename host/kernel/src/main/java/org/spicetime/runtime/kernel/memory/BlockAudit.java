// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.memory.BlockVisitor;

/**
 * Compares the blocks a strategy shows with those the host knows of one generation. Guarded by the
 * caller; used once.
 */
final class BlockAudit implements BlockVisitor {
    private record Known(long offset, long size, long strategyId) implements Comparable<Known> {
        @Override
        public int compareTo(Known other) {
            return Long.compare(offset, other.offset);
        }
    }

    private final Known[] known;
    private final BitSet seen = new BitSet();
    private @Nullable String wrong;

    BlockAudit(BlockTable blocks, Generation generation) {
        List<Known> list = new ArrayList<>();
        blocks.forEachRow(row -> {
            if (blocks.generation(row) == generation) {
                list.add(new Known(blocks.offset(row), blocks.size(row), blocks.strategyId(row)));
            }
        });
        known = list.toArray(Known[]::new);
        Arrays.sort(known);
    }

    @Override
    public void visit(long id, long offset, long size) {
        int index = Arrays.binarySearch(known, new Known(offset, size, id));
        if (index < 0 || known[index].size != size || known[index].strategyId != id) {
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
}
