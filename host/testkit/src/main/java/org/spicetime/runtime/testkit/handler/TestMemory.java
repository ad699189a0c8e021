// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.handler;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.memory.Lease;
import org.spicetime.runtime.api.memory.MovableBlock;
import org.spicetime.runtime.api.memory.Pin;
import org.spicetime.runtime.api.memory.SharedBlock;
import org.spicetime.runtime.api.memory.TaskMemory;

/**
 * The memory of an attempt under test: real bytes, and the misuse that the host refuses is refused.
 * It never runs out. Called by one thread at a time.
 */
final class TestMemory implements TaskMemory {
    private final Map<String, Bytes> shared = new HashMap<>();
    private int open;
    private int ids;
    private long used;
    private long peak;

    /** Bytes of a block, and how many hold it. */
    private static final class Bytes {
        private final MemorySegment segment;
        private int holds;

        Bytes(long size, long alignment) {
            segment = Arena.ofAuto().allocate(size, alignment);
        }
    }

    /** Arenas and handles that are open now. */
    int open() {
        return open;
    }

    @Override
    public Arena openArena() {
        return new CountedArena();
    }

    @Override
    public Lease lease(long bytes, long alignment) {
        return new Block("lease", bytes(bytes, alignment), 1, PIN_DEADLINE);
    }

    @Override
    public Lease lease(long bytes, long alignment, Duration timeout) {
        return lease(bytes, alignment);
    }

    @Override
    public SharedBlock share(long bytes, long alignment) {
        String id = "%032x".formatted(++ids);
        Bytes block = bytes(bytes, alignment);
        shared.put(id, block);
        return new Block(id, block, Integer.MAX_VALUE, PIN_DEADLINE);
    }

    @Override
    public SharedBlock share(long bytes, long alignment, Duration timeout) {
        return share(bytes, alignment);
    }

    @Override
    public SharedBlock attach(String id) {
        Bytes block = shared.get(id);
        if (block == null || block.holds == 0) {
            throw new RefusedException(
                    RequestErrorCode.NOT_FOUND, "no shared block " + id + " lives here", Map.of());
        }
        return new Block(id, block, Integer.MAX_VALUE, PIN_DEADLINE);
    }

    @Override
    public MovableBlock movable(long bytes, long alignment) {
        return movable(bytes, alignment, PIN_DEADLINE, NO_WAIT);
    }

    @Override
    public MovableBlock movable(
            long bytes, long alignment, Duration pinDeadline, Duration timeout) {
        return new Block("movable block", bytes(bytes, alignment), Integer.MAX_VALUE, pinDeadline);
    }

    @Override
    public long usedBytes() {
        return used;
    }

    @Override
    public long peakBytes() {
        return peak;
    }

    @Override
    public OptionalLong quotaBytes() {
        return OptionalLong.empty();
    }

    private static Bytes bytes(long bytes, long alignment) {
        if (bytes <= 0) {
            throw RefusedException.outOfRange("bytes", bytes, "1 or more");
        }
        if (alignment <= 0 || Long.bitCount(alignment) != 1) {
            throw RefusedException.outOfRange("alignment", alignment, "a power of two");
        }
        return new Bytes(bytes, alignment);
    }

    private void uses(long bytes) {
        used += bytes;
        peak = Math.max(peak, used);
    }

    /** A handle of any kind. */
    private final class Block implements Lease, SharedBlock, MovableBlock {
        private final String name;
        private final Bytes bytes;
        private final int mostPins;
        private final Duration pinDeadline;
        private int pins;
        private boolean closed;

        Block(String name, Bytes bytes, int mostPins, Duration pinDeadline) {
            this.name = name;
            this.bytes = bytes;
            this.mostPins = mostPins;
            this.pinDeadline = pinDeadline;
            bytes.holds++;
            open++;
            uses(byteSize());
        }

        @Override
        public String id() {
            return name;
        }

        @Override
        public long byteSize() {
            return bytes.segment.byteSize();
        }

        @Override
        public Duration pinDeadline() {
            return pinDeadline;
        }

        @Override
        public Pin pin() {
            if (closed) {
                throw new IllegalStateException(name + " is closed already");
            }
            if (pins == mostPins) {
                throw new IllegalStateException(name + " is pinned; it has one user at a time");
            }
            return new BlockPin();
        }

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException(name + " is closed already");
            }
            if (pins > 0) {
                throw new IllegalStateException(name + " is pinned; close the pin first");
            }
            closed = true;
            bytes.holds--;
            open--;
            used -= byteSize();
        }

        /** Its bytes for the thread that pinned. */
        private final class BlockPin implements Pin {
            private final Arena arena = Arena.ofConfined();
            private final MemorySegment segment;

            @SuppressWarnings("restricted") // its size stays what it is
            BlockPin() {
                segment = bytes.segment.reinterpret(arena, null);
                pins++;
            }

            @Override
            public MemorySegment segment() {
                return segment;
            }

            @Override
            public void close() {
                arena.close();
                pins--;
            }
        }
    }

    /** An arena that is counted. */
    private final class CountedArena implements Arena {
        private final Arena arena = Arena.ofConfined();
        private long bytes;

        CountedArena() {
            open++;
        }

        @Override
        public MemorySegment allocate(long byteSize, long byteAlignment) {
            MemorySegment segment = arena.allocate(byteSize, byteAlignment);
            bytes += byteSize;
            uses(byteSize);
            return segment;
        }

        @Override
        public MemorySegment.Scope scope() {
            return arena.scope();
        }

        @Override
        public void close() {
            arena.close();
            open--;
            used -= bytes;
        }
    }
}
