// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * The bytes of a swap file. Unlike a {@link java.nio.channels.FileChannel} it stays open when the
 * thread that uses it is interrupted: tasks are, and the file holds the memory of all of them.
 *
 * <p>Thread-safe, as far as callers keep to ranges of their own.
 */
interface SwapChannel extends AutoCloseable {
    /**
     * Writes at a place of the file, which grows if need be.
     *
     * @param position bytes from the beginning
     * @param from what; at least one byte
     * @return bytes written, from the beginning of {@code from}; perhaps fewer than there are
     * @throws IOException if nothing could be written
     */
    long write(long position, MemorySegment from) throws IOException;

    /**
     * Reads from a place of the file.
     *
     * @param position bytes from the beginning
     * @param to where to; at least one byte
     * @return bytes read, to the beginning of {@code to}; perhaps fewer than it takes, 0 at the end
     *     of the file
     * @throws IOException if nothing could be read
     */
    long read(long position, MemorySegment to) throws IOException;

    /**
     * Cuts the file off.
     *
     * @param length its new length, not above the present one
     * @throws IOException if that failed
     */
    void truncate(long length) throws IOException;

    @Override
    void close() throws IOException;
}
