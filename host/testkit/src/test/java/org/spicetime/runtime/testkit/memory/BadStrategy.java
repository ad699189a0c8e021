// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.memory;

import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.FragmentationStats;

/** Passes everything on to an honest strategy; tests override what is to be wrong. */
class BadStrategy implements AllocationStrategy {
    final AllocationStrategy honest;

    BadStrategy(AllocationStrategy honest) {
        this.honest = honest;
    }

    @Override
    public long allocate(long size, long align, int hint) {
        return honest.allocate(size, align, hint);
    }

    @Override
    public void release(long id) {
        honest.release(id);
    }

    @Override
    public long offset(long id) {
        return honest.offset(id);
    }

    @Override
    public long size(long id) {
        return honest.size(id);
    }

    @Override
    public void addZone(long offset, long length) {
        honest.addZone(offset, length);
    }

    @Override
    public boolean dropZone(long offset) {
        return honest.dropZone(offset);
    }

    @Override
    public FragmentationStats stats() {
        return honest.stats();
    }

    @Override
    public void forEachBlock(BlockVisitor visitor) {
        honest.forEachBlock(visitor);
    }
}
