// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.core.guard.GuardedLock;
import org.spicetime.runtime.core.memory.collect.PoolCollector;
import org.spicetime.runtime.core.memory.handle.PoolHandles;
import org.spicetime.runtime.core.memory.magazine.Magazines;
import org.spicetime.runtime.core.memory.pressure.MemoryWaits;
import org.spicetime.runtime.core.memory.swap.PoolSwap;
import org.spicetime.runtime.kernel.memory.BlockOwner;
import org.spicetime.runtime.kernel.memory.PoolPlan;
import org.spicetime.runtime.kernel.memory.StrategyBinding;
import org.spicetime.runtime.kernel.memory.StrategyEjection;
import org.spicetime.runtime.kernel.memory.StrategyTrial;

/**
 * The memory pool of one domain. Memory is zeroed before a task sees it and taken back to the byte
 * when the task ends; the size is a hard limit. The strategy can be replaced at any time and is
 * ejected when it misbehaves; live blocks stay valid.
 *
 * <p>Thread-safe. One lock per pool; no foreign code but the strategy in charge runs under it, and
 * wiping happens outside.
 */
public final class DomainPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DomainPool.class);
    private static final int BLOCKS_PER_STEP = 1024;

    private final DomainId domain;
    private final PoolListener listener;
    private final PoolChecks checks;
    private final LongSupplier nanoTime;
    private final GuardedLock lock;
    private final MemoryWaits waits;
    private final TaskReservations reservations;
    private final PoolHandles handles;
    private final PoolSizes sizes;
    private final Magazines magazines;
    private final PoolCollector collector;
    private final SwapAccess swapAccess;
    private final PoolSwap swap;
    private final RoomMaker rooms;

    // All below: guarded by lock.
    private final Set<TaskArena> arenas = new HashSet<>();
    private MappedPool pool;
    private long capBytes = Long.MAX_VALUE;
    private long collections;
    private int strategyChanges;
    private boolean closed;
    private boolean released;

    DomainPool(
            DomainId domain,
            long poolBytes,
            PoolListener listener,
            MachineMemory machine,
            LongSupplier nanoTime) {
        this.domain = domain;
        this.listener = listener;
        this.lock = new GuardedLock(listener::hangs);
        this.checks = new PoolChecks(domain, machine, listener);
        this.nanoTime = nanoTime;
        waits = new MemoryWaits(nanoTime);
        reservations = new TaskReservations(this, checks, lock, waits);
        sizes = new PoolSizes(this, checks, lock, nanoTime);
        handles = new PoolHandles(domain, new PoolBlocks(this, new BlockOwner(0), null), nanoTime);
        magazines = new Magazines(new PoolDepot(this), Runtime.getRuntime().availableProcessors());
        collector = new PoolCollector(new PoolSteps(this), handles.movables(), nanoTime);
        swapAccess = new SwapAccess(this, checks);
        swap = new PoolSwap(domain, swapAccess, handles.movables(), waits, nanoTime);
        rooms = new RoomMaker(collector, swap, listener);
        pool = MappedPool.map(checks.plan(poolBytes));
    }

    /**
     * Creates a pool. The built-in first-fit divides it until {@link #useStrategy}.
     *
     * @param domain whose
     * @param poolBytes its size
     * @param listener hears of ejections
     * @return the pool, empty
     * @throws RefusedException BAD_USER_INPUT if the size is out of range, RESOURCE_EXHAUSTED if
     *     the machine cannot back it
     */
    public static DomainPool open(DomainId domain, long poolBytes, PoolListener listener) {
        return new DomainPool(
                domain, poolBytes, listener, new MachineMemory(Path.of("/")), System::nanoTime);
    }

    /**
     * Puts a strategy in charge. While blocks live it takes over by zones: the free ones at once,
     * the others as they become free.
     *
     * @param binding the strategy
     * @throws RefusedException if it does not suit the pool, fails its trial, or no zone is free to
     *     start with; nothing changed then
     */
    public void useStrategy(StrategyBinding binding) {
        useStrategy(binding, null);
    }

    private void useStrategy(StrategyBinding binding, @Nullable StrategyBinding insteadOf) {
        long meant = poolBytes();
        AllocationStrategy strategy = StrategyTrial.prepare(binding, meant);
        long started = enter();
        try {
            checkOpen();
            if (pool.plan().poolBytes() != meant) {
                throw RefusedException.conflict(
                        "the pool of domain " + domain + " was resized meanwhile; try again");
            }
            if (insteadOf == null || pool.plan().binding().equals(insteadOf)) {
                pool.plan().install(binding, strategy);
            }
        } finally {
            leave(started);
        }
    }

    /**
     * Lets the built-in first-fit take over, as when the bundle of the strategy goes away. The
     * listener is told. Does nothing if first-fit is in charge already.
     *
     * @param reason why
     * @param message one sentence
     */
    public void fallBack(EjectionReason reason, String message) {
        underLock(() -> pool.plan().fallBack(reason, message));
    }

    /** Name of the strategy in charge; {@code FIRST_FIT} after an ejection. */
    public String activeStrategy() {
        return activeBinding().name();
    }

    /** The strategy in charge. */
    public StrategyBinding activeBinding() {
        return currentPlan().binding();
    }

    /**
     * Limits what can be used below the size of the pool. {@link Long#MAX_VALUE} lifts the limit.
     *
     * @param bytes the grant
     * @throws RefusedException RESOURCE_EXHAUSTED if more is used; nothing changed then
     */
    public void cap(long bytes) {
        if (bytes < 0) {
            throw RefusedException.outOfRange("memory", bytes, "0 or more bytes");
        }
        underLock(() -> {
            magazines.drainInside();
            pool.plan().cap(bytes);
            capBytes = bytes;
            reservations.roomMade();
        });
    }

    /** Size of the pool as configured, bytes. */
    public long poolBytes() {
        return currentPlan().poolBytes();
    }

    /**
     * Gives the pool another size, with live blocks; they stay where they are. A new instance of
     * the strategy takes over as in {@link #useStrategy}. What lies beyond a smaller size has to be
     * released first: the call waits for it for at most {@link PoolSizes#PATIENCE}.
     *
     * @param poolBytes the new size
     * @throws RefusedException BAD_USER_INPUT if the size is out of range; RESOURCE_EXHAUSTED if
     *     the machine cannot back it, if more is used or kept for tasks, or if blocks beyond it
     *     were not released in time; CONFLICT if the strategy does not take the size. Size and
     *     strategy are the former ones then
     */
    public void resize(long poolBytes) {
        sizes.change(poolBytes);
    }

    /**
     * Puts a new instance of the strategy in charge if the one there shares zones with a task that
     * cannot be stopped, so that those zones are left alone. Calls code of the strategy.
     */
    public void leaveQuarantinedZones() {
        if (!locked(() -> pool.plan().sharesQuarantinedZones())) {
            return;
        }
        StrategyBinding binding = activeBinding();
        try {
            useStrategy(binding, binding);
        } catch (RefusedException noFreeZone) {
            LOG.debug("domain={}: the strategy goes on beside a stuck task", domain, noFreeZone);
        }
    }

    /**
     * Opens the arena of one attempt of a task, for the calling thread. Cheap until something is
     * allocated.
     *
     * @param task the task
     * @return its arena; to be ended by {@link TaskArena#reclaim}
     */
    public TaskArena openArena(TaskId task) {
        return new TaskArena(this, task);
    }

    /** Memory kept for tasks that asked for it. */
    public TaskReservations reservations() {
        return reservations;
    }

    /** Handles on its blocks. */
    public PoolHandles handles() {
        return handles;
    }

    /** How long tasks waited for memory of this pool. */
    public MemoryWaits waits() {
        return waits;
    }

    /** Bytes the pool may still take from the machine. */
    public long unbackedBytes() {
        return locked(() -> Math.max(0, plan().totalBytes() - pool.residentBytes()));
    }

    /** Bytes used and the size in force, without asking the strategy. */
    public Use use() {
        return locked(() -> {
            long claimed = plan().usedBytes();
            long parked = Math.min(magazines.parkedBytes(), claimed);
            return new Use(claimed - parked, plan().totalBytes());
        });
    }

    /**
     * How full the pool is. Immutable.
     *
     * @param usedBytes bytes of live blocks, rounding included
     * @param totalBytes size in force
     */
    public record Use(long usedBytes, long totalBytes) {
        /** Of no pool at all. */
        public static final Use NONE = new Use(0, 0);
    }

    /** Which of its blocks are swapped out. */
    public PoolSwap swap() {
        return swap;
    }

    PoolPlan openPlan() {
        return openMapped().plan();
    }

    /** As {@link #mapped}, of a pool that is open; under the lock. */
    MappedPool openMapped() {
        checkOpen();
        return pool;
    }

    /** The plan in force, of a closed pool too. Under the lock. */
    PoolPlan plan() {
        return pool.plan();
    }

    PoolChecks checks() {
        return checks;
    }

    /** The arena has blocks, which it is to reclaim; under the lock. */
    void holdsBlocks(TaskArena arena) {
        arenas.add(arena);
    }

    /** Takes one block back, if it lives. */
    void release(long block) {
        underLock(() -> {
            if (pool.plan().lives(block)) {
                pool.plan().release(block);
                releaseIfDone();
            }
        });
    }

    /** Keeps one block back whose task ends, until it is released, if it lives. */
    void keepBack(long block) {
        boolean shared =
                locked(() -> {
                    if (pool.plan().lives(block)) {
                        pool.plan().keepBack(block);
                    }
                    return pool.plan().sharesQuarantinedZones();
                });
        if (shared) {
            listener.zonesQuarantined();
        }
    }

    /**
     * Keeps back the blocks of a task whose thread cannot be stopped: they stay valid for that
     * thread, nobody else gets them, and they count as leaked until {@link TaskArena#reclaim}, or
     * until a collection finds that the thread has ended. Further allocations of it are refused.
     *
     * @param arena its arena
     */
    public void quarantine(TaskArena arena) {
        arena.end();
        arena.settle();
        boolean shared =
                locked(() -> {
                    pool.plan().quarantine(arena.owner());
                    reservations.roomMade();
                    return pool.plan().sharesQuarantinedZones();
                });
        if (shared) {
            listener.zonesQuarantined();
        }
    }

    /** The pool, as it is now. */
    public MemoryMetrics metrics() {
        return locked(() ->
                pool.metrics(swapAccess.swappedBytes(), magazines.parkedBytes(), collections));
    }

    /**
     * Collects now, in steps: blocks of threads that have ended are taken back, and free zones that
     * were in use return to the machine. With {@code compact} movable blocks are moved together as
     * well, whatever the configuration says.
     *
     * @param compact whether to move blocks
     * @return what was done
     */
    public CollectionReport collect(boolean compact) {
        magazines.drain();
        leaveQuarantinedZones();
        return collector.collect(compact);
    }

    /** Collects this pool. */
    public PoolCollector collector() {
        return collector;
    }

    /**
     * Ends the pool. Its memory is unmapped at once, or with the last arena that still holds
     * blocks. Further arenas give nothing.
     */
    @Override
    public void close() {
        collector.end();
        handles.close();
        underLock(() -> {
            closed = true;
            magazines.drainInside();
            magazines.renew();
            releaseIfDone();
        });
    }

    MemorySegment allocate(TaskArena arena, long size, long align) {
        return makingRoom(size, align, () -> tryAllocate(arena, size, align));
    }

    /** Takes something of the pool, after room was made for it if that is in its way. */
    <T> T makingRoom(long size, long align, Supplier<T> take) {
        return rooms.make(size, align, take);
    }

    private MemorySegment tryAllocate(TaskArena arena, long size, long align) {
        MappedPool from;
        long offset;
        boolean clean;
        long started = enter();
        try {
            checkOpen();
            from = pool;
            PoolPlan plan = pool.plan();
            checks.alignment(plan, align);
            long wanted = Math.max(size, 1);
            long block = place(arena.owner(), wanted, align);
            if (block < 0) {
                throw checks.noRoom(plan, arena.owner(), block, wanted);
            }
            arenas.add(arena);
            offset = plan.offset(block);
            clean = pool.use(block, size);
        } finally {
            leave(started);
        }
        return from.hand(offset, size, clean, arena.confinement());
    }

    /**
     * Finds room for a block; if there is none, the blocks that magazines keep go back first. Under
     * the lock.
     */
    long place(BlockOwner owner, long size, long align) {
        long block = pool.plan().allocate(owner, size, align);
        if (block < 0 && block != PoolPlan.OVER_OWN_QUOTA && magazines.parkedBytes() > 0) {
            magazines.drainInside();
            block = pool.plan().allocate(owner, size, align);
        }
        return block;
    }

    /** Blocks kept ready for workers. */
    Magazines magazines() {
        return magazines;
    }

    /** Takes one block back; under the lock. */
    void releaseInside(long block) {
        pool.plan().release(block);
        releaseIfDone();
    }

    /** Under the lock. */
    boolean isOpen() {
        return !closed;
    }

    ReclaimReport reclaim(TaskArena arena) {
        arena.settle();
        ReclaimReport held =
                locked(() -> {
                    pool.plan().endReservation(arena.owner());
                    reservations.roomMade();
                    if (arena.owner().blocks() == 0) {
                        arenas.remove(arena);
                    }
                    return new ReclaimReport(arena.owner().bytes(), arena.owner().blocks());
                });
        for (boolean more = true; more; ) {
            long started = enter();
            try {
                more = pool.plan().releaseSome(arena.owner(), BLOCKS_PER_STEP);
                if (!more) {
                    arenas.remove(arena);
                    releaseIfDone();
                }
            } finally {
                leave(started);
            }
        }
        arena.finish();
        return held;
    }

    /** The memory and its plan; under the lock. */
    MappedPool mapped() {
        return pool;
    }

    /** Whether its memory can be touched; under the lock. */
    boolean isUsable() {
        return !released;
    }

    /** The size has changed. */
    void resized() {
        underLock(reservations::roomMade);
    }

    /** Takes other memory, when no block lives; what it had is to be released. Under the lock. */
    MappedPool replace(MappedPool other) {
        MappedPool former = pool;
        other.plan().cap(capBytes);
        pool = other;
        magazines.renew();
        return former;
    }

    long read(LongSupplier value) {
        return locked(value::getAsLong);
    }

    /** Arenas with blocks whose thread has ended without reclaiming them. */
    List<TaskArena> abandoned() {
        return locked(() -> arenas.stream().filter(TaskArena::threadEnded).toList());
    }

    MemoryMetrics collected() {
        return locked(() -> {
            pool.plan().settleReserve();
            return pool.metrics(swapAccess.swappedBytes(), magazines.parkedBytes(), ++collections);
        });
    }

    private PoolPlan currentPlan() {
        return locked(() -> pool.plan());
    }

    void checkOpen() {
        if (closed) throw checks.closed();
    }

    void releaseIfDone() {
        reservations.roomMade();
        if (closed && !released && pool.plan().liveBlocks() == 0) {
            released = true;
            pool.release();
            swap.close();
        }
    }

    private void underLock(Runnable work) {
        long started = enter();
        try {
            work.run();
        } finally {
            leave(started);
        }
    }

    <T> T locked(Supplier<T> work) {
        long started = enter();
        try {
            return work.get();
        } finally {
            leave(started);
        }
    }

    private long enter() {
        long started = nanoTime.getAsLong();
        lock.lock();
        return started;
    }

    private void leave(long started) {
        List<StrategyEjection> ejections = pool.plan().takeEjections();
        if (strategyChanges != pool.plan().changes()) {
            strategyChanges = pool.plan().changes();
            magazines.renew();
        }
        lock.unlock();
        for (StrategyEjection ejection : ejections) {
            listener.strategyEjected(
                    ejection.reason(),
                    ejection.message(),
                    ejection.report(),
                    Duration.ofNanos(nanoTime.getAsLong() - started));
        }
    }
}
