// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;

/**
 * Tries strategies before a pool depends on them: a rehearsal of many operations, and a last look
 * at an instance made for the pool itself. Stateless; call it without holding a lock.
 */
public final class StrategyTrial {
    private StrategyTrial() {}

    /**
     * Makes an instance.
     *
     * @param binding the strategy
     * @param plan the pool it is meant for; only its sizes are read
     * @return a new instance without zones
     * @throws RefusedException if the pool does not suit the strategy, or the trial fails
     */
    public static AllocationStrategy prepare(StrategyBinding binding, PoolPlan plan) {
        return prepare(binding, plan.poolBytes());
    }

    /**
     * Makes an instance.
     *
     * @param binding the strategy
     * @param poolBytes size of the pool it is meant for
     * @return a new instance without zones
     * @throws RefusedException if the pool does not suit the strategy, or the trial fails
     */
    public static AllocationStrategy prepare(StrategyBinding binding, long poolBytes) {
        Geometry geometry = geometry(binding, poolBytes);
        try {
            tryOut(binding.factory().create(geometry, binding.options()), geometry, binding);
            return binding.factory().create(geometry, binding.options());
        } catch (RefusedException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw refused(binding, "its trial threw " + StrategySeat.describe(thrown));
        }
    }

    /**
     * Puts a scratch instance in charge of a pool that nobody needs, and lets many owners come and
     * go, with the same checks as a real one. The same strategy sees the same rehearsal each time.
     * A strategy that hangs does not come back from it.
     *
     * @param binding the strategy
     * @param poolBytes size of the pool it is meant for
     * @param seed of the operations
     * @return what it is at fault for; null: nothing was found
     * @throws RefusedException if the pool or its options do not suit the strategy
     */
    public static @Nullable StrategyEjection rehearse(
            StrategyBinding binding, long poolBytes, long seed) {
        PoolPlan plan = new PoolPlan(poolBytes);
        Geometry geometry = geometry(binding, poolBytes);
        AllocationStrategy scratch;
        try {
            scratch = binding.factory().create(geometry, binding.options());
        } catch (RefusedException refused) {
            throw refused;
        } catch (Throwable thrown) {
            return fault(binding, "its trial threw " + StrategySeat.describe(thrown));
        }
        try {
            plan.install(binding, scratch);
        } catch (RefusedException refused) {
            return fault(binding, String.valueOf(refused.getMessage()));
        }
        new Rehearsal(plan, seed).run();
        return plan.takeEjections().stream().findFirst().orElse(null);
    }

    private static StrategyEjection fault(StrategyBinding binding, String message) {
        return new StrategyEjection(binding, EjectionReason.EXCEPTION, message, Map.of());
    }

    /** Owners that come, take blocks, give some back, and go. */
    private static final class Rehearsal implements BlockMover {
        private static final int COMPACT_EVERY = 100;
        private static final int OPERATIONS = 2_000;
        private static final int OWNERS = 8;
        private static final int AUDIT_EVERY = 250;
        private static final long LARGEST = 128 << 10;

        private final PoolPlan plan;
        private final SplittableRandom random;
        private final BlockOwner[] owners = new BlockOwner[OWNERS];
        private final List<Long> blocks = new ArrayList<>();

        Rehearsal(PoolPlan plan, long seed) {
            this.plan = plan;
            random = new SplittableRandom(seed);
            for (int i = 0; i < OWNERS; i++) {
                owners[i] = new BlockOwner(i);
            }
        }

        void run() {
            StrategyBinding tried = plan.binding();
            for (int i = 0; i < OPERATIONS && plan.binding().equals(tried); i++) {
                operate();
                if (i % COMPACT_EVERY == 0) {
                    plan.moves().compactStep(this, 1 + random.nextLong(LARGEST));
                }
                if (i % AUDIT_EVERY == 0) {
                    plan.audit();
                    plan.settleReserve();
                    plan.largestFreeBytes();
                }
            }
            for (long block : blocks) {
                plan.release(block);
            }
            plan.settleReserve();
            plan.audit();
        }

        private void operate() {
            if (random.nextInt(5) < 2 && !blocks.isEmpty()) {
                plan.release(blocks.remove(random.nextInt(blocks.size())));
                return;
            }
            long size = 1 + random.nextLong(random.nextInt(16) == 0 ? LARGEST : 2_048);
            long align = 1L << random.nextInt(13);
            long block = plan.allocate(owners[random.nextInt(OWNERS)], size, align);
            if (block >= 0) {
                plan.moves().letMove(block);
                blocks.add(block);
            }
        }

        /** Some are pinned by chance; there are no bytes to copy. */
        @Override
        public boolean move(long block, long from, long to, long size) {
            return random.nextInt(4) > 0;
        }

        @Override
        public boolean over() {
            return false;
        }
    }

    private static Geometry geometry(StrategyBinding binding, long poolBytes) {
        StrategyDescriptor descriptor = binding.descriptor();
        long zoneBytes = ZoneTable.zoneBytes(poolBytes);
        long mappedBytes = ZoneTable.end(poolBytes);
        long granule = Math.max(descriptor.granuleBytes(), OverlapGuard.GRANULE_BYTES);
        if (granule > zoneBytes) {
            throw refused(
                    binding,
                    "its granule of %d bytes exceeds a zone of %d".formatted(granule, zoneBytes));
        }
        if (mappedBytes > descriptor.maxPoolBytes()) {
            throw refused(
                    binding,
                    "it divides pools up to %d bytes, this one with its reserve has %d"
                            .formatted(descriptor.maxPoolBytes(), mappedBytes));
        }
        return new Geometry(granule, mappedBytes, zoneBytes);
    }

    private static void tryOut(
            AllocationStrategy scratch, Geometry geometry, StrategyBinding binding) {
        long granule = geometry.granuleBytes();
        scratch.addZone(0, geometry.zoneBytes());
        long first = scratch.allocate(1, granule, 0);
        long second = scratch.allocate(granule, granule, 0);
        if (first < 0 || second < 0 || first == second) {
            throw refused(
                    binding, "two small blocks in an empty zone gave " + first + " and " + second);
        }
        long gap = Math.abs(scratch.offset(first) - scratch.offset(second));
        if (gap < granule || scratch.size(first) < 1 || scratch.size(second) < granule) {
            throw refused(binding, "two small blocks in an empty zone overlap or are too small");
        }
        scratch.release(first);
        scratch.release(second);
        if (!scratch.dropZone(0)) {
            throw refused(binding, "it did not give back a zone whose blocks were released");
        }
    }

    private static RefusedException refused(StrategyBinding binding, String why) {
        return new RefusedException(
                RequestErrorCode.CONFLICT,
                "allocation strategy " + binding.name() + " cannot be used: " + why,
                Map.of("field", "memory.allocationType", "strategy", binding.name()));
    }
}
