// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import org.spicetime.runtime.api.memory.Lease;
import org.spicetime.runtime.api.memory.Pin;
import org.spicetime.runtime.core.memory.handle.BlockState.State;

/** A block for one user at a time. Thread-safe. */
final class LeaseHandle extends Handle implements Lease {
    private final BlockSource.Block block;

    LeaseHandle(TaskHandles holder, BlockSource.Block block, long byteSize) {
        super(holder, new BlockState(), byteSize);
        this.block = block;
    }

    @Override
    public Pin pin() {
        holder.checkUser(this);
        return switch (state().tryPinAlone()) {
            case RESIDENT -> pinned();
            case PINNED -> throw inUse("a lease has one user at a time");
            case FROZEN, SWAPPED, FREED -> throw gone();
        };
    }

    @Override
    long address() {
        return holder.blocks().address(block.offset());
    }

    @Override
    void freed(State was, boolean withOwner) {
        if (!withOwner) {
            holder.blocks().release(block.id());
        }
    }

    @Override
    void keepBack() {
        holder.blocks().keepBack(block.id());
    }

    @Override
    String kind() {
        return "leases";
    }

    @Override
    String what() {
        return "the lease of " + byteSize() + " bytes";
    }
}
