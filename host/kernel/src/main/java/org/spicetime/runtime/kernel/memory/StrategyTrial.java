// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.Map;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;

/**
 * Makes an instance of a strategy for a pool, after a scratch instance has shown on one zone that
 * it can give a block and take it back. Stateless; call it without holding a lock.
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
        StrategyDescriptor descriptor = binding.descriptor();
        long granule = Math.max(descriptor.granuleBytes(), OverlapGuard.GRANULE_BYTES);
        if (granule > plan.zoneBytes()) {
            throw refused(
                    binding,
                    "its granule of %d bytes exceeds a zone of %d"
                            .formatted(granule, plan.zoneBytes()));
        }
        if (plan.mappedBytes() > descriptor.maxPoolBytes()) {
            throw refused(
                    binding,
                    "it divides pools up to %d bytes, this one with its reserve has %d"
                            .formatted(descriptor.maxPoolBytes(), plan.mappedBytes()));
        }
        Geometry geometry = new Geometry(granule, plan.mappedBytes(), plan.zoneBytes());
        try {
            tryOut(binding.factory().create(geometry, binding.options()), geometry, binding);
            return binding.factory().create(geometry, binding.options());
        } catch (RefusedException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw refused(binding, "its trial threw " + StrategySeat.describe(thrown));
        }
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
