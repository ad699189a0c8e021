// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.memory.Lease;
import org.spicetime.runtime.api.memory.TaskMemory;

/** The pool of a domain as a task sees it: a closable arena, or a lease, for each block. */
abstract class TaskSubject<B extends AutoCloseable> implements Subject {
    private final TaskMemory memory;
    private @Nullable Object[] blocks = new Object[0];

    private TaskSubject(TaskMemory memory) {
        this.memory = memory;
    }

    /** One arena for each block. */
    static Subject arenas(TaskMemory memory) {
        return new Arenas(memory);
    }

    /** One lease for each block; it is not pinned. */
    static Subject leases(TaskMemory memory) {
        return new Leases(memory);
    }

    abstract B take(TaskMemory memory, int bytes);

    abstract void give(B block);

    @Override
    public boolean madeAnew() {
        return false;
    }

    @Override
    public void begin(int slots) {
        blocks = new Object[slots];
    }

    @Override
    public boolean put(int slot, int bytes) {
        try {
            blocks[slot] = take(memory, bytes);
            return true;
        } catch (RefusedException full) {
            return false;
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public void take(int slot) {
        Object block = blocks[slot];
        if (block != null) give((B) block);
        blocks[slot] = null;
    }

    @Override
    public void end() {
        for (int slot = 0; slot < blocks.length; slot++) take(slot);
        Arrays.fill(blocks, null);
    }

    private static final class Arenas extends TaskSubject<Arena> {
        Arenas(TaskMemory memory) {
            super(memory);
        }

        @Override
        public String name() {
            return "a domain, arena";
        }

        @Override
        Arena take(TaskMemory memory, int bytes) {
            Arena arena = memory.openArena();
            try {
                if (arena.allocate(bytes, 16).byteSize() != bytes)
                    throw new IllegalStateException("a segment has another size than asked for");
                return arena;
            } catch (RefusedException full) {
                arena.close();
                throw full;
            }
        }

        @Override
        void give(Arena block) {
            block.close();
        }
    }

    private static final class Leases extends TaskSubject<Lease> {
        Leases(TaskMemory memory) {
            super(memory);
        }

        @Override
        public String name() {
            return "a domain, lease";
        }

        @Override
        Lease take(TaskMemory memory, int bytes) {
            return memory.lease(bytes, 16);
        }

        @Override
        void give(Lease block) {
            block.close();
        }
    }
}
