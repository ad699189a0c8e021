// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.Map;
import java.util.Objects;
import org.spicetime.runtime.api.catalogue.EjectionReason;

/**
 * A policy was taken out of service. Immutable.
 *
 * @param ejected the policy that was in charge
 * @param reason why
 * @param message what was seen, in one sentence
 * @param report facts for the author of the policy: strings, numbers, booleans, lists and maps of
 *     them
 */
public record PolicyEjection(
        PolicyBinding ejected, EjectionReason reason, String message, Map<String, Object> report) {
    public PolicyEjection {
        Objects.requireNonNull(ejected, "ejected");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
        report = Map.copyOf(report);
    }
}
