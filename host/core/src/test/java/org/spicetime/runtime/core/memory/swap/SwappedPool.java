// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.core.memory.handle.BlockState;
import org.spicetime.runtime.core.memory.handle.HandleOwner;
import org.spicetime.runtime.core.memory.handle.Movable;
import org.spicetime.runtime.core.memory.handle.Movables;
import org.spicetime.runtime.core.memory.pressure.MemoryWaits;
import org.spicetime.runtime.kernel.memory.BlockOwner;
import org.spicetime.runtime.kernel.memory.PoolPlan;
import org.spicetime.runtime.kernel.memory.SwapLedger;

/** The kernel's plan over memory of an arena, with movable blocks and swapping. Thread-safe. */
final class SwappedPool implements SwapPool, AutoCloseable {
    static final int MIB = 1 << 20;

    final Movables movables = new Movables();
    final PoolSwap swap;
    final List<String> failures = new ArrayList<>();
    final List<String> damages = new ArrayList<>();
    final List<Boolean> thrashing = new ArrayList<>();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    // Guarded by this.
    private final PoolPlan plan;
    private final SwapLedger ledger = new SwapLedger();

    SwappedPool(long bytes, LongSupplier nanoTime) {
        plan = new PoolPlan(bytes);
        memory = arena.allocate(plan.mappedBytes(), 4096);
        swap =
                new PoolSwap(
                        DomainId.of("swap-test"),
                        this,
                        movables,
                        new MemoryWaits(nanoTime),
                        nanoTime);
        swap.listener(
                new SwapListener() {
                    @Override
                    public void swapFailed(String message) {
                        failures.add(message);
                    }

                    @Override
                    public void swapDamaged(TaskId task, String message) {
                        damages.add(message);
                    }

                    @Override
                    public void thrashing(boolean begins, double ratio) {
                        SwappedPool.this.thrashing.add(begins);
                    }
                });
    }

    static HandleOwner owner(int priority) {
        return new HandleOwner(
                TaskId.of(Instant.EPOCH, new Random()), priority, new BlockOwner(priority));
    }

    /** A block whose bytes are zero, made room for by swapping if need be. */
    Movable block(HandleOwner owner, long bytes) {
        while (true) {
            try {
                Place place = enter(owner.account(), bytes, 16);
                bytes(place.offset(), bytes).fill((byte) 0);
                Movable handle = new Movable(owner, bytes, 16, place.block(), place.offset());
                movables.add(handle);
                return handle;
            } catch (RefusedException full) {
                if (swap.makeRoom(bytes) == 0) {
                    throw full;
                }
            }
        }
    }

    /** Does something with the bytes of a block, as a pin of a task does. */
    void pinned(Movable handle, Consumer<MemorySegment> use) {
        pin(handle);
        try {
            use.accept(bytes(handle.offset(), handle.byteSize()));
        } finally {
            handle.unpin();
        }
    }

    void pin(Movable handle) {
        while (true) {
            switch (handle.tryPin()) {
                case PINNED -> {
                    if (swap.observesPins()) {
                        swap.pinned(handle);
                    }
                    return;
                }
                case FROZEN -> handle.awaitThaw();
                case SWAPPED -> swap.bringBack(handle);
                default -> throw new IllegalStateException(handle.state().toString());
            }
        }
    }

    void fill(Movable handle, long pattern) {
        pinned(
                handle,
                bytes -> {
                    for (long at = 0; at + 8 <= bytes.byteSize(); at += 8) {
                        bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, at, pattern + at);
                    }
                });
    }

    /** The pattern a block was filled with, which all of it must still show. */
    long pattern(Movable handle) {
        long[] found = new long[1];
        pinned(
                handle,
                bytes -> {
                    long first = bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
                    for (long at = 0; at + 8 <= bytes.byteSize(); at += 8) {
                        long expected = first + at;
                        if (bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at) != expected) {
                            throw new AssertionError(
                                    "other bytes at " + at + " of " + handle.byteSize());
                        }
                    }
                    found[0] = first;
                });
        return found[0];
    }

    /** Ends a block that nobody has pinned, as its handle does. */
    void free(Movable handle) {
        BlockState.State was = handle.tryFree();
        while (was == BlockState.State.FROZEN) {
            handle.awaitThaw();
            was = handle.tryFree();
        }
        long block = handle.block();
        movables.remove(handle, block);
        if (was == BlockState.State.SWAPPED) {
            swap.discard(handle);
        } else if (was == BlockState.State.RESIDENT) {
            release(block);
        } else {
            throw new IllegalStateException(was.toString());
        }
    }

    synchronized long usedBytes() {
        return plan.usedBytes();
    }

    synchronized long swappedBytes() {
        return ledger.bytes();
    }

    synchronized long heldBytes(HandleOwner owner) {
        return owner.account().bytes() + owner.account().swappedBytes();
    }

    synchronized boolean reserve(HandleOwner owner, long bytes) {
        return plan.reserve(owner.account(), bytes);
    }

    @Override
    public MemorySegment bytes(long offset, long size) {
        return memory.asSlice(offset, size);
    }

    @Override
    public synchronized long leave(BlockOwner owner, long block) {
        long size = plan.size(block);
        plan.release(block);
        ledger.left(owner, size);
        return size;
    }

    @Override
    public synchronized Place enter(BlockOwner owner, long size, long alignment) {
        long block = plan.allocate(owner, size, alignment);
        if (block < 0) {
            throw new RefusedException(
                    RuntimeErrorCode.MEMORY_PRESSURE,
                    "the pool is full",
                    Map.of("level", "CRITICAL", "available", plan.availableBytes()));
        }
        return new Place(block, plan.offset(block));
    }

    @Override
    public synchronized void release(long block) {
        if (plan.lives(block)) {
            plan.release(block);
        }
    }

    @Override
    public synchronized void settle(BlockOwner owner, long bytes) {
        ledger.settled(owner, bytes);
    }

    @Override
    public void close() {
        swap.close();
        arena.close();
    }
}
