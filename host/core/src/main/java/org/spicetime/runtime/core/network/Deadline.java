// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.time.Duration;

/**
 * When a request has to be done, on the monotonic clock. Immutable.
 *
 * @param limit the time it was given; zero: without end
 * @param start reading of the clock at its beginning
 */
record Deadline(Duration limit, long start) {

    /** From now on. */
    static Deadline in(Duration limit) {
        return new Deadline(limit, System.nanoTime());
    }

    boolean isNone() {
        return limit.isZero();
    }

    /** Nanoseconds left; not positive: it has passed. */
    long left() {
        if (isNone()) {
            return Long.MAX_VALUE;
        }
        long given;
        try {
            given = limit.toNanos();
        } catch (ArithmeticException centuries) {
            return Long.MAX_VALUE;
        }
        return given - (System.nanoTime() - start);
    }
}
