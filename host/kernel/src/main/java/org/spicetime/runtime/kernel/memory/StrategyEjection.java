// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.Map;
import org.spicetime.runtime.api.catalogue.EjectionReason;

/**
 * A strategy was taken out of service and first-fit is in charge. Immutable.
 *
 * @param binding the strategy
 * @param reason why
 * @param message what was seen, in one sentence
 * @param report facts for its author
 */
public record StrategyEjection(
        StrategyBinding binding,
        EjectionReason reason,
        String message,
        Map<String, Object> report) {
    public StrategyEjection {
        report = Map.copyOf(report);
    }
}
