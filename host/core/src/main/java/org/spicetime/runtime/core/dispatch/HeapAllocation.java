// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.lang.management.ManagementFactory;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Bytes a thread allocated on the heap, where the virtual machine counts them. The extension of the
 * platform that counts is an optional import. Thread-safe.
 */
final class HeapAllocation {

    private static final @Nullable Counter COUNTER = find();

    private interface Counter {
        long current();
    }

    private HeapAllocation() {}

    /** Of the calling thread since its start. */
    static OptionalLong current() {
        if (COUNTER == null) {
            return OptionalLong.empty();
        }
        long bytes = COUNTER.current();
        return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    private static @Nullable Counter find() {
        try {
            return Extension.counter();
        } catch (LinkageError absent) {
            return null;
        }
    }

    /* Apart, so that the class is only linked where the package is there. */
    private static final class Extension {
        static @Nullable Counter counter() {
            if (ManagementFactory.getThreadMXBean()
                            instanceof com.sun.management.ThreadMXBean threads
                    && threads.isThreadAllocatedMemorySupported()
                    && threads.isThreadAllocatedMemoryEnabled()) {
                return threads::getCurrentThreadAllocatedBytes;
            }
            return null;
        }
    }
}
