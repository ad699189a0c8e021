// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/**
 * Lets new tasks pass, or not: how somebody who admits tasks for others keeps each of them to a
 * rate. It is asked after idempotency keys were looked up, so that a repeated request is answered
 * whatever the gate says, and before anything else is looked at. Thread-safe; it must not block.
 */
@FunctionalInterface
public interface AdmissionGate {
    /** Lets all tasks pass. */
    AdmissionGate OPEN = tasks -> {};

    /**
     * Tasks are about to be admitted. What is refused later has passed nevertheless.
     *
     * @param tasks how many of them are new, at least 1
     * @throws org.spicetime.runtime.api.error.RefusedException if they may not pass; then none of
     *     the request is admitted
     */
    void pass(int tasks);
}
