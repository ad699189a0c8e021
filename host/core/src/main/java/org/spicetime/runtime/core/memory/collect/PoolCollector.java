// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.collect;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.spicetime.runtime.api.domain.GcConfig;
import org.spicetime.runtime.api.domain.GcStrategy;
import org.spicetime.runtime.api.domain.LeakAction;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.core.memory.handle.Movables;

/**
 * Collects one pool: when somebody asks, when its configuration says so, and when an allocation
 * fails because free memory lies in pieces. One collection at a time.
 *
 * <p>Thread-safe; collections of the host's own accord come from the thread of the {@link
 * Collector}.
 */
public final class PoolCollector {
    /** What is valid until a pool is configured. */
    public static final GcConfig OFF =
            new GcConfig(
                    GcStrategy.NONE,
                    0.8,
                    Duration.ofNanos(500_000),
                    Duration.ZERO,
                    false,
                    LeakAction.RECLAIM);

    /** How long a zone stays free before it goes back to the machine by itself. */
    public static final Duration DECAY = Duration.ofSeconds(10);

    /**
     * Free memory in pieces of which the largest is smaller than this share is worth compacting.
     */
    private static final double UNBROKEN = 0.9;

    private static final long LOOK_NANOS = 100_000_000;
    private static final long DECAY_LOOK_NANOS = 1_000_000_000;
    private static final long AGAIN_NANOS = 1_000_000_000;
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final CollectedPool pool;
    private final CopyingMover mover;
    private final LongSupplier nanoTime;
    private final ReentrantLock cycle = new ReentrantLock();
    private volatile GcConfig config = OFF;
    private volatile boolean ended;
    private volatile boolean requested;

    // Guarded by cycle.
    private final ZoneDecay decay = new ZoneDecay(DECAY.toNanos());
    private final ZoneDecay atOnce = new ZoneDecay(0);

    // Of the thread of the Collector.
    private long lastCycle;
    private long lastDecay;

    /**
     * @param pool what is collected
     * @param movables its blocks that may be moved
     * @param nanoTime the clock
     */
    public PoolCollector(CollectedPool pool, Movables movables, LongSupplier nanoTime) {
        this.pool = pool;
        this.mover = new CopyingMover(movables);
        this.nanoTime = nanoTime;
        lastCycle = nanoTime.getAsLong();
        lastDecay = lastCycle;
    }

    /** Takes another configuration, from the next collection on. */
    public void configure(GcConfig next) {
        config = next;
    }

    /** The configuration in force. */
    public GcConfig config() {
        return config;
    }

    /** The pool has ended: what is under way stops after its step. */
    public void end() {
        ended = true;
    }

    /** Whether the pool has ended. */
    public boolean ended() {
        return ended;
    }

    /** Asks for a collection at the next look of the {@link Collector}, whatever the occupancy. */
    public void request() {
        requested = true;
    }

    /**
     * Collects now, on the calling thread: reclaims, with {@code compact} moves blocks together and
     * compares the books, and returns all free zones to the machine.
     *
     * @param compact whatever the configuration says
     * @return what was done
     */
    public CollectionReport collect(boolean compact) {
        cycle.lock();
        try {
            long started = nanoTime.getAsLong();
            StepTimer timer = timer();
            PoolCollection collection = collection(timer);
            collection.reclaim();
            if (compact) {
                collection.audit();
                collection.compact(UNLIMITED);
            }
            collection.discard(atOnce, started);
            return new CollectionReport(
                    collection.reclaimedBytes(),
                    collection.movedBytes(),
                    Duration.ofNanos(nanoTime.getAsLong() - started),
                    Duration.ofNanos(timer.longestNanos()),
                    pool.collected());
        } finally {
            cycle.unlock();
        }
    }

    /** Whether an allocation that finds free memory in pieces may move blocks. */
    public boolean compactsOnDemand() {
        return compacts(config) && pool.compactable();
    }

    /**
     * Moves blocks together until there is a free piece of that size, on the calling thread, which
     * holds no lock and has left its slot.
     *
     * @param bytes how large
     * @return whether it is worth trying again: blocks were moved, or there is one
     */
    public boolean compactFor(long bytes) {
        cycle.lock();
        try {
            if (pool.largestFreeBytes() >= bytes) {
                return true;
            }
            PoolCollection collection = collection(timer());
            collection.compact(bytes);
            pool.collected();
            return collection.movedBytes() > 0 || pool.largestFreeBytes() >= bytes;
        } finally {
            cycle.unlock();
        }
    }

    /** Empties zones of former strategies as far as their blocks may be moved, now. */
    public void migrate() {
        cycle.lock();
        try {
            collection(timer()).migrate();
        } finally {
            cycle.unlock();
        }
    }

    /**
     * Does what is due. Called by the thread of the {@link Collector}.
     *
     * @param stops whether the host stops, asked between steps
     * @return nanoseconds until the next look is due; {@link Long#MAX_VALUE}: none
     */
    long look(BooleanSupplier stops) {
        GcConfig now = config;
        long nanos = nanoTime.getAsLong();
        boolean asked = requested;
        requested = false;
        if (ended || now.strategy() == GcStrategy.NONE && !asked) {
            return UNLIMITED;
        }
        long since = nanos - lastCycle;
        long interval = now.interval().toNanos();
        boolean periodic = interval > 0 && since >= interval;
        boolean full = since >= AGAIN_NANOS && pool.occupancy() >= now.threshold();
        boolean decays = nanos - lastDecay >= DECAY_LOOK_NANOS;
        if (asked || periodic || full || decays) {
            run(now, asked || periodic || full, decays, stops);
        }
        return Math.min(LOOK_NANOS, interval > 0 ? interval : LOOK_NANOS);
    }

    private void run(GcConfig now, boolean whole, boolean decays, BooleanSupplier stops) {
        cycle.lock();
        try {
            PoolCollection collection =
                    new PoolCollection(
                            pool, mover, timer(), () -> ended || stops.getAsBoolean(), true);
            long started = nanoTime.getAsLong();
            if (whole) {
                collection.reclaim();
                if (compacts(now) && pool.compactable() && broken()) {
                    collection.compact(UNLIMITED);
                }
                pool.collected();
                lastCycle = nanoTime.getAsLong();
            }
            if (decays) {
                collection.discard(decay, started);
                lastDecay = started;
            }
        } finally {
            cycle.unlock();
        }
    }

    private boolean broken() {
        return pool.largestFreeBytes() < UNBROKEN * pool.availableBytes();
    }

    private static boolean compacts(GcConfig config) {
        return config.strategy() == GcStrategy.INCREMENTAL && config.compaction();
    }

    private StepTimer timer() {
        long goal = config.maxPause().toNanos();
        return new StepTimer(nanoTime, goal == 0 ? UNLIMITED : goal);
    }

    private PoolCollection collection(StepTimer timer) {
        return new PoolCollection(pool, mover, timer, () -> ended, false);
    }
}
