// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Tells what clients can bring about as often as they like, without letting them fill the log: once
 * in a while, and how often it was in between. Thread-safe.
 */
final class SeldomLog {
    static final Duration PAUSE = Duration.ofMinutes(1);

    private final Logger log;
    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private long untold;

    @GuardedBy("this")
    private long last;

    SeldomLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        last = nanoTime.getAsLong() - PAUSE.toNanos();
    }

    void warn(String what) {
        long before;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (now - last < PAUSE.toNanos()) {
                untold++;
                return;
            }
            before = untold;
            untold = 0;
            last = now;
        }
        if (before == 0) {
            log.warn("{}", what);
        } else {
            log.warn("{}; {} more since the line before", what, before);
        }
    }
}
