// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Replays of a trace on the calling thread. */
final class Replay {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Operations between two looks at the clock of the thread. */
    private static final int CHUNK = 8192;

    private static final long PATIENCE_NANOS = 15_000_000_000L;

    private Replay() {}

    /**
     * What the pairs of a trace came to.
     *
     * @param cpuNanos processor time of the thread, for each pair
     * @param wallNanos time, for each pair
     * @param heapBytes allocated on the heap, for each pair of the last quarter, to a tenth of a
     *     byte
     * @param footprintBytes what the allocator had taken then; negative: it does not tell
     */
    record Cost(double cpuNanos, double wallNanos, double heapBytes, long footprintBytes) {}

    /** Thrown when a subject cannot serve a trace, or not in reasonable time. */
    static final class Unserved extends Exception {
        private static final long serialVersionUID = 1L;

        private Unserved(String why, int operation) {
            super(why + " at operation " + operation, null, false, false);
        }
    }

    /** Replays once; the filling is not counted. */
    static Cost cost(Subject subject, Trace trace) throws Unserved {
        return cost(subject, trace, () -> {});
    }

    /**
     * Replays once; the filling is not counted.
     *
     * @param filled runs when the slots are filled
     */
    static Cost cost(Subject subject, Trace trace, Runnable filled) throws Unserved {
        subject.begin(trace.live());
        try {
            fill(subject, trace);
            filled.run();
            int last = trace.operations() - trace.pairs() / 4;
            long begin = System.nanoTime();
            long cpu = THREADS.getCurrentThreadCpuTime();
            operate(subject, trace, trace.live(), last);
            long heap = THREADS.getCurrentThreadAllocatedBytes();
            operate(subject, trace, last, trace.operations());
            double count = trace.pairs();
            double heapBytes =
                    (THREADS.getCurrentThreadAllocatedBytes() - heap)
                            / (double) (trace.operations() - last);
            long cpuNanos = THREADS.getCurrentThreadCpuTime() - cpu;
            long nanos = System.nanoTime() - begin;
            return new Cost(
                    cpuNanos / count,
                    nanos / count,
                    Math.rint(heapBytes * 10) / 10,
                    subject.footprintBytes());
        } finally {
            subject.end();
        }
    }

    /** Whether a subject has room for a whole trace. */
    static boolean survives(Subject subject, Trace trace) {
        subject.begin(trace.live());
        try {
            fill(subject, trace);
            pairs(subject, trace);
            return true;
        } catch (Unserved full) {
            return false;
        } finally {
            subject.end();
        }
    }

    /**
     * Replays once more and lowers the time of each operation to what it took now, if that is less.
     *
     * @param least nanoseconds for each operation of the trace, the filling included
     */
    static void lower(Subject subject, Trace trace, int[] least) throws Unserved {
        subject.begin(trace.live());
        try {
            int live = trace.live();
            for (int i = 0; i < trace.operations(); i++) {
                int slot = trace.slot(i);
                int size = trace.size(i);
                long begin = System.nanoTime();
                boolean room = i < live ? subject.put(slot, size) : subject.replace(slot, size);
                long nanos = System.nanoTime() - begin;
                if (!room) throw new Unserved("no room", i);
                if (nanos < least[i]) least[i] = (int) nanos;
            }
        } finally {
            subject.end();
        }
    }

    private static void fill(Subject subject, Trace trace) throws Unserved {
        operate(subject, trace, 0, trace.live());
    }

    private static void pairs(Subject subject, Trace trace) throws Unserved {
        operate(subject, trace, trace.live(), trace.operations());
    }

    private static void operate(Subject subject, Trace trace, int from, int to) throws Unserved {
        long begin = THREADS.getCurrentThreadCpuTime();
        for (int next = from; next < to; ) {
            int end = Math.min(next + CHUNK, to);
            next =
                    next < trace.live()
                            ? puts(subject, trace, next, end)
                            : replaces(subject, trace, next, end);
            if (THREADS.getCurrentThreadCpuTime() - begin > PATIENCE_NANOS)
                throw new Unserved("too slow", next);
        }
    }

    private static int puts(Subject subject, Trace trace, int from, int to) throws Unserved {
        for (int i = from; i < to; i++)
            if (!subject.put(trace.slot(i), trace.size(i))) throw new Unserved("no room", i);
        return to;
    }

    private static int replaces(Subject subject, Trace trace, int from, int to) throws Unserved {
        for (int i = from; i < to; i++)
            if (!subject.replace(trace.slot(i), trace.size(i))) throw new Unserved("no room", i);
        return to;
    }
}
