// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.kernel.guard.CallMeter;

/*
 * Change of strategy by zones. The newcomer gets every zone without a live block at once; zones with
 * live blocks stay with the retired generation, serve releases by counting alone, and go over when
 * their count reaches zero. While any zone drains, the reserve zone is lent to whoever is in charge, so
 * that there is room even in a full pool; when none drains any more and the reserve is empty, it is
 * taken back. The retired strategy is never called again: the host's own book holds all that a release
 * needs.
 */
/**
 * The seat of the strategy in charge. Every call into it passes through here: answers are checked
 * against the guard, and whoever throws, answers nonsense or loses a block is replaced by the
 * built-in first-fit before the call returns.
 *
 * <p>Guarded by the caller.
 */
final class StrategySeat {
    private static final int MESSAGE_LIMIT = 200;
    private static final String SHIPPED = "org.spicetime.runtime.";

    private final ZoneTable zones;
    private final AnswerCheck check;
    private final CallMeter meter;
    private final List<StrategyEjection> ejections = new ArrayList<>();
    private Generation active;
    private StrategyBinding binding;
    private int changes;

    private long placedId;
    private long placedOffset;
    private long placedSize;

    StrategySeat(ZoneTable zones, OverlapGuard guard, CallMeter meter) {
        this.zones = zones;
        this.meter = meter;
        this.check = new AnswerCheck(zones, guard);
        this.binding = StrategyBinding.firstFit();
        this.active = new Generation(binding.name(), firstFit(), false);
        for (int zone = 0; zone < zones.reserve(); zone++) {
            active.strategy().addZone(zones.offset(zone), zones.length(zone));
            zones.assign(zone, active);
        }
    }

    StrategyBinding binding() {
        return binding;
    }

    Generation active() {
        return active;
    }

    /** Ejections since the last call, oldest first. */
    List<StrategyEjection> takeEjections() {
        List<StrategyEjection> taken = List.copyOf(ejections);
        ejections.clear();
        return taken;
    }

    /**
     * Puts a prepared, empty strategy in charge.
     *
     * @throws RefusedException if there is no free zone to start with, or it fails while it is
     *     given its zones; nothing changed then
     */
    void install(StrategyBinding newcomer, AllocationStrategy strategy) {
        install(newcomer, strategy, zones, false);
    }

    /**
     * Puts a prepared, empty strategy in charge of zones that may be cut otherwise.
     *
     * @param layout the zones with their live blocks; this seat's own, or one that they become
     * @param patient whether it may start without a free zone and wait for the first
     * @throws RefusedException as above
     */
    void install(
            StrategyBinding newcomer,
            AllocationStrategy strategy,
            ZoneTable layout,
            boolean patient) {
        if (!patient && freeZones(layout).isEmpty()) {
            throw RefusedException.exhausted(
                    "no free zone to start "
                            + newcomer.name()
                            + " with; try again when blocks were released",
                    layout.zoneBytes(),
                    0);
        }
        boolean ours = newcomer.factory() instanceof FirstFitFactory;
        try {
            flip(newcomer, ours ? strategy : new MeteredStrategy(strategy, meter), layout);
        } catch (RefusedException refused) {
            throw refused;
        } catch (Throwable failed) {
            throw new RefusedException(
                    RequestErrorCode.CONFLICT,
                    "allocation strategy "
                            + newcomer.name()
                            + " failed while it was given its zones: "
                            + describe(failed),
                    Map.of("strategy", newcomer.name()));
        }
    }

    /** Takes the strategy in charge out of service. */
    void eject(EjectionReason reason, String message, Map<String, Object> facts) {
        if (builtIn()) {
            throw new IllegalStateException("the built-in first-fit failed: " + message + facts);
        }
        Map<String, Object> report = new LinkedHashMap<>(facts);
        report.put("strategy", binding.name());
        report.put("version", binding.descriptor().version());
        if (binding.bundle() != null) {
            report.put("bundle", binding.bundle());
        }
        if (active.strategy() instanceof MeteredStrategy metered) {
            report.put("lastCalls", metered.lastCalls());
        }
        report.put("zones", zones.count());
        report.put("usedBytes", active.usedBytes);
        StrategyBinding ejected = binding;
        flip(StrategyBinding.firstFit(), firstFit(), zones);
        ejections.add(new StrategyEjection(ejected, reason, message, report));
    }

