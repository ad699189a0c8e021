// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.spicetime.runtime.api.store.OpenReport;

/**
 * What the start of a host brought back from its store.
 *
 * <p>Immutable.
 *
 * @param opened what opening the store found and settled
 * @param domains domains that came back
 * @param tasks unfinished tasks that came back into memory
 * @param took time for both
 */
record HostRecovery(OpenReport opened, int domains, long tasks, Duration took) {

    /** As part of the store's health; empty for a store that keeps nothing. */
    Map<String, Object> details() {
        if (!opened.durable()) {
            return Map.of();
        }
        long retried = 0;
        long failed = 0;
        long suspended = 0;
        long cancelled = 0;
        for (OpenReport.Recovery settled : opened.recoveries()) {
            retried += settled.retried();
            failed += settled.failed();
            suspended += settled.suspended();
            cancelled += settled.cancelled();
        }
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("cleanStop", opened.cleanStop());
        counts.put("domains", domains);
        counts.put("tasks", tasks);
        counts.put("retried", retried);
        counts.put("failed", failed);
        counts.put("suspended", suspended);
        counts.put("cancelled", cancelled);
        counts.put("durationMs", took.toMillis());
        return Map.of("recovery", counts);
    }
}
