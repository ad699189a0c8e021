// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import org.spicetime.runtime.api.catalogue.EjectionReason;

/** When a policy wants to be asked again although nothing happened. Guarded by the caller. */
final class Decisions {
    private static final long NEVER = Long.MAX_VALUE;

    private long pick = NEVER;
    private long order = NEVER;
    private boolean stale;

    /** A task came or changed, so that a slot that found none may find one now. */
    void arrival() {
        pick = NEVER;
        stale = true;
    }

    /** Anything else happened. */
    void event() {
        stale = true;
    }

    /** The policy named none of so many tasks, and an instant at which to ask again. */
    void pickAt(long instant, long now, int queued) throws PolicyFault {
        if (instant == NEVER)
            throw new PolicyFault(
                    EjectionReason.LOST,
                    "pickNext answered null for ever while " + queued + " tasks are queued");
        if (instant <= now)
            throw new PolicyFault(
                    EjectionReason.INVALID_RESULT,
                    "pickNext answered null and nextDecisionAt "
                            + instant
                            + ", which is not after "
                            + now);
        pick = instant;
    }

    /** A slot that found no task is to be asked again no later than at this instant. */
    void pickBy(long instant) {
        pick = Math.min(pick, instant);
    }

    /** Whether anything happened since this was asked last. */
    boolean outdated() {
        boolean answer = stale;
        stale = false;
        return answer;
    }

    /** The order does not change before this instant unless something happens. */
    void orderAt(long instant) {
        order = instant;
    }

    long next() {
        return Math.min(pick, order);
    }

    /** Whether an instant has come; told once. */
    boolean due(long now) {
        if (next() > now) return false;
        if (pick <= now) pick = NEVER;
        if (order <= now) order = NEVER;
        return true;
    }
}
