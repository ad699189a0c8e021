// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.memory.Lease;
import org.spicetime.runtime.api.memory.MovableBlock;
import org.spicetime.runtime.api.memory.SharedBlock;
import org.spicetime.runtime.api.memory.TaskMemory;
import org.spicetime.runtime.core.poll.HandlerPoll;

/**
 * The memory of one attempt of a task beyond its arena, and all it has not closed yet. Called by
 * the thread that made it; what it gives out is closed by any; {@link #end} and {@link #keepBack}
 * say who calls them.
 */
public final class TaskHandles implements TaskMemory {
    private static final int MOST_SITES = 3;

    private final HandleOwner owner;
    private final BlockSource blocks;
    private final PoolHandles pool;
    private final Thread thread = Thread.currentThread();

    /* Guarded by this. */
    private @Nullable Held first;

    private volatile boolean ended;

    /**
     * For an attempt that the calling thread runs.
     *
     * @param owner whose
     * @param blocks where its blocks come from, in its account
     * @param pool the handles of the pool
     */
    public TaskHandles(HandleOwner owner, BlockSource blocks, PoolHandles pool) {
        this.owner = owner;
        this.blocks = blocks;
        this.pool = pool;
    }

    @Override
    public Arena openArena() {
        check();
        return remember(new BlockArena(this));
    }

    @Override
    public Lease lease(long bytes, long alignment) {
        check(bytes, alignment);
        return lease(blocks.take(bytes, alignment, false), bytes);
    }

    @Override
    public Lease lease(long bytes, long alignment, Duration timeout) throws InterruptedException {
        check(bytes, alignment);
        return lease(blocks.take(bytes, alignment, false, timeout), bytes);
    }

    private Lease lease(BlockSource.Block block, long bytes) {
        try {
            return remember(new LeaseHandle(this, block, bytes));
        } catch (Throwable failed) {
            blocks.release(block.id());
            throw failed;
        }
    }

    @Override
    public SharedBlock share(long bytes, long alignment) {
        check(bytes, alignment);
        return share(pool.shared().blocks().take(bytes, alignment, false), bytes);
    }

    @Override
    public SharedBlock share(long bytes, long alignment, Duration timeout)
            throws InterruptedException {
        check(bytes, alignment);
        return share(pool.shared().blocks().take(bytes, alignment, false, timeout), bytes);
    }

    private SharedBlock share(BlockSource.Block block, long bytes) {
        return hold(pool.shared().share(block, bytes));
    }

    @Override
    public SharedBlock attach(String id) {
        check();
        return hold(pool.shared().attach(Objects.requireNonNull(id, "id")));
    }

    private SharedBlock hold(Shared shared) {
        try {
            return remember(new SharedHandle(this, shared));
        } catch (Throwable failed) {
            pool.shared().drop(shared);
            throw failed;
        }
    }

    @Override
    public MovableBlock movable(long bytes, long alignment) {
        check(bytes, alignment);
        return movable(blocks.take(bytes, alignment, true), bytes, alignment, PIN_DEADLINE);
    }

    @Override
    public MovableBlock movable(long bytes, long alignment, Duration pinDeadline, Duration timeout)
            throws InterruptedException {
        check(bytes, alignment);
        if (pinDeadline.isNegative() || pinDeadline.isZero()) {
            throw RefusedException.outOfRange("pinDeadline", pinDeadline, "positive");
        }
        return movable(blocks.take(bytes, alignment, true, timeout), bytes, alignment, pinDeadline);
    }

    private MovableBlock movable(
            BlockSource.Block block, long bytes, long alignment, Duration pinDeadline) {
        Movable movable = new Movable(owner, bytes, alignment, block.id(), block.offset());
        MovableHandle handle = new MovableHandle(this, movable, pinDeadline);
        movable.handle(handle);
        pool.movables().add(movable);
        try {
            return remember(handle);
        } catch (Throwable failed) {
            handle.end();
            blocks.release(block.id());
            throw failed;
        }
    }

