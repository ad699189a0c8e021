// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.util.List;
import org.spicetime.runtime.api.memory.Pin;
import org.spicetime.runtime.core.memory.handle.BlockState.State;

/*
 * Who brings the state word to FREED gives the block back, once. What a task leaves is freed at its
 * end; if a thread that still runs has it pinned then, the block is kept back and whoever ends the
 * last pin frees it, or a sweep does when that thread has ended.
 */
/** A handle on a block. Thread-safe. */
abstract class Handle extends Held {
    private final BlockState state;
    private final long byteSize;
    private final Pins pins = new Pins();

    /* Whether the task ended while somebody else had it pinned. */
    private volatile boolean stuck;

    Handle(TaskHandles holder, BlockState state, long byteSize) {
        super(holder);
        this.state = state;
        this.byteSize = byteSize;
    }

    /** Where its bytes are now; pinned. */
    abstract long address();

    /**
     * It is freed, by this call alone: what it stands for goes back.
     *
     * @param was RESIDENT or SWAPPED
     * @param withOwner whether the whole account of the task goes back right after
     */
    abstract void freed(State was, boolean withOwner);

    /** The task has ended, and somebody still reaches the bytes. */
    abstract void keepBack();

    public final long byteSize() {
        return byteSize;
    }

    final BlockState state() {
        return state;
    }

    final List<BlockPin> pins() {
        return pins.open();
    }

    /** The state word has one more pin, of the calling thread; which is its. */
    final Pin pinned() {
        BlockPin pin;
        try {
            if (holder.ended()) {
                throw gone();
            }
            PoolHandles pool = holder.pool();
            pin = new BlockPin(this, address(), byteSize, pool.nanoTime());
            pins.add(pin);
        } catch (Throwable failed) {
            unpinned();
            throw failed;
        }
        return pin;
    }

    final void unpin(BlockPin pin) {
        if (pins.remove(pin)) {
            unpinned();
        }
    }

    private void unpinned() {
        state.unpin();
        if (stuck) {
            freeIfUnpinned();
        }
    }

    public final void close() {
        holder.checkUser(this);
        while (true) {
            State was = state.tryFree();
            switch (was) {
                case RESIDENT, SWAPPED -> {
                    holder.forget(this);
                    freed(was, false);
                    return;
                }
                case FROZEN -> state.awaitThaw();
                case PINNED -> throw inUse("close the pin first");
                case FREED -> throw gone();
            }
        }
    }

    final IllegalStateException inUse(String whatToDo) {
        List<BlockPin> open = pins.open();
        String by = open.isEmpty() ? "" : " by thread " + open.getFirst().thread().getName();
        return new IllegalStateException(what() + " is pinned" + by + "; " + whatToDo);
    }

    @Override
    boolean leaks() {
        return state.state() != State.FREED;
    }

    @Override
    final long leakedBytes() {
        return byteSize;
    }

    @Override
    final void end() {
        while (true) {
            State was = state.tryFree();
            switch (was) {
                case RESIDENT, SWAPPED -> {
                    freed(was, true);
                    return;
                }
                case FROZEN -> state.awaitThaw();
                case FREED -> {
                    return;
                }
                case PINNED -> {
                    if (!revokePins() && remainsPinned()) {
                        return;
                    }
                }
            }
        }
    }

    /** Whether at least one pin is gone. */
    private boolean revokePins() {
        boolean some = false;
        for (BlockPin pin : pins.open()) {
            if (pin.revoke() && pins.remove(pin)) {
                state.unpin();
                some = true;
            }
        }
        return some;
    }

    private boolean remainsPinned() {
        stuck = true;
        if (state.pins() == 0) {
            return false;
        }
        holder.pool().stuck().add(this);
        keepBack();
        return true;
    }

    /** Threads that had it pinned may have ended. Any thread. */
    final void sweep() {
        for (BlockPin pin : pins.open()) {
            if (!pin.thread().isAlive() && pins.remove(pin)) {
                state.unpin();
            }
        }
        freeIfUnpinned();
    }

    private void freeIfUnpinned() {
        State was = state.tryFree();
        if (was == State.RESIDENT || was == State.SWAPPED) {
            freed(was, false);
        }
        if (was != State.PINNED && was != State.FROZEN) {
            holder.pool().stuck().remove(this);
        }
    }
}
