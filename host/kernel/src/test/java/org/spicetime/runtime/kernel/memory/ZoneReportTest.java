// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ZoneReportTest {
    private static final long MIB = 1L << 20;

    @Test
    void anEmptyZoneIsFreeAsAWhole() {
        PoolPlan plan = new PoolPlan(4 * MIB);
        assertThat(plan.report(0)).isEqualTo(new ZoneReport(0, MIB, 0, 0, MIB, "FIRST_FIT", false));
    }

    @Test
    void whatIsClaimedAndTheLongestFreeRangeAgreeWithAModel() {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("zone reports: seed " + seed);
        Random random = new Random(seed);
        PoolPlan plan = new PoolPlan(4 * MIB);
        BlockOwner owner = new BlockOwner(0);
        List<Long> live = new ArrayList<>();
        BitSet model = new BitSet();
        for (int step = 0; step < 4000; step++) {
            if (live.isEmpty() || random.nextInt(5) < 3) {
                long block = plan.allocate(owner, 1 + random.nextInt(9000), 16);
                if (block < 0) {
                    continue;
                }
                live.add(block);
                set(model, plan, block, true);
            } else {
                long block = live.remove(random.nextInt(live.size()));
                set(model, plan, block, false);
                plan.release(block);
            }
            if (step % 50 == 0) {
                check(plan, model);
            }
        }
        check(plan, model);
    }

    private static void set(BitSet model, PoolPlan plan, long block, boolean claimed) {
        int from = (int) (plan.offset(block) / 16);
        model.set(from, from + (int) (plan.size(block) / 16), claimed);
    }

    private static void check(PoolPlan plan, BitSet model) {
        for (int zone = 0; zone < plan.zones().count(); zone++) {
            int from = (int) (plan.zones().offset(zone) / 16);
            int to = from + (int) (plan.zones().length(zone) / 16);
            int longest = 0;
            for (int at = model.nextClearBit(from); at < to; ) {
                int end = model.nextSetBit(at);
                end = end < 0 ? to : Math.min(end, to);
                longest = Math.max(longest, end - at);
                at = model.nextClearBit(end);
            }
            ZoneReport report = plan.report(zone);
            assertThat(report.claimedBytes()).isEqualTo(16L * model.get(from, to).cardinality());
            assertThat(report.longestFreeBytes()).isEqualTo(16L * longest);
        }
    }

    @Test
    void everybodyWhoHoldsABlockIsShownOnce() {
        PoolPlan plan = new PoolPlan(4 * MIB);
        BlockOwner[] owners = {new BlockOwner(1), new BlockOwner(2), new BlockOwner(3)};
        long[] blocks = new long[3];
        for (int i = 0; i < 3; i++) {
            plan.allocate(owners[i], 100, 16);
            blocks[i] = plan.allocate(owners[i], 100, 16);
        }
        assertThat(holders(plan)).containsExactlyInAnyOrder(owners);
        plan.releaseSome(owners[1], 10);
        plan.release(blocks[0]);
        assertThat(holders(plan)).containsExactlyInAnyOrder(owners[0], owners[2]);
        plan.allocate(owners[1], 100, 16);
        plan.releaseSome(owners[0], 10);
        plan.releaseSome(owners[2], 10);
        assertThat(holders(plan)).containsExactly(owners[1]);
    }

    private static List<BlockOwner> holders(PoolPlan plan) {
        List<BlockOwner> holders = new ArrayList<>();
        plan.forEachOwner(holders::add);
        return holders;
    }
}
