// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.alerts;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.AlertSeverity;

/**
 * Something that is the matter now, as a rule sees it. Immutable.
 *
 * @param code what
 * @param domain with which domain; null: with the host
 * @param subject with which part, where a code can be found more than once; may be empty
 * @param severity how serious it is
 * @param message one sentence
 * @param details further facts
 */
record Finding(
        AlertCode code,
        @Nullable DomainId domain,
        String subject,
        AlertSeverity severity,
        String message,
        Map<String, Object> details) {
    Finding {
        details = Map.copyOf(details);
    }
}
