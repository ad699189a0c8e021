// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.spicetime.runtime.kernel.task.Now;

/**
 * The two clocks of the host. Immutable, as thread-safe as its sources.
 *
 * @param nanos monotonic, for spans, time-outs and leases
 * @param instants UTC, for deadlines and what people read
 */
public record HostClock(LongSupplier nanos, InstantSource instants) {

    /** The clocks of the machine. */
    public static HostClock system() {
        return new HostClock(System::nanoTime, InstantSource.system());
    }

    /** Both at once. */
    public Now now() {
        return new Now(nanos.getAsLong(), instants.instant());
    }
}
