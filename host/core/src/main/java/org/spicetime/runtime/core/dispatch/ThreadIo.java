// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.io.IOException;
import java.io.RandomAccessFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes of one thread, from {@code /proc/thread-self/io}; counts nothing where that file
 * is not there. Used by the thread that made it.
 */
final class ThreadIo implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadIo.class);
    private static final String FILE = "/proc/thread-self/io";

    /* A file channel would be closed by an interrupt, and cancellations are interrupts. */
    private @Nullable RandomAccessFile file;
    private final byte[] buffer = new byte[512];
    private long ownCalls;

    long calls;
    long bytesRead;
    long bytesWritten;

    ThreadIo() {
        try {
            file = new RandomAccessFile(FILE, "r");
            if (read()) {
                long before = calls;
                read();
                ownCalls = calls - before;
            }
        } catch (IOException absent) {
            LOG.debug("{} is not there; reads and writes of tasks are not counted", FILE);
            file = null;
        }
    }

    /** Calls that one reading itself adds until the next one sees them. */
    long ownCalls() {
        return ownCalls;
    }

    /** Takes a reading into the fields; false: nothing can be read here. */
    boolean read() {
        RandomAccessFile open = file;
        if (open == null) {
            return false;
        }
        try {
            open.seek(0);
            int length = open.read(buffer);
            calls = field(length, "syscr: ") + field(length, "syscw: ");
            bytesRead = field(length, "\nread_bytes: ");
            bytesWritten = field(length, "\nwrite_bytes: ");
            return true;
        } catch (IOException gone) {
            LOG.debug("{} cannot be read any more", FILE, gone);
            close();
            return false;
        }
    }

    private long field(int length, String name) throws IOException {
        int at = find(length, name);
        long value = 0;
        while (at < length && buffer[at] >= '0' && buffer[at] <= '9') {
            value = value * 10 + (buffer[at] - '0');
            at++;
        }
        return value;
    }

    private int find(int length, String name) throws IOException {
        for (int start = 0; start + name.length() <= length; start++) {
            int i = 0;
            while (i < name.length() && buffer[start + i] == name.charAt(i)) {
                i++;
            }
            if (i == name.length()) {
                return start + i;
            }
        }
        throw new IOException(FILE + " has no line \"" + name.strip() + '"');
    }

    @Override
    public void close() {
        RandomAccessFile open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("{} did not close", FILE, e);
            }
        }
    }
}
