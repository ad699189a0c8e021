// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A plan with memory, each block of which is filled with a stamp of its own. */
final class StampedPool implements BlockMover {
    final PoolPlan plan;
    final Set<Long> pinned = new HashSet<>();
    final Map<Long, Byte> stamps = new LinkedHashMap<>();
    long movesPerStep = Long.MAX_VALUE;
    long moves;
    private final byte[] memory;
    private long inStep;
    private int nextStamp;

    StampedPool(long bytes) {
        plan = new PoolPlan(bytes);
        memory = new byte[(int) plan.mappedBytes()];
    }

    /** A block that may be moved, filled; negative: there is no room. */
    long movable(BlockOwner owner, long size, long align) {
        long block = fixed(owner, size, align);
        if (block >= 0) {
            plan.moves().letMove(block);
        }
        return block;
    }

    long fixed(BlockOwner owner, long size, long align) {
        long block = plan.allocate(owner, size, align);
        if (block >= 0) {
            byte stamp = (byte) ++nextStamp;
            stamps.put(block, stamp);
            int from = (int) plan.offset(block);
            Arrays.fill(memory, from, from + (int) plan.size(block), stamp);
        }
        return block;
    }

    void release(long block) {
        plan.release(block);
        stamps.remove(block);
        pinned.remove(block);
    }

    boolean compactStep(long byteBudget) {
        inStep = 0;
        return plan.moves().compactStep(this, byteBudget);
    }

    boolean migrateStep(long byteBudget) {
        inStep = 0;
        return plan.moves().migrateStep(this, byteBudget);
    }

    @Override
    public boolean move(long block, long from, long to, long size) {
        assertThat(plan.offset(block)).isEqualTo(from);
        if (pinned.contains(block)) {
            return false;
        }
        System.arraycopy(memory, (int) from, memory, (int) to, (int) size);
        inStep++;
        moves++;
        return true;
    }

    @Override
    public boolean over() {
        return inStep >= movesPerStep;
    }

    void assertContents() {
        long used = 0;
        for (Map.Entry<Long, Byte> block : stamps.entrySet()) {
            int from = (int) plan.offset(block.getKey());
            int end = from + (int) plan.size(block.getKey());
            used += end - from;
            for (int at = from; at < end; at++) {
                if (memory[at] != block.getValue()) {
                    throw new AssertionError(
                            "block %d at %d holds another's byte at %d"
                                    .formatted(block.getKey(), from, at));
                }
            }
        }
        assertThat(plan.usedBytes()).isEqualTo(used);
    }
}
