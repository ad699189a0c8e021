// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers of Netty, at their best: caches for every thread, no leak detection. Its arenas
 * are made once and keep their past.
 */
final class NettySubject<A extends ByteBufAllocator & ByteBufAllocatorMetricProvider>
        implements Subject {
    private final String name;
    private final A allocator;
    private @Nullable ByteBuf[] buffers = new ByteBuf[0];

    private NettySubject(String name, A allocator) {
        this.name = name;
        this.allocator = allocator;
    }

    static Subject pooled() {
        return sharedPooled().get();
    }

    /** Subjects over one allocator, for several threads. */
    static Supplier<Subject> sharedPooled() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        PooledByteBufAllocator allocator =
                new PooledByteBufAllocator(
                        true,
                        0,
                        PooledByteBufAllocator.defaultNumDirectArena(),
                        PooledByteBufAllocator.defaultPageSize(),
                        PooledByteBufAllocator.defaultMaxOrder(),
                        PooledByteBufAllocator.defaultSmallCacheSize(),
                        PooledByteBufAllocator.defaultNormalCacheSize(),
                        true);
        return () -> new NettySubject<>("Netty pooled", allocator);
    }

    static Subject adaptive() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        return new NettySubject<>("Netty adaptive", new AdaptiveByteBufAllocator(true, true));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean madeAnew() {
        return false;
    }

    @Override
    public void begin(int slots) {
        buffers = new ByteBuf[slots];
    }

    @Override
    public boolean put(int slot, int bytes) {
        buffers[slot] = allocator.directBuffer(bytes, bytes);
        return true;
    }

    @Override
    public void take(int slot) {
        ByteBuf held = buffers[slot];
        if (held != null) held.release();
        buffers[slot] = null;
    }

    @Override
    public void end() {
        for (int slot = 0; slot < buffers.length; slot++) take(slot);
        Arrays.fill(buffers, null);
    }

    @Override
    public long footprintBytes() {
        return allocator.metric().usedDirectMemory();
    }
}