    void ejectFor(String call, Throwable thrown, Map<String, Object> facts) {
        if (thrown instanceof StrategyFault fault) {
            Map<String, Object> all = new LinkedHashMap<>(facts);
            all.putAll(fault.found.report());
            eject(fault.found.reason(), fault.found.message(), all);
            return;
        }
        eject(
                thrown instanceof OutOfMemoryError
                        ? EjectionReason.RESOURCE_ABUSE
                        : EjectionReason.EXCEPTION,
                call + " threw " + describe(thrown),
                facts);
    }

    /** Shipped strategies passed the contract that tells this fault before they were shipped. */
    private static boolean trusted(StrategyBinding newcomer) {
        return newcomer.bundle() == null || newcomer.bundle().startsWith(SHIPPED);
    }

    boolean builtIn() {
        return binding.factory() instanceof FirstFitFactory;
    }

    /**
     * Finds room; {@link #placedId}, {@link #placedOffset} and {@link #placedSize} tell where.
     *
     * @return 0; or the result of the failure
     */
    long place(long size, long align, int hint) {
        Generation asked = active;
        long result = tryPlace(size, align, hint);
        return result != 0 && asked.retired() ? tryPlace(size, align, hint) : result;
    }

    long placedId() {
        return placedId;
    }

    long placedOffset() {
        return placedOffset;
    }

    long placedSize() {
        return placedSize;
    }

    private long tryPlace(long size, long align, int hint) {
        AllocationStrategy strategy = active.strategy();
        long id;
        long offset = 0;
        long length = 0;
        try {
            if (strategy instanceof MeteredStrategy metered) {
                id = metered.place(size, align, hint);
                offset = metered.placedOffset();
                length = metered.placedSize();
            } else if ((id = strategy.allocate(size, align, hint)) >= 0) {
                offset = strategy.offset(id);
                length = strategy.size(id);
            }
        } catch (Throwable thrown) {
            ejectFor("allocate", thrown, request(size, align));
            return AllocationFailure.NO_SPACE.result();
        }
        if (id < AllocationFailure.TOO_LARGE.result()) {
            Map<String, Object> facts = request(size, align);
            facts.put("result", id);
            eject(EjectionReason.INVALID_RESULT, "allocate returned " + id, facts);
            return AllocationFailure.NO_SPACE.result();
        }
        if (id < 0) {
            return id;
        }
        @Nullable String fault = check.fault(active, id, offset, length, size, align);
        if (fault != null) {
            Map<String, Object> facts = request(size, align);
            facts.put("block", id);
            facts.put("blockOffset", offset);
            facts.put("blockSize", length);
            eject(EjectionReason.INVALID_RESULT, fault, facts);
            return AllocationFailure.NO_SPACE.result();
        }
        if (zones.quarantined(offset, length)) {
            release(id, offset);
            return AllocationFailure.FRAGMENTED.result();
        }
        placedId = id;
        placedOffset = offset;
        placedSize = length;
        return 0;
    }

    /** Tells the strategy in charge that one of its blocks is free; may end in its ejection. */
    void release(long strategyId, long offset) {
        active.released(strategyId);
        try {
            active.strategy().release(strategyId);
        } catch (IllegalArgumentException unknown) {
            eject(
                    EjectionReason.LOST,
                    "release did not know live block " + strategyId + ": " + describe(unknown),
                    Map.of("block", strategyId, "blockOffset", offset));
        } catch (Throwable thrown) {
            ejectFor("release", thrown, Map.of("block", strategyId, "blockOffset", offset));
        }
    }

    /** After a release: hands zones of the range that are drained to the strategy in charge. */
    void settle(long offset, long size) {
        boolean handedOver = false;
        int last = zones.at(offset + size - 1);
        for (int zone = zones.at(offset); zone <= last; zone++) {
            if (zones.liveBlocks(zone) == 0 && zones.draining(zone)) {
                zones.assign(zone, null);
                if (zone < zones.reserve()) {
                    give(zone);
                }
                handedOver = true;
            }
        }
        if (handedOver || last >= zones.reserve()) {
            settleReserve();
        }
    }

    void settleReserve() {
        int reserve = zones.reserve();
        if (zones.liveBlocks(reserve) > 0) {
            return;
        }
        boolean lent = zones.holder(reserve) == active;
        boolean needed = zones.drainingCount() > 0;
        if (needed && !lent) {
            give(reserve);
        } else if (!needed && lent) {
            try {
                if (active.strategy().dropZone(zones.offset(reserve))) {
                    zones.assign(reserve, null);
                }
            } catch (Throwable thrown) {
                ejectFor("dropZone", thrown, zoneFacts(reserve));
            }
        }
    }

