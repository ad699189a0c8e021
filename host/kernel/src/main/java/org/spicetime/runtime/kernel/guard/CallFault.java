// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.guard;

import java.util.Map;
import org.spicetime.runtime.api.catalogue.EjectionReason;

/**
 * What a call into a plugin is at fault for, although it may have answered. Immutable.
 *
 * @param reason why the plugin is to be ejected
 * @param message what was seen, in one sentence
 * @param report facts for the author of the plugin
 */
public record CallFault(EjectionReason reason, String message, Map<String, Object> report) {
    public CallFault {
        report = Map.copyOf(report);
    }
}
