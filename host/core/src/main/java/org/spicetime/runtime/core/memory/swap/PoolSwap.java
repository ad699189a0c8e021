// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.SwapPolicy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.memory.handle.BlockState;
import org.spicetime.runtime.core.memory.handle.Movable;
import org.spicetime.runtime.core.memory.handle.Movables;
import org.spicetime.runtime.core.memory.handle.SwapSpace;
import org.spicetime.runtime.core.memory.pressure.MemoryWaits;
import org.spicetime.runtime.core.waiting.OffSlot;

/**
 * Swapping of one pool. A block leaves the pool only after its bytes are in the file as a whole, so
 * a file that fails loses nothing; from then on nothing more is swapped out, and a full pool
 * refuses as it does without swapping. A block comes back when it is pinned, in exchange for others
 * if the pool is full. Blocks smaller than {@value #SMALLEST_BYTES} bytes, and those of tasks that
 * have memory kept for them, stay.
 *
 * <p>Thread-safe. Files are read and written without a lock, by the threads that need it.
 */
public final class PoolSwap implements SwapSpace, Movables.Listener, AutoCloseable {
    /** Smaller blocks are not swapped out. */
    static final long SMALLEST_BYTES = SlotMap.SLOT_BYTES;

    private static final Logger LOG = LoggerFactory.getLogger(PoolSwap.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long NAP_NANOS = 500_000;

    /** At most this part of the file is kept for exchange. */
    private static final int MOST_RESERVE = 4;

    /** Makes the file of a pool. */
    @FunctionalInterface
    interface FileSource {
        SwapChannel open() throws IOException;
    }

    private final DomainId domain;
    private final SwapErrors errors;
    private final SwapPool pool;
    private final Movables movables;
    private final MemoryWaits waits;
    private final LongSupplier nanoTime;
    private final SwappableBlocks blocks = new SwappableBlocks();
    private final ThrashGuard guard;
    private final LongAdder swapOuts = new LongAdder();
    private final LongAdder swapIns = new LongAdder();

    private volatile SwapListener listener = SwapListener.NONE;
    private volatile @Nullable SwapFile file;
    private volatile @Nullable String failure;
    private volatile boolean observesPins;

    /* Although it failed, because it could not grow. */
    private volatile boolean writable;

    private volatile boolean toldThrashing;

    /* Guarded by this, as are changes of the file. */
    private boolean listening;

    /**
     * Of a pool that swaps nothing until {@link #configure}.
     *
     * @param domain whose pool
     * @param pool the pool
     * @param movables its movable blocks
     * @param waits hears how long tasks wait for blocks that come back
     * @param nanoTime the clock of the pool
     */
    public PoolSwap(
            DomainId domain,
            SwapPool pool,
            Movables movables,
            MemoryWaits waits,
            LongSupplier nanoTime) {
        this.domain = domain;
        this.errors = new SwapErrors(domain);
        this.pool = pool;
        this.movables = movables;
        this.waits = waits;
        this.nanoTime = nanoTime;
        guard = new ThrashGuard(nanoTime, blocks::pins);
    }

    /** Who hears of failures from now on. */
    public void listener(SwapListener next) {
        listener = next;
    }

    /**
     * Swaps from now on as that policy says. What is swapped out stays so until it is pinned, under
     * every policy. Swapping that was switched off by a failure begins anew.
     *
     * @param policy which blocks go first; NONE: nothing is swapped out
     * @param limitBytes most bytes of the file; positive
     * @param directory where the file is made, if there is none yet
     * @throws RefusedException RESOURCE_EXHAUSTED with {@code reason: SWAP_UNAVAILABLE} if a file
     *     cannot be made; nothing changed then
     */
    public void configure(SwapPolicy policy, long limitBytes, SwapDirectory directory) {
        configure(policy, limitBytes, directory::open);
    }

    synchronized void configure(SwapPolicy policy, long limitBytes, FileSource files) {
        if (policy == SwapPolicy.NONE) {
            observesPins = false;
            blocks.use(SwapPolicy.NONE);
            trim();
            return;
        }
        SwapFile used = file;
        if (used == null) {
            try {
                used = new SwapFile(files.open(), limitBytes);
            } catch (IOException notMade) {
                throw errors.notMade(notMade, limitBytes);
            }
            file = used;
        }
        used.limit(limitBytes);
        failure = null;
        blocks.use(policy);
        observesPins = blocks.countsPins();
        if (!listening) {
            listening = true;
            movables.swapSpace(this);
            movables.listen(this);
        }
    }

    /** The policy in force. */
    public SwapPolicy policy() {
        return blocks.policy();
    }

    /** Why nothing is swapped out although a policy is set; null: it is. */
    public @Nullable String failure() {
        return failure;
    }

    /**
     * Whether the pool does little else but exchange blocks. Then allocations swap nothing out any
     * more, and the domain should begin nothing new. Begins and ends by itself; to be asked now and
     * then, so that the listener hears of the end.
     */
    public boolean thrashing() {
        boolean now = guard.thrashing();
        if (now != toldThrashing) {
            toldThrashing = now;
            listener.thrashing(now, guard.ratio());
        }
        return now;
    }

    /** Blocks that were swapped out so far. */
    public long swapOuts() {
        return swapOuts.sum();
    }

    /** Blocks that were read back so far. */
    public long swapIns() {
        return swapIns.sum();
    }

    /**
     * Swaps blocks out for an allocation that found no room. Nothing happens while the pool is
     * thrashing. No lock may be held.
     *
     * @param bytes how much room is wanted
     * @return how much was made; 0: none
     */
    public long makeRoom(long bytes) {
        return thrashing() ? 0 : evict(bytes, false);
    }

    /**
     * Swaps blocks out because somebody asks for it.
     *
     * @param bytes at least so many, as far as there are
     * @return how many
     * @throws RefusedException CONFLICT if no policy is set, RESOURCE_EXHAUSTED with {@code reason:
     *     SWAP_UNAVAILABLE} while swapping is switched off because the file failed
     */
    public long swapOut(long bytes) {
        if (policy() == SwapPolicy.NONE) {
            throw errors.noPolicy();
        }
        long done = evict(bytes, false);
        String why = failure;
        if (done == 0 && why != null) {
            throw errors.switchedOff(why);
        }
        return done;
    }

    /* In exchange for a block that comes back, room is used that is kept in the file for that; so
    blocks can be reached although the file has reached its limit, or could not grow. */
    private long evict(long bytes, boolean exchange) {
        SwapFile to = file;
        if (to == null || failure != null && !(exchange && writable)) {
            return 0;
        }
        long reserve = exchange ? 0 : Math.min(2 * blocks.largest(), to.limit() / MOST_RESERVE);
        long made = 0;
        try (SwappableBlocks.Round round = blocks.round()) {
            SwappableBlock block = made < bytes ? round.next() : null;
            while (block != null) {
                long freed = block.stays() ? 0 : swapOut(block, to, reserve);
                if (freed > 0) {
                    round.left();
                    made += freed;
                }
                block = made < bytes ? round.next() : null;
            }
        } catch (SwapFullException full) {
            LOG.debug("domain={} {}", domain, full.getMessage());
        } catch (IOException failed) {
            fail("nothing more is swapped out, because the swap file cannot be written", failed);
            writable = to.stuck();
        }
        return made;
    }

    /** How many bytes that gave back to the pool; 0: it is in use. */
    private long swapOut(SwappableBlock block, SwapFile to, long reserve) throws IOException {
        Movable handle = block.handle();
        if (!handle.tryFreeze()) {
            return 0;
        }
        boolean left = false;
        try {
            StoredBlock stored = to.write(pool.bytes(handle.offset(), handle.byteSize()), reserve);
            long freed = leave(handle, stored, to);
            block.left(stored, freed);
            handle.left(block.id());
            left = true;
            swapOuts.increment();
            return freed;
        } finally {
            if (left) {
                handle.swappedOut();
            } else {
                handle.thaw();
            }
        }
    }

    private long leave(Movable handle, StoredBlock stored, SwapFile to) {
        movables.leaves(handle);
        try {
            return pool.leave(handle.owner().account(), handle.block());
        } catch (RuntimeException refused) {
            movables.returned(handle);
            to.free(stored);
            throw refused;
        }
    }

    @Override
    public void bringBack(Movable handle) {
        guard.faulted();
        thrashing();
        long began = waits.begin();
        try {
            SwapPool.Place place = place(handle, began);
            if (place != null) {
                readBack(handle, place);
            }
        } finally {
            waits.end(began);
        }
    }

    /** Room for a block that comes back; null: it is not swapped out any more. */
    private SwapPool.@Nullable Place place(Movable handle, long began) {
        while (handle.state() == BlockState.State.SWAPPED) {
            RefusedException refused;
            try {
                return pool.enter(handle.owner().account(), handle.byteSize(), handle.alignment());
            } catch (RefusedException noRoom) {
                refused = noRoom;
            }
            if (refused.code() == RuntimeErrorCode.SCHEDULER_ERROR) {
                throw refused;
            }
            if (evict(handle.byteSize(), true) == 0) {
                boolean late = nanoTime.getAsLong() - began >= PATIENCE.toNanos();
                if (late || Thread.currentThread().isInterrupted()) {
                    throw errors.allPinned(handle, refused);
                }
                try (OffSlot _ = OffSlot.leave(WaitReason.MEMORY, null)) {
                    LockSupport.parkNanos(this, NAP_NANOS);
                }
            }
        }
        return null;
    }

    private void readBack(Movable handle, SwapPool.Place place) {
        SwappableBlock block = handle.tryRecall() ? blocks.find(handle) : null;
        StoredBlock stored = block == null ? null : block.stored();
        SwapFile from = file;
        if (block == null || stored == null || from == null) {
            pool.release(place.block());
            return;
        }
        boolean back = false;
        try {
            from.read(stored, pool.bytes(place.offset(), handle.byteSize()));
            pool.settle(block.account(), block.storedSize());
            block.cameBack();
            handle.cameBack(place.block(), place.offset());
            movables.returned(handle);
            back = true;
        } catch (DamagedBlockException damaged) {
            RefusedException lost = errors.damaged(handle, damaged);
            String message = String.valueOf(lost.getMessage());
            LOG.error("{}", message, damaged);
            listener.swapDamaged(handle.owner().task(), message);
            throw lost;
        } catch (IOException failed) {
            writable = false;
            fail("nothing more is swapped out, because the swap file cannot be read", failed);
            throw errors.unreadable(handle, failed);
        } finally {
            if (back) {
                handle.thawRecalled();
            } else {
                handle.swappedOut();
                pool.release(place.block());
            }
        }
        from.free(stored);
        blocks.returned(block);
        swapIns.increment();
    }

    @Override
    public void discard(Movable handle) {
        SwappableBlock block = blocks.find(handle);
        StoredBlock stored = block == null ? null : block.stored();
        SwapFile from = file;
        if (block != null && stored != null && from != null && blocks.end(block)) {
            pool.settle(block.account(), block.storedSize());
            from.free(stored);
        }
    }

    @Override
    public boolean observesPins() {
        return observesPins;
    }

    @Override
    public void pinned(Movable handle) {
        blocks.pinned(handle);
    }

    @Override
    public void added(Movable handle) {
        if (handle.byteSize() >= SMALLEST_BYTES) {
            blocks.add(handle);
        }
    }

    /** Of a swapped block {@link #discard} is told as well, and does it: it may be slow. */
    @Override
    public void removed(Movable handle) {
        SwappableBlock block = blocks.find(handle);
        if (block != null && block.stored() == null) {
            blocks.end(block);
        }
    }

    /** Ends swapping for good, when no block of the pool lives. */
    @Override
    public synchronized void close() {
        SwapFile ending = file;
        file = null;
        blocks.use(SwapPolicy.NONE);
        if (ending != null) {
            try {
                ending.close();
            } catch (IOException notClosed) {
                LOG.warn("domain={} the swap file could not be closed", domain, notClosed);
            }
        }
    }

    private void fail(String what, IOException why) {
        String message = errors.failure(what, why);
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = message;
        }
        LOG.warn("{}", message, why);
        listener.swapFailed(message);
    }

    private void trim() {
        SwapFile used = file;
        if (used != null) {
            try {
                used.trim();
            } catch (IOException notCut) {
                LOG.warn("domain={} the swap file could not be cut off", domain, notCut);
            }
        }
    }
}