    private void give(int zone) {
        try {
            active.strategy().addZone(zones.offset(zone), zones.length(zone));
            zones.assign(zone, active);
        } catch (Throwable thrown) {
            ejectFor("addZone", thrown, zoneFacts(zone));
        }
    }

    /**
     * How free memory lies, as the strategy in charge tells it and as far as it can be true.
     *
     * @return its answer; after an ejection first-fit's
     */
    FragmentationStats stats() {
        try {
            FragmentationStats stats = active.strategy().stats();
            @Nullable String fault = AnswerCheck.fault(active, stats);
            if (fault == null) {
                return stats;
            }
            eject(EjectionReason.INVALID_RESULT, fault, Map.of("stats", stats.toString()));
        } catch (Throwable thrown) {
            if (builtIn()) {
                throw thrown;
            }
            ejectFor("stats", thrown, Map.of());
        }
        return active.strategy().stats();
    }

    /** Compares the blocks the strategy in charge shows with the host's book. */
    void audit(BlockTable blocks) {
        BlockAudit audit = new BlockAudit(blocks, active);
        try {
            active.strategy().forEachBlock(audit);
        } catch (Throwable thrown) {
            ejectFor("forEachBlock", thrown, Map.of());
            return;
        }
        if (audit.wrong() != null) {
            eject(EjectionReason.INVALID_RESULT, audit.wrong(), Map.of());
        } else if (audit.missing() > 0) {
            eject(
                    EjectionReason.LOST,
                    "forEachBlock left out %d live blocks".formatted(audit.missing()),
                    Map.of("missing", audit.missing()));
        }
    }

    private void flip(StrategyBinding newcomer, AllocationStrategy strategy, ZoneTable layout) {
        List<Integer> free = freeZones(layout);
        for (int zone : free) {
            strategy.addZone(layout.offset(zone), layout.length(zone));
        }
        Generation next = new Generation(newcomer.name(), strategy, !trusted(newcomer));
        if (layout != zones) {
            zones.become(layout);
            for (int zone = 0; zone < zones.count(); zone++) {
                zones.assign(zone, zones.liveBlocks(zone) == 0 ? null : active);
            }
        }
        if (zones.liveBlocks(zones.reserve()) == 0) {
            zones.assign(zones.reserve(), null);
        }
        for (int zone : free) {
            zones.assign(zone, next);
        }
        active.retire();
        meter.renewed();
        active = next;
        binding = newcomer;
        changes++;
    }

    /** How often another instance was put in charge. */
    int changes() {
        return changes;
    }

    /** Zones a newcomer can have at once; the reserve only when others have to drain first. */
    private static List<Integer> freeZones(ZoneTable zones) {
        List<Integer> free = new ArrayList<>();
        for (int zone = 0; zone < zones.reserve(); zone++) {
            if (zones.liveBlocks(zone) == 0) {
                free.add(zone);
            }
        }
        boolean draining = free.size() < zones.reserve() || zones.tailed();
        if (draining && zones.liveBlocks(zones.reserve()) == 0) {
            free.add(zones.reserve());
        }
        return free;
    }

    /** Whether blocks of a task that cannot be stopped lie in zones of the strategy in charge. */
    boolean sharesQuarantinedZones() {
        for (int zone = 0; zone < zones.count(); zone++) {
            if (zones.quarantined(zone) && zones.holder(zone) == active) {
                return true;
            }
        }
        return false;
    }

    private FirstFit firstFit() {
        return new FirstFit(
                new Geometry(
                        OverlapGuard.GRANULE_BYTES,
                        zones.offset(zones.reserve()) + zones.zoneBytes(),
                        zones.zoneBytes()));
    }

    private Map<String, Object> zoneFacts(int zone) {
        return Map.of("zoneOffset", zones.offset(zone), "zoneLength", zones.length(zone));
    }

    /** Class and message; a foreign message may be long, or throw itself. */
    static String describe(Throwable thrown) {
        String name = thrown.getClass().getName();
        try {
            @Nullable String message = thrown.getMessage();
            if (message == null) {
                return name;
            }
            return name + ": " + message.substring(0, Math.min(message.length(), MESSAGE_LIMIT));
        } catch (Throwable again) {
            return name;
        }
    }

    private static Map<String, Object> request(long size, long align) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("size", size);
        facts.put("align", align);
        return facts;
    }
}
