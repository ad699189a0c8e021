// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.core.memory.handle.HandleOwner;
import org.spicetime.runtime.core.memory.handle.Leak;
import org.spicetime.runtime.core.memory.handle.TaskHandles;
import org.spicetime.runtime.core.memory.magazine.Takings;
import org.spicetime.runtime.kernel.memory.BlockOwner;

/**
 * The memory of one attempt of a task: an arena whose segments come from the pool of the domain.
 * Segments are zeroed and confined to the thread that opened the arena; access out of bounds, from
 * another thread or after {@link #reclaim} throws. Handlers cannot close it; the host reclaims it
 * when the handler has returned.
 *
 * <p>Called by the thread that opened it; {@link #peakBytes}, {@link #usedBytes} and {@link
 * #quarantined} from any thread.
 */
public final class TaskArena implements Arena {
    private final DomainPool pool;
    private final TaskId task;
    private final Thread thread = Thread.currentThread();
    private final Arena scope = Arena.ofConfined();
    private final BlockOwner owner;
    private volatile boolean ended;
    private volatile @Nullable TaskHandles handles;
    private volatile Optional<Leak> leak = Optional.empty();
    private volatile @Nullable Takings takings;

    TaskArena(DomainPool pool, TaskId task) {
        this.pool = pool;
        this.task = task;
        this.owner = new BlockOwner(task);
    }

    /**
     * A segment of the pool, zeroed.
     *
     * @param byteSize bytes; 0 gives an empty segment at an address of its own
     * @param byteAlignment a power of two, at most the size of a zone of the pool (1 to 64 MiB)
     * @throws IllegalArgumentException if the size is negative, or the alignment not as described
     * @throws IllegalStateException if the task is over
     * @throws WrongThreadException if called by another thread
     * @throws org.spicetime.runtime.api.error.RefusedException RESOURCE_EXHAUSTED if there is no
     *     room: {@code requested}, {@code limit}, {@code used}, {@code available}, {@code scope},
     *     {@code largestFree}, and {@code reason: FRAGMENTED} if there is, but not in one piece
     */
    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        if (byteSize < 0) {
            throw new IllegalArgumentException("size must not be negative, was " + byteSize);
        }
        if (byteAlignment <= 0 || Long.bitCount(byteAlignment) != 1) {
            throw new IllegalArgumentException(
                    "alignment must be a power of two, was " + byteAlignment);
        }
        if (!onItsThread()) {
            throw new WrongThreadException(
                    "the memory of task " + task + " belongs to thread " + thread.getName());
        }
        if (ended) {
            throw new IllegalStateException("task " + task + " is over: already closed");
        }
        return pool.allocate(this, byteSize, byteAlignment);
    }

    @Override
    public MemorySegment.Scope scope() {
        return scope.scope();
    }

    /**
     * Refused: the host reclaims the memory when the handler returns.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public void close() {
        throw new UnsupportedOperationException(
                "the memory of a task is reclaimed by the host when its handler returns");
    }

    /**
     * The handles of the attempt, in the account of this arena. By the thread that opened it.
     *
     * @param priority of the task; greater is more urgent
     * @return the same object at every call
     */
    public TaskHandles handles(int priority) {
        TaskHandles open = handles;
        if (open == null) {
            open =
                    new TaskHandles(
                            new HandleOwner(task, priority, owner),
                            new PoolBlocks(pool, owner, this),
                            pool.handles());
            handles = open;
        }
        return open;
    }

    /**
     * What the attempt takes from magazines. By the thread that opened the arena.
     *
     * @return null: what it may hold is kept for it, and the pool itself keeps account of that
     */
    @Nullable Takings takings() {
        Takings open = takings;
        if (open == null && !owner.limited()) {
            open = pool.magazines().open(owner);
            takings = open;
            pool.locked(() -> {
                pool.holdsBlocks(this);
                return this;
            });
        }
        return open;
    }

    /** The handles that were not closed when it was reclaimed; empty before. */
    public Optional<Leak> leak() {
        return leak;
    }

    /** What it took from magazines is put down to its account; it takes nothing more. */
    void settle() {
        Takings open = takings;
        if (open != null) {
            open.settle();
        }
    }

    /** Bytes of what it took from magazines, rounding included. */
    long lentBytes() {
        Takings open = takings;
        return open == null ? 0 : open.bytes();
    }

    /** All it had is taken back. */
    void finish() {
        Takings open = takings;
        if (open != null) {
            open.finish();
        }
    }

    /**
     * Ends the arena and gives all its blocks back to the pool. To be called by the thread that
     * opened it, or by any after that thread has ended. Also the way out of quarantine, when the
     * thread returned after all. If something still holds a segment, such as a running system call,
     * the arena is quarantined instead and the report is empty.
     *
     * @return what it still held; nothing at a second call
     * @throws WrongThreadException if its thread still runs, and it is another than the caller
     */
    public ReclaimReport reclaim() {
        if (onItsThread()) {
            ended = true;
            endHandles();
            if (scope.scope().isAlive()) {
                try {
                    scope.close();
                } catch (IllegalStateException held) {
                    pool.quarantine(this);
                    return new ReclaimReport(0, 0);
                }
            }
        } else if (thread.isAlive()) {
            throw new WrongThreadException(
                    "the memory of task %s can be reclaimed by thread %s only, while it runs"
                            .formatted(task, thread.getName()));
        }
        ended = true;
        endHandles();
        return pool.reclaim(this);
    }

    /** The task. */
    public TaskId task() {
        return task;
    }

    /** The most bytes it held at once, rounding included. */
    public long peakBytes() {
        Takings open = takings;
        return Math.max(pool.read(owner::peakBytes), open == null ? 0 : open.peakBytes());
    }

    /** Bytes it holds, rounding included. */
    public long usedBytes() {
        Takings open = takings;
        return pool.read(() -> owner.bytes() + (open == null ? 0 : open.bytes()));
    }

    /** Whether its blocks are kept back because its thread could not be stopped. */
    public boolean quarantined() {
        return pool.read(() -> owner.quarantined() ? 1 : 0) == 1;
    }

    BlockOwner owner() {
        return owner;
    }

    Arena confinement() {
        return scope;
    }

    boolean threadEnded() {
        return !thread.isAlive();
    }

    /** By number, which no subclass of Thread can fake. */
    private boolean onItsThread() {
        return Thread.currentThread().threadId() == thread.threadId();
    }

    private void endHandles() {
        TaskHandles open = handles;
        if (open != null) {
            Optional<Leak> left = open.end();
            if (left.isPresent()) {
                leak = left;
            }
        }
    }

    void end() {
        ended = true;
        TaskHandles open = handles;
        if (open != null) {
            open.keepBack();
        }
    }
}
