// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMetrics;

/** One collection of a pool, in steps that hold its lock shortly. Used once, by one thread. */
final class PoolCollection {
    private final DomainPool pool;
    private final LongSupplier nanoTime;
    private long longestPauseNanos;

    PoolCollection(DomainPool pool, LongSupplier nanoTime) {
        this.pool = pool;
        this.nanoTime = nanoTime;
    }

    CollectionReport run(boolean compact) {
        long started = nanoTime.getAsLong();
        long reclaimed = 0;
        for (TaskArena arena : pool.abandoned()) {
            reclaimed += arena.reclaim().bytes();
        }
        pool.leaveQuarantinedZones();
        if (compact) {
            long step = nanoTime.getAsLong();
            pool.audit();
            pause(step);
        }
        for (int zone = 0; ; zone++) {
            long step = nanoTime.getAsLong();
            boolean more = pool.discard(zone);
            pause(step);
            if (!more) {
                break;
            }
        }
        MemoryMetrics memory = pool.collected();
        return new CollectionReport(
                reclaimed,
                0,
                Duration.ofNanos(nanoTime.getAsLong() - started),
                Duration.ofNanos(longestPauseNanos),
                memory);
    }

    /** A step includes its own wait for the lock, so this is an upper bound. */
    private void pause(long step) {
        longestPauseNanos = Math.max(longestPauseNanos, nanoTime.getAsLong() - step);
    }
}
