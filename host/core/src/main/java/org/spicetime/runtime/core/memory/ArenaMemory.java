// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;

/** Memory of a shared arena, for systems without anonymous mappings. Thread-safe. */
final class ArenaMemory implements PoolMemory {
    private final Arena arena;
    private final MemorySegment segment;

    private ArenaMemory(Arena arena, MemorySegment segment) {
        this.arena = arena;
        this.segment = segment;
    }

    static ArenaMemory allocate(long bytes, long alignment) {
        Arena arena = Arena.ofShared();
        try {
            return new ArenaMemory(arena, arena.allocate(bytes, alignment));
        } catch (OutOfMemoryError noMemory) {
            arena.close();
            throw new RefusedException(
                    RuntimeErrorCode.RESOURCE_EXHAUSTED,
                    "the JVM cannot allocate %d bytes outside the heap: %s"
                            .formatted(bytes, noMemory.getMessage()),
                    Map.of("requested", bytes));
        }
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public boolean discard(long offset, long length) {
        return false;
    }

    @Override
    public boolean resize(long bytes) {
        return false;
    }

    @Override
    public void release() {
        arena.close();
    }
}
