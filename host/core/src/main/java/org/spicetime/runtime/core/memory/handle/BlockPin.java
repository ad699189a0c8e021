// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.spicetime.runtime.api.memory.Pin;

/**
 * A pin of a handle: an arena of its own, confined to the thread that pinned, so that the JVM tells
 * every misuse. Called by that thread; {@link #thread} and {@link #sinceNanos} from any.
 */
final class BlockPin implements Pin {
    private final Handle handle;
    private final Thread thread = Thread.currentThread();
    private final long sinceNanos;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment segment;

    @SuppressWarnings("restricted")
    BlockPin(Handle handle, long address, long byteSize, long sinceNanos) {
        this.handle = handle;
        this.sinceNanos = sinceNanos;
        this.segment = MemorySegment.ofAddress(address).reinterpret(byteSize, arena, null);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        arena.close();
        handle.unpin(this);
    }

    /**
     * The task is over: nobody reaches the bytes through it from now on, if that can be.
     *
     * @return false: its thread still runs and is another than the caller, or something holds the
     *     segment
     */
    boolean revoke() {
        if (!thread.isAlive()) {
            return true;
        }
        if (Thread.currentThread().threadId() != thread.threadId()) {
            return false;
        }
        try {
            arena.close();
            return true;
        } catch (IllegalStateException held) {
            return !arena.scope().isAlive();
        }
    }

    Thread thread() {
        return thread;
    }

    long sinceNanos() {
        return sinceNanos;
    }
}
