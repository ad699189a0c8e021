// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import org.spicetime.runtime.kernel.task.Now;

/**
 * The two clocks of the host. Immutable, as thread-safe as its sources.
 *
 * @param nanos monotonic, for spans, time-outs and leases
 * @param instants UTC, for deadlines and what people read; in microseconds, which is as fine as the
 *     store is, so that what was read in memory is read again after a restart
 */
public record HostClock(LongSupplier nanos, InstantSource instants) {

    public HostClock {
        InstantSource given = instants;
        instants = () -> given.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** The clocks of the machine. */
    public static HostClock system() {
        return new HostClock(System::nanoTime, InstantSource.system());
    }

    /** Both at once. */
    public Now now() {
        return new Now(nanos.getAsLong(), instants.instant());
    }
}
