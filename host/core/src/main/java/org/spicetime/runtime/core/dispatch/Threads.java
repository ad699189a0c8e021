// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for threads to end. Thread-safe. */
final class Threads {

    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    private Threads() {}

    /** Waits for a thread, at most so long; one that goes on is named in the log. */
    static boolean join(Thread thread, Duration limit) {
        boolean interrupted = false;
        long end = System.nanoTime() + limit.toNanos();
        while (thread.isAlive()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                LOG.warn("thread {} did not end within {}", thread.getName(), limit);
                break;
            }
            try {
                thread.join(Duration.ofNanos(left));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
