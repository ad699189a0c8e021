// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.memory.MemoryMap;
import org.spicetime.runtime.kernel.memory.BlockOwner;
import org.spicetime.runtime.kernel.memory.PoolPlan;
import org.spicetime.runtime.kernel.memory.ZoneReport;

/**
 * Reads the layout of a pool, zone by zone, so that nobody waits long for its lock: zones that come
 * later may have changed meanwhile. Thread-safe.
 */
public final class PoolLayout {
    private final DomainPool pool;

    /**
     * @param pool to be read
     */
    public PoolLayout(DomainPool pool) {
        this.pool = pool;
    }

    /**
     * The layout.
     *
     * @param owners at most so many, those that hold most
     * @param at instant to note
     * @param pins those that are overdue
     */
    public MemoryMap read(int owners, Instant at, List<MemoryMap.OverduePin> pins) {
        return new MemoryMap(at, zones(), owners(owners), pins);
    }

    private List<MemoryMap.Zone> zones() {
        List<MemoryMap.Zone> zones = new ArrayList<>();
        for (int zone = 0; ; zone++) {
            ZoneReport report = report(zone);
            if (report == null) {
                return zones;
            }
            zones.add(
                    new MemoryMap.Zone(
                            report.zone(),
                            report.bytes(),
                            report.claimedBytes(),
                            report.blocks(),
                            report.longestFreeBytes(),
                            report.strategy(),
                            report.draining()));
        }
    }

    private @Nullable ZoneReport report(int zone) {
        return pool.locked(() -> {
            PoolPlan plan = pool.plan();
            return zone < plan.zones().count() ? plan.report(zone) : null;
        });
    }

    private List<MemoryMap.Owner> owners(int most) {
        Map<@Nullable TaskId, MemoryMap.Owner> held = new HashMap<>();
        pool.locked(() -> {
            pool.plan().forEachOwner(owner -> held.merge(owner.task(), of(owner), PoolLayout::sum));
            return held;
        });
        return held.values().stream()
                .sorted(Comparator.comparingLong(MemoryMap.Owner::bytes).reversed())
                .limit(most)
                .toList();
    }

    private static MemoryMap.Owner of(BlockOwner owner) {
        return new MemoryMap.Owner(owner.task(), owner.bytes(), owner.blocks());
    }

    private static MemoryMap.Owner sum(MemoryMap.Owner one, MemoryMap.Owner other) {
        return new MemoryMap.Owner(
                one.task(), one.bytes() + other.bytes(), one.blocks() + other.blocks());
    }
}
