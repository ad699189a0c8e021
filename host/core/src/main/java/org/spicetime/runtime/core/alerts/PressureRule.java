// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.alerts;

import java.util.List;
import java.util.Map;
import org.spicetime.runtime.api.domain.AlertSeverity;
import org.spicetime.runtime.api.memory.MemoryPressure;
import org.spicetime.runtime.api.memory.PressureLevel;

/** From which level on the pressure of a pool is the matter. Stateless. */
final class PressureRule {
    private PressureRule() {}

    /** HIGH is a warning, CRITICAL is critical; below, nothing is. */
    static List<Finding> findings(MemoryPressure pressure) {
        if (pressure.level().compareTo(PressureLevel.HIGH) < 0) {
            return List.of();
        }
        boolean critical = pressure.level() == PressureLevel.CRITICAL;
        return List.of(
                new Finding(
                        AlertCode.MEMORY_PRESSURE,
                        pressure.domain(),
                        "",
                        critical ? AlertSeverity.CRITICAL : AlertSeverity.WARNING,
                        "domain \"%s\": memory pressure is %s, %d of %d bytes of the pool are used%s"
                                .formatted(
                                        pressure.domain(),
                                        pressure.level(),
                                        pressure.usedBytes(),
                                        pressure.totalBytes(),
                                        critical ? "; tasks that ask for memory are refused" : ""),
                        Map.of(
                                "level", pressure.level().name(),
                                "usedBytes", pressure.usedBytes(),
                                "totalBytes", pressure.totalBytes())));
    }
}
