// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.memory.AllocationStrategy;

/** Other sizes of a pool, and tasks that cannot be stopped, while blocks live. */
final class PoolResizeTest {
    private static final long MIB = 1L << 20;

    private final PoolPlan plan = new PoolPlan(8 * MIB);
    private final BlockOwner owner = new BlockOwner(1);

    @Test
    void aPoolGrowsAroundItsBlocks() {
        long old = plan.allocate(owner, 8 * MIB, 16);
        resize(200 * MIB);
        assertThat(plan.offset(old)).isZero();
        assertThat(plan.totalBytes()).isEqualTo(200 * MIB);
        assertThat(plan.zoneBytes()).isEqualTo(2 * MIB);
        long young = plan.allocate(owner, 192 * MIB, 16);
        assertThat(plan.offset(young)).isEqualTo(8 * MIB);
        plan.release(old);
        plan.release(young);
        assertThat(plan.allocate(owner, 200 * MIB, 16)).isNotNegative();
        assertThat(plan.zones().holder(plan.zones().reserve())).isNull();
    }

    @Test
    void aPoolShrinksAtOnceWhenNothingLiesBeyondItsNewSize() {
        long low = plan.allocate(owner, MIB, 16);
        long high = plan.allocate(owner, 6 * MIB, 16);
        plan.release(high);
        resize(4 * MIB);
        assertThat(plan.trim()).isTrue();
        assertThat(plan.mappedBytes()).isEqualTo(5 * MIB);
        assertThat(plan.allocate(owner, 3 * MIB, 16)).isNotNegative();
        assertThat(plan.allocate(owner, 16, 16)).isEqualTo(PoolPlan.OVER_QUOTA);
        plan.release(low);
    }

    @Test
    void blocksBeyondTheNewSizeStayInATailUntilTheyAreReleased() {
        long low = plan.allocate(owner, 5 * MIB, 16);
        long high = plan.allocate(owner, 2 * MIB + 64, 16);
        plan.release(low);
        resize(4 * MIB);
        assertThat(plan.trim()).isFalse();
        assertThat(plan.tailBlocks()).isPositive();
        assertThat(plan.offset(high)).isEqualTo(5 * MIB);
        assertThat(plan.mappedBytes()).isEqualTo(8 * MIB);
        long young = plan.allocate(owner, MIB, 16);
        assertThat(plan.offset(young)).isLessThan(4 * MIB);
        plan.release(high);
        assertThat(plan.tailBlocks()).isZero();
        assertThat(plan.trim()).isTrue();
        assertThat(plan.mappedBytes()).isEqualTo(5 * MIB);
        plan.release(young);
        assertThat(plan.allocate(owner, 4 * MIB, 16)).isNotNegative();
    }

    @Test
    void aSizeThatCannotBeReachedIsTakenBack() {
        long low = plan.allocate(owner, 5 * MIB, 16);
        long high = plan.allocate(owner, 3 * MIB, 16);
        plan.release(low);
        resize(4 * MIB);
        StrategyBinding binding = plan.binding();
        plan.restoreSize(8 * MIB, binding, StrategyTrial.prepare(binding, 8 * MIB));
        assertThat(plan.totalBytes()).isEqualTo(8 * MIB);
        assertThat(plan.offset(high)).isEqualTo(5 * MIB);
        assertThat(plan.allocate(owner, 5 * MIB, 16)).isNotNegative();
    }

