// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.SwapPolicy;
import org.spicetime.runtime.core.memory.handle.BlockState;
import org.spicetime.runtime.core.memory.handle.Movable;

/**
 * The blocks of a pool that may be swapped out, their small numbers, and the order in which they
 * go. Thread-safe; its lock is a leaf: nothing else is entered with it.
 */
final class SwappableBlocks implements BlockView {
    private final Map<Movable, SwappableBlock> byHandle = new ConcurrentHashMap<>();

    // Guarded by this.
    private final PriorityQueue<Integer> freeIds = new PriorityQueue<>();
    private @Nullable SwappableBlock[] byId = new @Nullable SwappableBlock[64];
    private int ids;
    private @Nullable VictimSelector selector;
    private long pins;

    private volatile long largest;
    private volatile SwapPolicy policy = SwapPolicy.NONE;

    SwapPolicy policy() {
        return policy;
    }

    /** Blocks go in another order from now on. */
    synchronized void use(SwapPolicy next) {
        if (next == policy) {
            return;
        }
        VictimSelector chosen = next == SwapPolicy.NONE ? null : VictimSelector.of(next, this);
        for (int id = 0; chosen != null && id < ids; id++) {
            SwappableBlock block = byId[id];
            if (block != null && !block.away) {
                chosen.added(id);
            }
        }
        selector = chosen;
        policy = next;
    }

    /** Whether {@link #pinned} is to be called. */
    synchronized boolean countsPins() {
        return selector != null && selector.countsPins();
    }

    /** Size of the largest block there was, bytes. */
    long largest() {
        return largest;
    }

    /** The block of a handle; null: it cannot be swapped out, or is nobody's. */
    @Nullable SwappableBlock find(Movable handle) {
        return byHandle.get(handle);
    }

    /** A block lives; twice does nothing. */
    synchronized void add(Movable handle) {
        if (byHandle.containsKey(handle)) {
            return;
        }
        Integer free = freeIds.poll();
        int id = free == null ? ids++ : free;
        if (id == byId.length) {
            byId = Arrays.copyOf(byId, id * 2);
        }
        SwappableBlock block = new SwappableBlock(handle, id);
        byId[id] = block;
        byHandle.put(handle, block);
        largest = Math.max(largest, handle.byteSize());
        if (selector != null) {
            selector.added(id);
        }
        if (handle.state() == BlockState.State.FREED) {
            end(block);
        }
    }

    /** A block is nobody's any more; whether it was known. */
    synchronized boolean end(SwappableBlock block) {
        if (!byHandle.remove(block.handle(), block)) {
            return false;
        }
        count(block);
        byId[block.id()] = null;
        freeIds.add(block.id());
        if (selector != null) {
            selector.ended(block.id());
        }
        return true;
    }

    /** A block that was swapped out is back. */
    synchronized void returned(SwappableBlock block) {
        if (byId[block.id()] == block) {
            block.away = false;
            if (selector != null) {
                selector.added(block.id());
            }
        }
    }

    void pinned(Movable handle) {
        SwappableBlock block = find(handle);
        if (block != null) {
            pinned(block);
        }
    }

    private synchronized void pinned(SwappableBlock block) {
        if (selector != null && byId[block.id()] == block) {
            selector.pinned(block.id());
        }
    }

    /** Pins of all blocks there are and were, about. */
    synchronized long pins() {
        for (SwappableBlock block : byHandle.values()) {
            count(block);
        }
        return pins;
    }

    private void count(SwappableBlock block) {
        int uses = block.handle().uses();
        pins += uses - block.countedPins;
        block.countedPins = uses;
    }

    @Override
    public boolean takeReference(int id) {
        return there(id).handle().takeReferenced();
    }

    @Override
    public Object owner(int id) {
        return there(id).handle().owner();
    }

    @Override
    public int priority(int id) {
        return there(id).handle().owner().priority();
    }

    private SwappableBlock there(int id) {
        SwappableBlock block = byId[id];
        if (block == null) {
            throw new IllegalStateException("there is no block " + id);
        }
        return block;
    }

    private synchronized @Nullable SwappableBlock select() {
        int id = selector == null ? VictimSelector.NONE : selector.next();
        if (id == VictimSelector.NONE) {
            return null;
        }
        SwappableBlock block = there(id);
        block.away = true;
        return block;
    }

    private synchronized void spare(SwappableBlock block) {
        if (byId[block.id()] == block) {
            block.away = false;
            if (selector != null) {
                selector.spared(block.id());
            }
        }
    }

    /** Looks for blocks that can go; each is shown once. */
    Round round() {
        return new Round();
    }

    /**
     * A search. Used by one thread; what it showed and did not go is in the order again at the end.
     */
    final class Round implements AutoCloseable {
        private final List<SwappableBlock> spared = new ArrayList<>();
        private @Nullable SwappableBlock current;

        /** The next block to try; null: there is none. */
        @Nullable SwappableBlock next() {
            settle();
            current = select();
            return current;
        }

        /** The one shown last is swapped out. */
        void left() {
            current = null;
        }

        private void settle() {
            if (current != null) {
                spared.add(current);
                current = null;
            }
        }

        @Override
        public void close() {
            settle();
            spared.forEach(SwappableBlocks.this::spare);
        }
    }
}
