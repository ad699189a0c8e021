// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.pressure;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.memory.MemoryPressure;
import org.spicetime.runtime.api.memory.PressureLevel;

/**
 * The level of one pool, and what is to be told of it: a change once, and one change per second at
 * most, the newest. Thread-safe; time is an argument.
 */
public final class PressureGauge {
    private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final DomainId domain;

    // Guarded by this.
    private PressureLevel level = PressureLevel.NONE;
    private PressureLevel told = PressureLevel.NONE;
    private boolean everTold;
    private long toldAt;
    private long criticalSince;
    private long used;
    private long total;

    /**
     * @param domain whose pool
     */
    public PressureGauge(DomainId domain) {
        this.domain = domain;
    }

    /**
     * Compares the use of the pool with the levels.
     *
     * @param usedBytes bytes of live blocks
     * @param totalBytes size in force; 0: there is no pool
     * @param nanos now
     * @return the level now
     */
    public synchronized PressureLevel observe(long usedBytes, long totalBytes, long nanos) {
        used = usedBytes;
        total = totalBytes;
        PressureLevel now =
                totalBytes == 0 ? PressureLevel.NONE : level.next((double) usedBytes / totalBytes);
        if (now == PressureLevel.CRITICAL && level != now) {
            criticalSince = nanos;
        }
        level = now;
        return now;
    }

    /** The level when it was looked at last. */
    public synchronized PressureLevel level() {
        return level;
    }

    /** Whether the level is another one than was told last. */
    public synchronized boolean untold() {
        return level != told;
    }

    /** For how long it has been CRITICAL, nanoseconds; negative: it is not. */
    public synchronized long criticalNanos(long nanos) {
        return level == PressureLevel.CRITICAL ? nanos - criticalSince : -1;
    }

    /**
     * The change that is to be told now, once.
     *
     * @param nanos now
     * @return null: there is none, or it is too early
     */
    public synchronized @Nullable MemoryPressure takeChange(long nanos) {
        if (level == told || everTold && nanos - toldAt < SHORTEST_NANOS) {
            return null;
        }
        MemoryPressure change = new MemoryPressure(domain, level, told, total, used);
        told = level;
        toldAt = nanos;
        everTold = true;
        return change;
    }
}
