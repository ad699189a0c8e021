// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.OptionalLong;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.kernel.task.Measured;

/**
 * Measures what one attempt costs the thread it runs on. Processor time, heap allocation and I/O
 * are read at its start and at its end, for it alone. Used by the thread that made it.
 */
final class Meter implements AutoCloseable {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final boolean CPU = THREADS.isCurrentThreadCpuTimeSupported();

    private final WorkerUsage usage;
    private final ThreadIo io = new ThreadIo();

    /* The reading at the end of an attempt is the one at the start of the next. */
    private boolean ioCounted = io.read();
    private long calls = io.calls;
    private long bytesRead = io.bytesRead;
    private long bytesWritten = io.bytesWritten;

    private long cpuStart;
    private OptionalLong heapStart = OptionalLong.empty();

    /** Reads and writes of the last attempt, for the totals of the domain. */
    long lastBytesRead;

    long lastBytesWritten;
    long lastOperations;

    /** Adds reads and writes to the totals of a domain. */
    Meter(WorkerUsage usage) {
        this.usage = usage;
    }

    /** Processor time of the calling thread so far; the time that passes, where it is not told. */
    static long cpuNow() {
        return CPU ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }

    /** An attempt begins; the processor time of the thread so far. */
    long start() {
        heapStart = HeapAllocation.current();
        cpuStart = cpuNow();
        return cpuStart;
    }

    /** What the attempt cost. */
    Measured stop(long poolPeakBytes) {
        long cpuEnd = cpuNow();
        OptionalLong heapEnd = HeapAllocation.current();
        OptionalLong heap =
                heapStart.isPresent() && heapEnd.isPresent()
                        ? OptionalLong.of(Math.max(0, heapEnd.getAsLong() - heapStart.getAsLong()))
                        : OptionalLong.empty();
        return new Measured(
                Math.max(0, cpuEnd - cpuStart),
                MeasurementAccuracy.EXACT,
                poolPeakBytes,
                operations(),
                heap);
    }

    private OptionalLong operations() {
        if (!ioCounted) {
            return OptionalLong.empty();
        }
        long callsBefore = calls;
        ioCounted = io.read();
        if (!ioCounted) {
            return OptionalLong.empty();
        }
        calls = io.calls;
        lastBytesRead = io.bytesRead - bytesRead;
        lastBytesWritten = io.bytesWritten - bytesWritten;
        bytesRead = io.bytesRead;
        bytesWritten = io.bytesWritten;
        lastOperations = Math.max(0, calls - callsBefore - io.ownCalls());
        usage.io(this);
        return OptionalLong.of(lastOperations);
    }

    /** Adds what was read and written since the last time to the totals. */
    void countIo() {
        operations();
    }

    /** Whether reads and writes can be counted here. */
    boolean countsIo() {
        return ioCounted;
    }

    @Override
    public void close() {
        io.close();
    }
}
