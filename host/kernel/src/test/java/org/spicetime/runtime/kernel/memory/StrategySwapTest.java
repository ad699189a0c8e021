// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.Geometry;

/** Change of strategy by zones while blocks live. */
final class StrategySwapTest {
    private static final long MIB = 1L << 20;

    private final PoolPlan plan = new PoolPlan(8 * MIB);
    private final BlockOwner owner = new BlockOwner(1);

    @Test
    void liveBlocksStayWhereTheyAreAndTheirZonesGoOverWhenTheyAreReleased() {
        long old = plan.allocate(owner, 3 * MIB, 16);
        swap(Hostile.binding(Hostile::new));
        assertThat(plan.offset(old)).isZero();
        assertThat(plan.zones().draining(0)).isTrue();
        assertThat(plan.allocate(owner, 6 * MIB, 16)).isNegative();
        long young = plan.allocate(owner, 5 * MIB, 16);
        assertThat(plan.offset(young)).isEqualTo(3 * MIB);
        plan.release(old);
        assertThat(plan.zones().draining(0)).isFalse();
        assertThat(plan.allocate(owner, 3 * MIB, 16)).isNotNegative();
    }

    @Test
    void aFullPoolIsSwappedWithTheReserveWhichIsTakenBackAfterwards() {
        List<Long> old = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            old.add(plan.allocate(owner, MIB, 16));
        }
        swap(Hostile.binding(Hostile::new));
        plan.release(old.removeFirst());
        plan.release(old.removeFirst());
        assertThat(plan.allocate(owner, MIB, 16)).isNotNegative();
        long third = plan.allocate(owner, MIB, 16);
        assertThat(third).isNotNegative();
        assertThat(plan.allocate(owner, 16, 16)).as("quota").isEqualTo(PoolPlan.OVER_QUOTA);
        assertThat(plan.releaseSome(owner, 100)).isFalse();
        assertThat(plan.usedBytes()).isZero();
        assertThat(plan.zones().holder(plan.zones().reserve())).isNull();
        assertThat(plan.allocate(owner, 8 * MIB, 16)).isNotNegative();
        assertThat(plan.takeEjections()).isEmpty();
    }

    @Test
    void withoutAnyFreeZoneASwapIsRefusedAndAnEjectionStillKeepsTheBlocks() {
        long first = plan.allocate(owner, 8 * MIB - 4096, 16);
        swap(Hostile.binding(Hostile::new));
        long inReserve = plan.allocate(owner, 4096, 16);
        assertThat(plan.offset(inReserve)).isEqualTo(8 * MIB);
        StrategyBinding third = Hostile.binding(Hostile::new);
        AllocationStrategy prepared = StrategyTrial.prepare(third, plan);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> plan.install(third, prepared))
                .withMessageContaining("no free zone");
        assertThat(plan.binding()).isNotSameAs(third);
        plan.fallBack(EjectionReason.BUNDLE_GONE, "bundle stopped");
        assertThat(plan.usedBytes()).isEqualTo(8 * MIB);
        plan.release(inReserve);
        assertThat(plan.allocate(owner, 4096, 16)).isNotNegative();
        plan.release(first);
        assertThat(plan.allocate(owner, 7 * MIB, 16)).isNotNegative();
    }

    @Test
    void fallingBackTellsWhoAndWhyAndDoesNothingTwice() {
        swap(Hostile.binding(Hostile::new));
        plan.fallBack(EjectionReason.BUNDLE_GONE, "its bundle was stopped");
        plan.fallBack(EjectionReason.BUNDLE_GONE, "its bundle was stopped");
        assertThat(plan.binding().name()).isEqualTo("FIRST_FIT");
        List<StrategyEjection> ejections = plan.takeEjections();
        assertThat(ejections).hasSize(1);
        assertThat(ejections.getFirst().reason()).isEqualTo(EjectionReason.BUNDLE_GONE);
        assertThat(ejections.getFirst().report())
                .containsEntry("strategy", "ACME_HOSTILE")
                .containsEntry("version", "6.6.6")
                .containsEntry("bundle", "com.acme.hostile");
        assertThat(plan.takeEjections()).isEmpty();
    }

    @Test
    void aRetiredStrategyIsNotHeldWhileItsBlocksLive() throws InterruptedException {
        WeakReference<AllocationStrategy> retired = installTracked();
        long block = plan.allocate(owner, 100, 16);
        plan.fallBack(EjectionReason.BUNDLE_GONE, "its bundle was stopped");
        plan.takeEjections();
        for (int i = 0; i < 50 && retired.get() != null; i++) {
            System.gc();
        }
        assertThat(retired.get()).isNull();
        plan.release(block);
    }

    private WeakReference<AllocationStrategy> installTracked() {
        StrategyBinding binding = Hostile.binding(Hostile::new);
        AllocationStrategy strategy = StrategyTrial.prepare(binding, plan);
        plan.install(binding, strategy);
        return new WeakReference<>(strategy);
    }

    @Test
    void aStrategyThatFailsItsTrialOrItsZonesIsRefusedAndNothingChanges() {
        long block = plan.allocate(owner, 100, 16);
        StrategyBinding throwing =
                Hostile.binding(geometry -> {
                    throw new UnsupportedOperationException("no memory for you");
                });
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> StrategyTrial.prepare(throwing, plan))
                .withMessageContaining("no memory for you");
        StrategyBinding keepsZones =
                Hostile.binding(geometry ->
                        new Hostile(geometry) {
                            @Override
                            public boolean dropZone(long offset) {
                                return false;
                            }
                        });
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> StrategyTrial.prepare(keepsZones, plan))
                .withMessageContaining("did not give back a zone");
        StrategyBinding refusesZones = Hostile.binding(RefusesSecondZone::new);
        AllocationStrategy prepared = StrategyTrial.prepare(refusesZones, plan);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> plan.install(refusesZones, prepared))
                .withMessageContaining("one zone is enough");
        assertThat(plan.binding().name()).isEqualTo("FIRST_FIT");
        assertThat(plan.offset(block)).isZero();
        plan.release(block);
        assertThat(plan.allocate(owner, 8 * MIB, 16)).isNotNegative();
    }

    private static final class RefusesSecondZone extends Hostile {
        private boolean one;

        RefusesSecondZone(Geometry geometry) {
            super(geometry);
        }

        @Override
        public void addZone(long offset, long length) {
            if (one) {
                throw new IllegalStateException("one zone is enough");
            }
            one = true;
            super.addZone(offset, length);
        }
    }

    @Test
    void randomUseSwapsAndEjectionsLoseNoBlockAndNoByte() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        TreeMap<Long, Long> byOffset = new TreeMap<>();
        List<Long> blocks = new ArrayList<>();
        List<Hostile> strategies = new ArrayList<>();
        int ejections = 0;
        int swaps = 0;
        for (int step = 0; step < 20_000; step++) {
            String where = "step " + step + " of -Dtest.seed=" + seed;
            int choice = random.nextInt(1000);
            if (choice < 520) {
                long align = 1L << random.nextInt(4, 13);
                long block =
                        plan.allocate(owner, 1 + random.nextInt(1 << random.nextInt(21)), align);
                if (block >= 0) {
                    long offset = plan.offset(block);
                    assertThat(offset % align).as(where).isZero();
                    Map.Entry<Long, Long> below = byOffset.lowerEntry(offset + plan.size(block));
                    if (below != null) {
                        assertThat(below.getKey() + below.getValue())
                                .as(where)
                                .isLessThanOrEqualTo(offset);
                    }
                    byOffset.put(offset, plan.size(block));
                    blocks.add(block);
                }
            } else if (choice < 980 && !blocks.isEmpty()) {
                long block = blocks.remove(random.nextInt(blocks.size()));
                byOffset.remove(plan.offset(block));
                plan.release(block);
            } else if (choice < 990) {
                StrategyBinding binding =
                        Hostile.binding(geometry -> {
                            Hostile made = new Hostile(geometry);
                            strategies.add(made);
                            return made;
                        });
                AllocationStrategy prepared = StrategyTrial.prepare(binding, plan);
                try {
                    plan.install(binding, prepared);
                    swaps++;
                } catch (RefusedException noFreeZone) {
                    assertThat(noFreeZone).as(where).hasMessageContaining("no free zone");
                }
            } else if (choice < 995 && !strategies.isEmpty()) {
                Hostile.Fault[] faults = Hostile.Fault.values();
                strategies.getLast().next = Optional.of(faults[random.nextInt(faults.length)]);
            } else if (choice < 997) {
                plan.audit();
            }
            ejections += plan.takeEjections().size();
            assertThat(plan.usedBytes())
                    .as(where)
                    .isEqualTo(owner.bytes())
                    .isLessThanOrEqualTo(plan.totalBytes());
        }
        assertThat(swaps).as("swaps, seed %d", seed).isPositive();
        assertThat(ejections).as("ejections, seed %d", seed).isPositive();
        assertThat(plan.usedBytes())
                .isEqualTo(byOffset.values().stream().mapToLong(Long::longValue).sum());
        plan.releaseSome(owner, Integer.MAX_VALUE);
        plan.fallBack(EjectionReason.OPERATOR, "end of the test");
        assertThat(plan.usedBytes()).isZero();
        assertThat(plan.largestFreeBytes()).isEqualTo(8 * MIB);
    }

    @Test
    void aThousandSwapsBesideManyBlocksLeaveEachWhereItIs() {
        PoolPlan large = new PoolPlan(1024 * MIB);
        List<Long> blocks = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            blocks.add(large.allocate(owner, 16 + i % 4000, 16));
            offsets.add(large.offset(blocks.getLast()));
        }
        ThreadMXBean processor = ManagementFactory.getThreadMXBean();
        long[] nanos = new long[1000];
        for (int i = 0; i < nanos.length; i++) {
            StrategyBinding binding =
                    i % 2 == 0 ? Hostile.binding(Hostile::new) : StrategyBinding.firstFit();
            AllocationStrategy strategy = StrategyTrial.prepare(binding, large);
            long started = processor.getCurrentThreadCpuTime();
            large.install(binding, strategy);
            nanos[i] = processor.getCurrentThreadCpuTime() - started;
            large.release(large.allocate(owner, 1000, 16));
        }
        Arrays.sort(nanos);
        System.out.printf(
                "strategy flip with %d live blocks in 64 zones, processor time: p50 %.1f us, p99 %.1f us, max %.1f us"
                        + " (budget: 100 us)%n",
                blocks.size(),
                nanos[nanos.length / 2] / 1e3,
                nanos[nanos.length * 99 / 100] / 1e3,
                nanos[nanos.length - 1] / 1e3);
        for (int i = 0; i < blocks.size(); i++) {
            assertThat(large.offset(blocks.get(i))).isEqualTo(offsets.get(i));
        }
        assertThat(large.releaseSome(owner, Integer.MAX_VALUE)).isFalse();
        assertThat(large.usedBytes()).isZero();
        assertThat(large.largestFreeBytes()).isEqualTo(1024 * MIB);
    }

    private void swap(StrategyBinding binding) {
        plan.install(binding, StrategyTrial.prepare(binding, plan));
    }
}
