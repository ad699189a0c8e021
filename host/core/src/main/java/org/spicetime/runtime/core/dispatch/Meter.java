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

    private final ThreadIo io = new ThreadIo();
    private final boolean cpu = THREADS.isCurrentThreadCpuTimeSupported();

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

    /** An attempt begins; the processor time of the thread so far. */
    long start() {
        heapStart = HeapAllocation.current();
        cpuStart = cpu ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
        return cpuStart;
    }

    /** What the attempt cost. */
    Measured stop(long poolPeakBytes) {
        long cpuEnd = cpu ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
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
        return OptionalLong.of(lastOperations);
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
