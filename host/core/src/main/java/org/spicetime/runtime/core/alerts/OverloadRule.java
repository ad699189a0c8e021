// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.alerts;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.AlertSeverity;

/** Whether schedules were admitted that need more than there is. Stateless. */
final class OverloadRule {
    private OverloadRule() {}

    /**
     * What is the matter.
     *
     * @param needed processors, by the run times and periods the schedules tell
     * @param slots processors there are for them
     */
    static List<Finding> findings(DomainId domain, String policy, double needed, double slots) {
        if (needed <= slots) {
            return List.of();
        }
        return List.of(
                new Finding(
                        AlertCode.OVERLOAD,
                        domain,
                        "",
                        AlertSeverity.WARNING,
                        "domain \"%s\": its schedules need %s processors, there are %s; %s admits them all the same"
                                .formatted(domain, shown(needed), shown(slots), policy),
                        Map.of("needed", needed, "available", slots, "policy", policy)));
    }

    private static String shown(double processors) {
        return BigDecimal.valueOf(processors)
                .setScale(4, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
