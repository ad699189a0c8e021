// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.lang.foreign.MemorySegment;

/** The bytes behind one pool. Thread-safe, as far as callers keep to ranges of their own. */
interface PoolMemory {
    /** All of it. Reading or writing it after {@link #release} is an error of the caller. */
    MemorySegment segment();

    /**
     * Gives the pages of a range back to the machine; they read as zero afterwards.
     *
     * @param offset multiple of the page size
     * @param length multiple of the page size
     * @return false: this kind of memory cannot, and nothing changed
     */
    boolean discard(long offset, long length);

    /**
     * Makes so many bytes usable where the memory lies. What is added reads as zero; what is taken
     * away must not be used any more and goes back to the machine. By one thread at a time; who
     * reads {@link #segment} afterwards must know of it by other means.
     *
     * @param bytes multiple of the page size
     * @return false: this memory cannot have that size, and nothing changed
     * @throws org.spicetime.runtime.api.error.RefusedException RESOURCE_EXHAUSTED if the machine
     *     does not back it; nothing changed then
     */
    boolean resize(long bytes);

    /** Unmaps everything. */
    void release();

    /**
     * Obtains zeroed memory: an anonymous mapping where Linux offers it, otherwise memory of an
     * arena, which the machine commits at once.
     *
     * @param bytes how much
     * @param alignment of its beginning; a power of two
     */
    static PoolMemory obtain(long bytes, long alignment) {
        return LinuxMapping.supported()
                ? LinuxMapping.map(bytes, alignment)
                : ArenaMemory.allocate(bytes, alignment);
    }
}
