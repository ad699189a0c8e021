// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.collect;

import java.lang.foreign.MemorySegment;

/** The memory of a pool, for who holds its lock. */
public interface PoolBytes {
    /** All of it. */
    MemorySegment segment();

    /**
     * A range is about to be written.
     *
     * @param offset bytes from the beginning of the pool
     * @param size bytes
     */
    void written(long offset, long size);
}
