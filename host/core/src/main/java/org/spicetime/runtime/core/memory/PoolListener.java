// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.kernel.guard.CallMeter;

/**
 * Hears what happens to a pool. Called on the thread that noticed it, after the pool's lock was
 * released; it may call the pool, should be quick, and must not throw.
 */
@FunctionalInterface
public interface PoolListener {
    /**
     * The active strategy was taken out of service and the built-in first-fit is in charge. All
     * live blocks are still valid.
     *
     * @param reason why
     * @param message what was seen, in one sentence
     * @param report facts for the author of the strategy: {@code strategy}, {@code version}, where
     *     known {@code bundle}, and those of the case
     * @param switchTime from the beginning of the call that failed until first-fit was in charge
     */
    void strategyEjected(
            EjectionReason reason, String message, Map<String, Object> report, Duration switchTime);

    /**
     * A task that cannot be stopped holds blocks in zones of the strategy in charge. Whoever hears
     * it has {@link DomainPool#leaveQuarantinedZones} called, on a thread that may wait; until then
     * nothing is placed there, although the strategy proposes it.
     */
    default void zonesQuarantined() {}

    /**
     * Bytes that other pools of this process may still take from the machine beyond what they hold.
     */
    default long promisedElsewhere() {
        return 0;
    }

    /** An allocation was refused because others hold the memory now. */
    default void scarce() {}

    /** Why a strategy does not come back with the lock of the pool; null: it may. */
    default @Nullable String hangs() {
        return null;
    }

    /** A meter for the strategies of one plan; a pool asks for one each time it plans anew. */
    default CallMeter meter() {
        return CallMeter.NONE;
    }
}
