// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.kernel.task.Measured;

/**
 * Processor time and I/O of all workers of a domain, for its own metrics. Thread-safe; the sum of
 * processor times is taken by one thread at a time.
 */
public final class WorkerUsage {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Map<Long, Long> lastCpu = new ConcurrentHashMap<>();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private final LongAdder operations = new LongAdder();
    private volatile boolean countsIo;
    private long cpu;

    void add(Thread thread) {
        lastCpu.put(thread.threadId(), 0L);
    }

    void remove(Thread thread) {
        lastCpu.remove(thread.threadId());
    }

    void io(Meter meter) {
        if (meter.countsIo()) {
            countsIo = true;
            bytesRead.add(meter.lastBytesRead);
            bytesWritten.add(meter.lastBytesWritten);
            operations.add(meter.lastOperations);
        }
    }

    /**
     * Processor time of the workers since the beginning; what one used in its last moment is
     * missing.
     */
    public synchronized long cpuNanos() {
        for (Map.Entry<Long, Long> thread : lastCpu.entrySet()) {
            long now = THREADS.getThreadCpuTime(thread.getKey());
            if (now > thread.getValue()) {
                cpu += now - thread.getValue();
                thread.setValue(now);
            }
        }
        return cpu;
    }

    /** Bytes read from disks by tasks; empty: not counted here. */
    public OptionalLong bytesRead() {
        return countsIo ? OptionalLong.of(bytesRead.sum()) : OptionalLong.empty();
    }

    /** Bytes written to disks by tasks; empty: not counted here. */
    public OptionalLong bytesWritten() {
        return countsIo ? OptionalLong.of(bytesWritten.sum()) : OptionalLong.empty();
    }

    /** Read and write calls of tasks; empty: not counted here. */
    public OptionalLong operations() {
        return countsIo ? OptionalLong.of(operations.sum()) : OptionalLong.empty();
    }

    /** Processor time of a thread so far; 0: it is not told, or has ended. */
    static long cpuNanosOf(Thread thread) {
        return Math.max(0, THREADS.getThreadCpuTime(thread.threadId()));
    }

    /** What can be told of a run whose thread does not come back. */
    Measured measuredFromOutside(Thread thread, Run run) {
        long now = THREADS.getThreadCpuTime(thread.threadId());
        return new Measured(
                Math.max(0, now - run.cpuAtStart),
                MeasurementAccuracy.EXACT,
                run instanceof Attempt attempt ? attempt.poolPeakBytes() : 0,
                OptionalLong.empty(),
                OptionalLong.empty());
    }
}
