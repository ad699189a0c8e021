// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * Memory of the domain's pool for one attempt of a task, beyond its {@linkplain
 * org.spicetime.runtime.api.handler.TaskContext#arena() arena}: memory that is given back before
 * the handler returns, hops threads, is shared between tasks, or may be moved and swapped out. It
 * reads as zero at first, whoever had it before.
 *
 * <p>A handle (lease, shared or movable block) owns a block and belongs to no thread; bytes are
 * reached through a {@link Pin} only. Every misuse throws in the task that did it and harms nobody
 * else. Whatever is still open when the handler returns is reclaimed to the byte, and what {@code
 * garbageCollection.onTaskEnd} says follows for arenas, leases and movable blocks.
 *
 * <p>Called by the thread of the handler until it returns; what it gives out says itself who may
 * call it.
 *
 * <p>Sizes: 1 byte to the size of the pool. Alignments: a power of two, at most the size of a zone
 * of the pool (1 to 64 MiB). All methods that take memory throw {@link RefusedException}:
 * BAD_USER_INPUT for a size or an alignment that is none; RESOURCE_EXHAUSTED with {@code
 * requested}, {@code limit}, {@code used}, {@code available}, {@code scope} ({@code task} or {@code
 * domain}) if it cannot be had, with {@code reason: FRAGMENTED} and {@code largestFree} if not in
 * one piece; MEMORY_PRESSURE if others hold it now. On another thread they throw {@link
 * IllegalStateException}, as they do when the task is over.
 */
@ProviderType
public interface TaskMemory {
    /** Waits not at all: what is not there now is refused. */
    Duration NO_WAIT = Duration.ZERO;

    /** Waits without limit, until the task is asked to end. */
    Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    /** How long a pin of a movable block may last, if nothing else was said. */
    Duration PIN_DEADLINE = Duration.ofMillis(100);

    /**
     * An arena for any code that takes one, whose segments go back to the pool at {@link
     * Arena#close()}. Confined to the calling thread.
     *
     * @return a new arena, to be closed
     */
    Arena openArena();

    /**
     * A block for one user at a time, on any thread of the task. Does not wait.
     *
     * @param bytes its size
     * @param alignment of its address, bytes
     * @return the handle, to be closed
     */
    Lease lease(long bytes, long alignment);

    /**
     * As {@link #lease(long, long)}, but waits for memory that others hold now; the task has no
     * slot meanwhile. First come, first served.
     *
     * @param bytes its size
     * @param alignment of its address, bytes
     * @param timeout how long at most; zero or less is {@link #NO_WAIT}
     * @return the handle, to be closed
     * @throws InterruptedException if the thread is interrupted while it waits, as when the task is
     *     asked to end
     */
    Lease lease(long bytes, long alignment, Duration timeout) throws InterruptedException;

    /**
     * A block of the domain, held by this task and found by its id from others. It does not count
     * against what was kept for the task. Does not wait.
     *
     * @param bytes its size
     * @param alignment of its address, bytes
     * @return the first hold, to be closed
     */
    SharedBlock share(long bytes, long alignment);

    /**
     * As {@link #share(long, long)}, but waits for memory that others hold now; the task has no
     * slot meanwhile. First come, first served.
     *
     * @param bytes its size
     * @param alignment of its address, bytes
     * @param timeout how long at most; zero or less is {@link #NO_WAIT}
     * @return the first hold, to be closed
     * @throws InterruptedException if the thread is interrupted while it waits, as when the task is
     *     asked to end
     */
    SharedBlock share(long bytes, long alignment, Duration timeout) throws InterruptedException;

    /**
     * Holds a block that a task of the same domain shares.
     *
     * @param id its {@link SharedBlock#id()}
     * @return a hold of this task, to be closed
     * @throws RefusedException BAD_USER_INPUT if it is no id; NOT_FOUND if no such block lives in
     *     this domain: never shared, shared in another domain, or freed
     */
    SharedBlock attach(String id);

    /**
     * A block that may be moved and swapped out while nobody has it pinned. Does not wait.
     *
     * @param bytes its size
     * @param alignment of its address, bytes, wherever it is
     * @return the handle, to be closed; with {@link #PIN_DEADLINE}
     */
    MovableBlock movable(long bytes, long alignment);

    /**
     * As {@link #movable(long, long)}, but waits for memory that others hold now; the task has no
     * slot meanwhile. First come, first served.
     *
     * @param bytes its size
     * @param alignment of its address, bytes, wherever it is
     * @param pinDeadline how long a pin may last before operators are shown it; positive
     * @param timeout how long at most; zero or less is {@link #NO_WAIT}
     * @return the handle, to be closed
     * @throws InterruptedException if the thread is interrupted while it waits, as when the task is
     *     asked to end
     */
    MovableBlock movable(long bytes, long alignment, Duration pinDeadline, Duration timeout)
            throws InterruptedException;

    /**
     * What this attempt holds of the pool now, bytes, rounding included: its arenas, leases and
     * movable blocks; not what is swapped out, nor shared blocks.
     *
     * @return 0 or more
     */
    long usedBytes();

    /**
     * The most it held at once, bytes.
     *
     * @return 0 or more
     */
    long peakBytes();

    /**
     * The most it may hold: what was kept for it when it was scheduled.
     *
     * @return bytes; empty: nothing was kept, what the pool has is the limit
     */
    OptionalLong quotaBytes();
}
