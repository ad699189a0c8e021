// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.time.Duration;
import java.util.List;
import org.spicetime.runtime.api.memory.MovableBlock;
import org.spicetime.runtime.api.memory.Pin;
import org.spicetime.runtime.core.memory.handle.BlockState.State;
import org.spicetime.runtime.kernel.task.Now;

/** A block that may be moved and swapped out. Thread-safe. */
final class MovableHandle extends Handle implements MovableBlock {
    private final Movable movable;
    private final Duration pinDeadline;

    MovableHandle(TaskHandles holder, Movable movable, Duration pinDeadline) {
        super(holder, movable, movable.byteSize());
        this.movable = movable;
        this.pinDeadline = pinDeadline;
    }

    @Override
    public Duration pinDeadline() {
        return pinDeadline;
    }

    @Override
    public Pin pin() {
        holder.checkUser(this);
        Movables movables = holder.pool().movables();
        while (true) {
            switch (movable.tryPin()) {
                case PINNED -> {
                    movable.used();
                    SwapSpace space = movables.swapSpace();
                    if (space != null && space.observesPins()) {
                        space.pinned(movable);
                    }
                    return pinned();
                }
                case RESIDENT -> throw new AssertionError("not pinned");
                case FROZEN -> movable.awaitThaw();
                case SWAPPED -> bringBack(movables);
                case FREED -> throw gone();
            }
        }
    }

    List<BlockPin> overduePins(long nowNanos) {
        long deadline = Now.saturatedNanos(pinDeadline);
        return pins().stream().filter(pin -> nowNanos - pin.sinceNanos() > deadline).toList();
    }

    private void bringBack(Movables movables) {
        SwapSpace space = movables.swapSpace();
        if (space == null) {
            throw new IllegalStateException(what() + " is swapped out, and there is no swap file");
        }
        space.bringBack(movable);
    }

    @Override
    long address() {
        return holder.blocks().address(movable.offset());
    }

    @Override
    void freed(State was, boolean withOwner) {
        long block = movable.block();
        Movables movables = holder.pool().movables();
        movables.remove(movable, block);
        if (was == State.SWAPPED) {
            SwapSpace space = movables.swapSpace();
            if (space != null) {
                space.discard(movable);
            }
        } else if (!withOwner) {
            holder.blocks().release(block);
        }
    }

    @Override
    void keepBack() {
        holder.blocks().keepBack(movable.block());
    }

    @Override
    String kind() {
        return "movable blocks";
    }

    @Override
    String what() {
        return "the movable block of " + byteSize() + " bytes";
    }
}
