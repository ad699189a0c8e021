// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

/**
 * A policy's promise that nobody waits for ever: while a task is ready, at most {@code perQueued} ×
 * n + {@code fixed} other tasks are picked before it, n being the largest number of tasks queued at
 * once during its wait. The host counts picks, not time, so a pause of the machine never breaks the
 * promise; a policy that breaks it is ejected.
 *
 * <p>Immutable.
 *
 * @param perQueued picks per queued task; not negative
 * @param fixed further picks; not negative
 */
public record StarvationBound(long perQueued, long fixed) {

    /**
     * Checks the signs.
     *
     * @throws IllegalArgumentException if either is negative
     */
    public StarvationBound {
        if (perQueued < 0 || fixed < 0) {
            throw new IllegalArgumentException(
                    "a starvation bound counts picks and cannot be negative, was %d x queued + %d"
                            .formatted(perQueued, fixed));
        }
    }

    /**
     * The bound for a queue length.
     *
     * @param queued most tasks queued at once while one waited; not negative
     * @return picks it may be passed over; saturates at {@link Long#MAX_VALUE}
     */
    public long picks(long queued) {
        if (queued < 0) {
            throw new IllegalArgumentException("queued must not be negative, was " + queued);
        }
        long high = Math.multiplyHigh(perQueued, queued);
        long product = perQueued * queued;
        if (high != 0 || product < 0 || product + fixed < 0) {
            return Long.MAX_VALUE;
        }
        return product + fixed;
    }
}
