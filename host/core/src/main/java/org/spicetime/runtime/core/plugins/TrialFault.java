// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.util.Map;
import org.spicetime.runtime.api.catalogue.EjectionReason;

/**
 * What a plugin was found at fault for before it was put in charge. Immutable.
 *
 * @param reason as if it had been in charge
 * @param message what was seen, in one sentence
 * @param report facts for its author
 */
public record TrialFault(EjectionReason reason, String message, Map<String, Object> report) {
    public TrialFault {
        report = Map.copyOf(report);
    }
}
