// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.GcConfig;
import org.spicetime.runtime.api.domain.GcStrategy;
import org.spicetime.runtime.api.domain.LeakAction;
import org.spicetime.runtime.api.memory.MemoryMap;

/** The handles of one pool. Thread-safe. */
public final class PoolHandles {
    private final DomainId domain;
    private final LongSupplier nanoTime;
    private final Movables movables = new Movables();
    private final SharedBlocks shared;
    private final AllocationSites sites = new AllocationSites();
    private final Set<Handle> stuck = ConcurrentHashMap.newKeySet();
    private volatile LeakAction onTaskEnd = LeakAction.RECLAIM;

    /**
     * Of a pool without handles.
     *
     * @param domain whose pool
     * @param blocks where the blocks of the domain itself come from
     * @param nanoTime the clock of the pool
     */
    public PoolHandles(DomainId domain, BlockSource blocks, LongSupplier nanoTime) {
        this.domain = domain;
        this.nanoTime = nanoTime;
        shared = new SharedBlocks(domain, blocks);
    }

    /** Does from now on what the configuration of the domain says. */
    public void configure(GcConfig config) {
        onTaskEnd = config.onTaskEnd();
        shared.leased(config.strategy() != GcStrategy.NONE);
        if (config.strategy() == GcStrategy.NONE) {
            shared.dropOrphans();
        }
        sites.level(
                onTaskEnd == LeakAction.RECLAIM
                        ? AllocationSites.Level.OFF
                        : AllocationSites.chosen());
    }

    /** What follows when a task leaves handles open. */
    public LeakAction onTaskEnd() {
        return onTaskEnd;
    }

    /** The blocks that may be moved and swapped out. */
    public Movables movables() {
        return movables;
    }

    /** The blocks that tasks share. */
    public SharedBlocks shared() {
        return shared;
    }

    /** Where handles were taken. */
    public AllocationSites sites() {
        return sites;
    }

    /**
     * Takes back what nobody can reach any more: holds on shared blocks whose lease has run out,
     * and blocks that a thread which has ended since had pinned when their task ended.
     *
     * @return bytes of shared blocks that went back to the pool, rounding included
     */
    public long sweep() {
        stuck.forEach(Handle::sweep);
        return shared.sweep(nanoTime.getAsLong());
    }

    /** The pool closes: nobody comes any more for what tasks left behind. */
    public void close() {
        shared.dropOrphans();
    }

    /** Blocks kept back because a thread had them pinned when their task ended. */
    public int keptBack() {
        return stuck.size();
    }

    /** Pins of movable blocks that last longer than their deadline, oldest first. */
    public List<MemoryMap.OverduePin> overduePins(Instant now) {
        long nanos = nanoTime.getAsLong();
        return movables.all().stream()
                .flatMap(movable ->
                        movable.overduePins(nanos).stream()
                                .map(pin ->
                                        new MemoryMap.OverduePin(
                                                movable.owner().task(),
                                                movable.byteSize(),
                                                now.minusNanos(nanos - pin.sinceNanos()))))
                .sorted(Comparator.comparing(MemoryMap.OverduePin::since))
                .toList();
    }

    Set<Handle> stuck() {
        return stuck;
    }

    DomainId domain() {
        return domain;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }
}
