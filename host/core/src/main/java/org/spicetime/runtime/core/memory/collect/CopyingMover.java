// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.collect;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.core.memory.handle.Movable;
import org.spicetime.runtime.core.memory.handle.Movables;
import org.spicetime.runtime.kernel.memory.BlockMover;

/*
 * Both places of a block may overlap. Chunks are copied in the direction in which a chunk never
 * overwrites one that is still to be read. As long as no more bytes were copied than the block moves by,
 * the old place is whole, and the copy can be given up; after that it has to be finished.
 */
/**
 * Copies blocks while nobody has them pinned: pins wait for the copy of their block, not for more.
 * The clock is looked at after every {@value #CHUNK_BYTES} bytes. A block that would not fit into
 * what is left of the step ends it; one that would not fit into any step stays where it is.
 *
 * <p>Called by one thread at a time, under the lock of the pool.
 */
public final class CopyingMover implements BlockMover {
    static final long CHUNK_BYTES = 64 << 10;

    private final Movables movables;
    private final MemorySegment scratch = MemorySegment.ofArray(new byte[(int) CHUNK_BYTES]);
    private final CopySpeed speed = new CopySpeed();
    private StepTimer timer = new StepTimer(() -> 0L, 0);
    private @Nullable PoolBytes bytes;
    private long threadId;
    private long movedBytes;
    private long tooLarge;

    /**
     * @param movables the blocks of the pool that may be moved
     */
    public CopyingMover(Movables movables) {
        this.movables = movables;
    }

    /**
     * The calling thread holds the lock of the pool from now on.
     *
     * @param memory of the pool
     * @param step measures the step
     */
    public void enter(PoolBytes memory, StepTimer step) {
        bytes = memory;
        timer = step;
        threadId = Thread.currentThread().threadId();
        step.begin();
    }

    /** The lock is about to be given back. */
    public void leave() {
        timer.end();
        threadId = 0;
        bytes = null;
    }

    /** Bytes moved since it was made. */
    long movedBytes() {
        return movedBytes;
    }

    /** How often a block stayed because copying it takes longer than a step may last. */
    long tooLarge() {
        return tooLarge;
    }

    @Override
    public boolean over() {
        return !inside() || timer.over();
    }

    private boolean inside() {
        return threadId == Thread.currentThread().threadId();
    }

    @Override
    public boolean move(long block, long from, long to, long size) {
        @Nullable PoolBytes memory = bytes;
        if (memory == null || !inside()) {
            return false;
        }
        @Nullable Movable handle = movables.find(block).orElse(null);
        if (handle == null || !fits(memory.segment(), from, size) || !handle.tryFreeze()) {
            return false;
        }
        try {
            memory.written(to, size);
            long copied = copy(memory.segment(), from, to, size);
            if (copied < size) {
                timer.exhaust();
                return false;
            }
            handle.moved(to);
        } finally {
            handle.thaw();
        }
        movedBytes += size;
        return true;
    }

    private boolean fits(MemorySegment segment, long from, long size) {
        if (size <= CHUNK_BYTES) {
            return true;
        }
        if (!speed.known() || speed.nanosFor(size) > timer.goal()) {
            sample(segment, from);
        }
        long nanos = speed.nanosFor(size);
        if (nanos > timer.goal()) {
            tooLarge++;
            return false;
        }
        if (nanos > timer.remaining()) {
            timer.exhaust();
            return false;
        }
        return true;
    }

    /** Copies a piece of the pool aside, to know how long that takes now. */
    private void sample(MemorySegment segment, long from) {
        long started = timer.elapsed();
        MemorySegment.copy(segment, from, scratch, 0, CHUNK_BYTES);
        speed.measured(CHUNK_BYTES, timer.elapsed() - started);
    }

    /** Bytes copied: all, or fewer when time ran out and the old place is still whole. */
    private long copy(MemorySegment segment, long from, long to, long size) {
        long distance = Math.abs(to - from);
        long started = timer.elapsed();
        for (long done = 0; done < size; ) {
            long length = Math.min(CHUNK_BYTES, size - done);
            if (done > 0 && timer.over() && done <= distance) {
                speed.measured(done, timer.elapsed() - started);
                return done;
            }
            long at = to < from ? done : size - done - length;
            MemorySegment.copy(segment, from + at, segment, to + at, length);
            done += length;
        }
        speed.measured(size, timer.elapsed() - started);
        return size;
    }
}