    @Test
    void aSizeBelowWhatIsUsedOrKeptIsRefusedAndNothingChanges() {
        plan.allocate(owner, 3 * MIB, 16);
        BlockOwner keeps = new BlockOwner(2);
        assertThat(plan.reserve(keeps, 2 * MIB)).isTrue();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> resize(4 * MIB))
                .satisfies(refused ->
                        assertThat(refused.details())
                                .containsEntry("requested", 4 * MIB)
                                .containsEntry("used", 3 * MIB));
        assertThat(plan.totalBytes()).isEqualTo(8 * MIB);
        plan.endReservation(keeps);
        resize(4 * MIB);
        assertThat(plan.totalBytes()).isEqualTo(4 * MIB);
    }

    @Test
    void nothingIsPlacedWhereATaskThatCannotBeStoppedHoldsABlock() {
        BlockOwner stuck = new BlockOwner(2);
        long held = plan.allocate(stuck, 100, 16);
        long beside = plan.allocate(owner, 100, 16);
        long hole = plan.allocate(owner, 100, 16);
        long across = plan.allocate(owner, MIB, 16);
        plan.release(hole);
        plan.quarantine(stuck);
        assertThat(plan.zones().quarantined(0)).isTrue();
        assertThat(plan.zones().quarantined(1)).isFalse();
        assertThat(plan.leakedBytes()).isEqualTo(112);
        assertThat(plan.sharesQuarantinedZones()).isTrue();
        assertThat(plan.allocate(owner, 100, 16)).as("first-fit would place it there").isNegative();
        swap(Hostile.binding(Hostile::new));
        assertThat(plan.sharesQuarantinedZones()).isFalse();
        plan.release(across);
        List<Long> placed = new ArrayList<>();
        for (long block = plan.allocate(owner, MIB, 16);
                block >= 0;
                block = plan.allocate(owner, MIB, 16)) {
            assertThat(plan.offset(block)).isGreaterThanOrEqualTo(MIB);
            placed.add(block);
        }
        assertThat(placed).hasSize(7);
        plan.release(beside);
        assertThat(plan.zones().quarantined(0)).isTrue();
        placed.forEach(plan::release);
        plan.release(held);
        assertThat(plan.zones().quarantined(0)).isFalse();
        assertThat(plan.leakedBytes()).isZero();
        assertThat(plan.usedBytes()).isZero();
        assertThat(plan.allocate(owner, 8 * MIB, 16)).isNotNegative();
    }

    @Test
    void randomSizesSwapsAndStuckTasksLoseNoBlockAndNoByte() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        Model model = new Model();
        List<Hostile> strategies = new ArrayList<>();
        Map<String, Integer> counts = new HashMap<>();
        List<BlockOwner> owners = new ArrayList<>(List.of(owner));
        for (int step = 0; step < 30_000; step++) {
            String where = "step " + step + " of -Dtest.seed=" + seed;
            int choice = random.nextInt(1000);
            if (choice < 500) {
                long align = 1L << random.nextInt(4, 13);
                long size = 1L + random.nextInt(1 << random.nextInt(20));
                BlockOwner holder = owners.get(random.nextInt(owners.size()));
                long block = holder.quarantined() ? -1 : plan.allocate(holder, size, align);
                if (block >= 0) {
                    assertThat(plan.offset(block) % align).as(where).isZero();
                    assertThat(plan.offset(block) + plan.size(block))
                            .as(where)
                            .isLessThanOrEqualTo(ZoneTable.end(plan.poolBytes()));
                    model.placed(plan, block, holder, where);
                }
            } else if (choice < 960) {
                model.release(plan, random);
            } else if (choice < 975) {
                tryTo(counts, "swap", () -> swap(tracked(strategies)));
            } else if (choice < 985) {
                long size = (4 + random.nextInt(28)) * MIB;
                tryTo(counts, "resize", () -> resize(size));
            } else if (choice < 990 && !strategies.isEmpty()) {
                Hostile.Fault[] faults = Hostile.Fault.values();
                strategies.getLast().next = Optional.of(faults[random.nextInt(faults.length)]);
            } else if (choice < 993) {
                BlockOwner made = new BlockOwner(owners.size());
                owners.add(made);
            } else if (choice < 995) {
                plan.quarantine(owners.get(random.nextInt(owners.size())));
            } else if (choice < 997) {
                BlockOwner ended = owners.get(random.nextInt(owners.size()));
                plan.releaseSome(ended, Integer.MAX_VALUE);
                model.ended(ended);
                owners.remove(ended);
                if (owners.isEmpty()) {
                    owners.add(new BlockOwner(0));
                }
            } else {
                plan.audit();
                plan.trim();
            }
            counts.merge("ejection", plan.takeEjections().size(), Integer::sum);
            assertThat(plan.usedBytes()).as(where).isEqualTo(model.bytes());
            assertThat(plan.usedBytes()).as(where).isLessThanOrEqualTo(plan.totalBytes());
            assertThat(plan.leakedBytes()).as(where).isEqualTo(model.leaked());
        }
        System.out.printf("sizes and swaps of a pool: seed %d, %s%n", seed, counts);
        assertThat(counts).containsKeys("swap", "resize", "ejection");
        model.check(plan);
        owners.forEach(one -> plan.releaseSome(one, Integer.MAX_VALUE));
        plan.fallBack(EjectionReason.OPERATOR, "end of the test");
        assertThat(plan.usedBytes()).isZero();
        assertThat(plan.leakedBytes()).isZero();
        assertThat(plan.trim()).isTrue();
        assertThat(plan.largestFreeBytes()).isEqualTo(plan.totalBytes());
    }

    private static void tryTo(Map<String, Integer> counts, String what, Runnable change) {
        try {
            change.run();
            counts.merge(what, 1, Integer::sum);
        } catch (RefusedException noRoom) {
            counts.merge(what + " refused", 1, Integer::sum);
        }
    }

    private static StrategyBinding tracked(List<Hostile> strategies) {
        return Hostile.binding(geometry -> {
            Hostile made = new Hostile(geometry);
            strategies.add(made);
            return made;
        });
    }

    private void swap(StrategyBinding binding) {
        plan.install(binding, StrategyTrial.prepare(binding, plan));
    }

    private void resize(long bytes) {
        StrategyBinding binding = plan.binding();
        AllocationStrategy strategy = StrategyTrial.prepare(binding, bytes);
        plan.resize(bytes, binding, strategy);
    }

    /** What a test knows of the blocks of a pool. */
    private static final class Model {
        private record Placed(long offset, long size, BlockOwner holder) {}

        private final Map<Long, Placed> blocks = new HashMap<>();
        private final List<Long> order = new ArrayList<>();
        private final TreeMap<Long, Long> byOffset = new TreeMap<>();

        void placed(PoolPlan plan, long block, BlockOwner holder, String where) {
            Placed placed = new Placed(plan.offset(block), plan.size(block), holder);
            Map.Entry<Long, Long> below = byOffset.lowerEntry(placed.offset + placed.size);
            if (below != null) {
                assertThat(below.getKey() + below.getValue())
                        .as(where)
                        .isLessThanOrEqualTo(placed.offset);
            }
            byOffset.put(placed.offset, placed.size);
            blocks.put(block, placed);
            order.add(block);
        }

        void release(PoolPlan plan, Random random) {
            if (!order.isEmpty()) {
                int index = random.nextInt(order.size());
                long block = order.set(index, order.getLast());
                order.removeLast();
                plan.release(block);
                forget(block);
            }
        }

        void ended(BlockOwner holder) {
            for (long block : List.copyOf(order)) {
                Placed placed = blocks.get(block);
                if (placed != null && placed.holder.equals(holder)) {
                    order.remove(block);
                    forget(block);
                }
            }
        }

        private void forget(long block) {
            Placed placed = blocks.remove(block);
            assertThat(placed).isNotNull();
            byOffset.remove(placed.offset);
        }

        long bytes() {
            return blocks.values().stream().mapToLong(Placed::size).sum();
        }

        long leaked() {
            return blocks.values().stream()
                    .filter(placed -> placed.holder.quarantined())
                    .mapToLong(Placed::size)
                    .sum();
        }

        void check(PoolPlan plan) {
            blocks.forEach((block, placed) -> {
                assertThat(plan.offset(block)).isEqualTo(placed.offset);
                assertThat(plan.size(block)).isEqualTo(placed.size);
            });
        }
    }
}
