// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler.analysis;

/** What a call may still do. Used by one call. */
final class Steps {
    /** Some ten to a hundred milliseconds. */
    private static final long MOST = 4_000_000;

    private long left = MOST;

    /** Counts steps that are about to be done. */
    void take(long steps) {
        left -= steps;
        if (left < 0) throw new OutOfStepsException();
    }

    /** Time values beyond this are given up before they can overflow. */
    long checked(long nanos) {
        if (nanos < 0 || nanos > Long.MAX_VALUE / 4) throw new OutOfStepsException();
        return nanos;
    }

    /** The call has done enough, or its numbers became too large to go on. */
    static final class OutOfStepsException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutOfStepsException() {
            super("an analysis took too many steps", null, false, false);
        }
    }
}