    @Override
    public long usedBytes() {
        check();
        return blocks.usedBytes();
    }

    @Override
    public long peakBytes() {
        check();
        return blocks.peakBytes();
    }

    @Override
    public OptionalLong quotaBytes() {
        check();
        long quota = blocks.quotaBytes();
        return quota == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(quota);
    }

    /**
     * The attempt is over: takes back what it has not closed, as far as the handles go; the blocks
     * of its account are released by the caller. To be called by the thread that made this, or by
     * any after that one has ended. Twice does nothing.
     *
     * @return what was not closed, shared blocks apart; empty: nothing
     */
    public Optional<Leak> end() {
        List<Held> left = new ArrayList<>();
        synchronized (this) {
            ended = true;
            for (Held held = first; held != null; held = held.next) {
                left.add(held);
            }
            first = null;
        }
        Optional<Leak> leak = leak(left);
        left.forEach(Held::end);
        return leak;
    }

    /** Its thread does not come back: nothing more is pinned or taken. Any thread. */
    public void keepBack() {
        ended = true;
    }

    private static Optional<Leak> leak(List<Held> left) {
        long handles = 0;
        long bytes = 0;
        Map<String, Integer> kinds = new HashMap<>();
        Map<String, Integer> sites = new HashMap<>();
        for (Held held : left) {
            if (held.leaks()) {
                handles++;
                bytes += held.leakedBytes();
                kinds.merge(held.kind(), 1, Integer::sum);
                if (!held.site.isEmpty()) {
                    sites.merge(String.join(" < ", held.site), 1, Integer::sum);
                }
            }
        }
        if (handles == 0) {
            return Optional.empty();
        }
        List<String> places =
                sites.entrySet().stream()
                        .sorted(
                                Map.Entry.<String, Integer>comparingByValue(
                                                Comparator.reverseOrder())
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .limit(MOST_SITES)
                        .map(Map.Entry::getKey)
                        .toList();
        return Optional.of(new Leak(handles, bytes, kinds, places));
    }

    boolean ended() {
        return ended;
    }

    HandleOwner owner() {
        return owner;
    }

    BlockSource blocks() {
        return blocks;
    }

    PoolHandles pool() {
        return pool;
    }

    /** A worker that works for another task has no business here. */
    void checkUser(Held held) {
        if (HandlerPoll.context() instanceof MemoryUser user && !owner.task().equals(user.task())) {
            throw new RefusedException(
                    RequestErrorCode.FORBIDDEN,
                    "%s belongs to task %s of domain %s; task %s of domain %s may not use it"
                            .formatted(
                                    held.what(),
                                    owner.task(),
                                    pool.domain(),
                                    user.task(),
                                    user.domain()),
                    Map.of("domain", pool.domain().value()));
        }
    }

    synchronized <T extends Held> T remember(T held) {
        if (ended) {
            throw over();
        }
        held.next = first;
        if (first != null) {
            first.previous = held;
        }
        first = held;
        return held;
    }

    synchronized void forget(Held held) {
        if (ended) {
            return;
        }
        Held before = held.previous;
        Held after = held.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
    }

    private void check() {
        if (Thread.currentThread().threadId() != thread.threadId()) {
            throw new IllegalStateException(
                    "the memory of task %s belongs to thread %s, was used by %s"
                            .formatted(
                                    owner.task(),
                                    thread.getName(),
                                    Thread.currentThread().getName()));
        }
        if (ended) {
            throw over();
        }
    }

    private void check(long bytes, long alignment) {
        check();
        if (bytes <= 0) {
            throw RefusedException.outOfRange(
                    "bytes", bytes, "from 1 to the size of the pool, " + blocks.poolBytes());
        }
        if (alignment <= 0 || Long.bitCount(alignment) != 1 || alignment > blocks.mostAlignment()) {
            throw RefusedException.outOfRange(
                    "alignment", alignment, "a power of two up to " + blocks.mostAlignment());
        }
    }

    private IllegalStateException over() {
        return new IllegalStateException("task " + owner.task() + " is over");
    }
}
