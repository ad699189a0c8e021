// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.util.Set;
import java.util.function.LongSupplier;
import org.spicetime.runtime.core.memory.magazine.Depot;
import org.spicetime.runtime.kernel.memory.BlockOwner;

/** A pool as its magazines see it. Thread-safe, as described there. */
final class PoolDepot implements Depot {
    /**
     * Strategies that magazines would spoil: ARENA puts what ends together beside each other,
     * STATIC and POOL give the same few sizes in constant time themselves.
     */
    private static final Set<String> UNSUITED = Set.of("ARENA", "STATIC", "POOL");

    private final DomainPool pool;

    PoolDepot(DomainPool pool) {
        this.pool = pool;
    }

    @Override
    public long locked(LongSupplier work) {
        return pool.read(work);
    }

    @Override
    public boolean suits() {
        return pool.isOpen() && !UNSUITED.contains(pool.plan().binding().name());
    }

    @Override
    public long allocate(BlockOwner owner, long size) {
        long block = pool.plan().allocate(owner, size, 1);
        if (block >= 0) {
            pool.mapped().use(block, size);
        }
        return block;
    }

    @Override
    public long offset(long block) {
        return pool.plan().offset(block);
    }

    @Override
    public long size(long block) {
        return pool.plan().size(block);
    }

    @Override
    public void release(long block) {
        pool.releaseInside(block);
    }

    @Override
    public void handOver(long block, BlockOwner to) {
        pool.plan().handOver(block, to);
    }

    @Override
    public long base() {
        return pool.mapped().base();
    }

    @Override
    public long totalBytes() {
        return pool.plan().totalBytes();
    }

    @Override
    public long availableBytes() {
        return pool.plan().availableBytes();
    }
}
