// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A file in memory that fails as it is told to. Each fault is in force until it is taken back.
 * Thread-safe.
 */
final class FaultyChannel implements SwapChannel {
    private byte[] file = new byte[0];
    private long mostBytes = Long.MAX_VALUE;
    private long mostPerCall = Long.MAX_VALUE;
    private boolean readFails;
    private boolean writeFails;
    private boolean closed;

    /** The disk has no room for a longer file. */
    synchronized void full(long bytes) {
        mostBytes = bytes;
    }

    /** No call moves more bytes than that. */
    synchronized void shortCalls(long bytes) {
        mostPerCall = bytes;
    }

    synchronized void failReads(boolean fail) {
        readFails = fail;
    }

    synchronized void failWrites(boolean fail) {
        writeFails = fail;
    }

    /** Turns one bit over. */
    synchronized void flip(long position) {
        file[(int) position] ^= 0x10;
    }

    synchronized int length() {
        return file.length;
    }

    synchronized boolean closed() {
        return closed;
    }

    @Override
    public synchronized long write(long position, MemorySegment from) throws IOException {
        if (writeFails) {
            throw new IOException("Input/output error");
        }
        long length = Math.min(Math.min(from.byteSize(), mostPerCall), mostBytes - position);
        if (length < 0 || length == 0 && mostPerCall > 0) {
            throw new IOException("No space left on device");
        }
        if (position + length > file.length) {
            file = Arrays.copyOf(file, (int) (position + length));
        }
        MemorySegment.copy(from, 0, MemorySegment.ofArray(file), position, length);
        return length;
    }

    @Override
    public synchronized long read(long position, MemorySegment to) throws IOException {
        if (readFails) {
            throw new IOException("Input/output error");
        }
        long length =
                Math.min(Math.min(to.byteSize(), mostPerCall), Math.max(0, file.length - position));
        MemorySegment.copy(file, (int) position, to, ValueLayout.JAVA_BYTE, 0, (int) length);
        return length;
    }

    @Override
    public synchronized void truncate(long length) {
        file = Arrays.copyOf(file, (int) length);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
