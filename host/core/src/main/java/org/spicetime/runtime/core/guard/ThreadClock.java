// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.guard;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Processor time and heap allocation of threads; where the machine does not tell, the answers do
 * not grow. Thread-safe.
 */
public final class ThreadClock {
    private static final ThreadMXBean BEAN = ManagementFactory.getThreadMXBean();
    private static final boolean CPU = BEAN.isThreadCpuTimeSupported();
    private static final Allocation ALLOCATION = allocation();

    private ThreadClock() {}

    /** Bytes the calling thread allocated so far. */
    @FunctionalInterface
    private interface Allocation {
        long ofCurrentThread();
    }

    private static Allocation allocation() {
        try {
            if (BEAN instanceof com.sun.management.ThreadMXBean bean
                    && bean.isThreadAllocatedMemorySupported()) {
                return bean::getCurrentThreadAllocatedBytes;
            }
        } catch (NoClassDefFoundError absent) {
            return () -> 0;
        }
        return () -> 0;
    }

    /** Processor time of the calling thread, ns. */
    static long cpu() {
        return CPU ? BEAN.getCurrentThreadCpuTime() : 0;
    }

    /** Processor time of a thread, ns; negative: the thread has ended, or it is not told. */
    public static long cpu(Thread thread) {
        return CPU ? BEAN.getThreadCpuTime(thread.threadId()) : -1;
    }

    /** Bytes the calling thread allocated on the heap so far. */
    static long allocated() {
        return ALLOCATION.ofCurrentThread();
    }
}
