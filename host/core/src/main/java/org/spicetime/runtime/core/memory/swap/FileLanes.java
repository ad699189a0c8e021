// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file that is open several times, so that as many threads can use it at once. Each of these
 * lanes has a position and a buffer on the heap. Thread-safe.
 */
final class FileLanes implements SwapChannel {
    private static final int BUFFER_BYTES = SwapFile.FRAME_BYTES;

    private final Lane[] lanes;

    private FileLanes(Lane[] lanes) {
        this.lanes = lanes;
    }

    /** Opens a file that is there; it may be unlinked afterwards. */
    @SuppressWarnings("resource") // the lanes are closed by close()
    static FileLanes open(Path file, int count) throws IOException {
        Lane[] lanes = new Lane[count];
        int opened = 0;
        try {
            for (; opened < count; opened++) {
                lanes[opened] = new Lane(new RandomAccessFile(file.toFile(), "rw"));
            }
            return new FileLanes(lanes);
        } finally {
            for (int i = 0; opened < count && i < opened; i++) {
                lanes[i].file.close();
            }
        }
    }

    @Override
    public long write(long position, MemorySegment from) throws IOException {
        Lane lane = enter();
        try {
            int length = (int) Math.min(from.byteSize(), BUFFER_BYTES);
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, lane.buffer, 0, length);
            lane.file.seek(position);
            lane.file.write(lane.buffer, 0, length);
            return length;
        } finally {
            lane.lock.unlock();
        }
    }

    @Override
    public long read(long position, MemorySegment to) throws IOException {
        Lane lane = enter();
        try {
            lane.file.seek(position);
            int length = (int) Math.min(to.byteSize(), BUFFER_BYTES);
            int read = lane.file.read(lane.buffer, 0, length);
            if (read > 0) {
                MemorySegment.copy(lane.buffer, 0, to, ValueLayout.JAVA_BYTE, 0, read);
            }
            return Math.max(read, 0);
        } finally {
            lane.lock.unlock();
        }
    }

    @Override
    public void truncate(long length) throws IOException {
        Lane lane = enter();
        try {
            lane.file.setLength(length);
        } finally {
            lane.lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Lane lane : lanes) {
            lane.lock.lock();
            try {
                lane.file.close();
            } catch (IOException e) {
                failure = e;
            } finally {
                lane.lock.unlock();
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** A lane that is free, or some lane. */
    private Lane enter() {
        int first = ThreadLocalRandom.current().nextInt(lanes.length);
        for (int i = 0; i < lanes.length; i++) {
            Lane lane = lanes[(first + i) % lanes.length];
            if (lane.lock.tryLock()) {
                return lane;
            }
        }
        lanes[first].lock.lock();
        return lanes[first];
    }

    /** One of the open files. The file and the buffer are guarded by the lock. */
    private static final class Lane {
        final ReentrantLock lock = new ReentrantLock();
        final RandomAccessFile file;
        final byte[] buffer = new byte[BUFFER_BYTES];

        Lane(RandomAccessFile file) {
            this.file = file;
        }
    }
}
