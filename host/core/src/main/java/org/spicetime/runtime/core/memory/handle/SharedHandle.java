// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import org.spicetime.runtime.api.memory.Pin;
import org.spicetime.runtime.api.memory.SharedBlock;
import org.spicetime.runtime.core.memory.handle.BlockState.State;

/** A hold of a task on a shared block. Thread-safe. */
final class SharedHandle extends Handle implements SharedBlock {
    private final Shared shared;

    SharedHandle(TaskHandles holder, Shared shared) {
        super(holder, new BlockState(), shared.byteSize());
        this.shared = shared;
    }

    @Override
    public String id() {
        return shared.id();
    }

    @Override
    public Pin pin() {
        holder.checkUser(this);
        return switch (state().tryPin()) {
            case PINNED -> pinned();
            case RESIDENT, FROZEN, SWAPPED, FREED -> throw gone();
        };
    }

    @Override
    long address() {
        return holder.pool().shared().blocks().address(shared.block().offset());
    }

    @Override
    void freed(State was, boolean withOwner) {
        PoolHandles pool = holder.pool();
        if (holder.ended()) {
            pool.shared().orphan(shared, pool.nanoTime());
        } else {
            pool.shared().drop(shared);
        }
    }

    /** The hold lasts as long as the pin: nothing to do. */
    @Override
    void keepBack() {}

    /** A block of the domain is no leak of the task. */
    @Override
    boolean leaks() {
        return false;
    }

    @Override
    String kind() {
        return "shared blocks";
    }

    @Override
    String what() {
        return "the hold on shared block " + shared.id();
    }
}
