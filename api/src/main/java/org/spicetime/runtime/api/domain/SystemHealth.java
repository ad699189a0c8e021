// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Health of the host. Immutable.
 *
 * @param status the worst state of any component
 * @param timestamp when it was determined
 * @param uptime since the start of the host
 * @param version of the host
 * @param domainCount domains known
 * @param activeDomains domains that run
 * @param activeTasks tasks not finished, over all domains
 * @param resources of the host, over all domains
 * @param components the parts that were checked
 * @param store the store of tasks and configurations; null: there is none
 */
public record SystemHealth(
        HealthStatus status,
        Instant timestamp,
        Duration uptime,
        String version,
        int domainCount,
        int activeDomains,
        int activeTasks,
        ResourceUsage resources,
        List<HealthComponent> components,
        @Nullable StoreHealth store) {
    public SystemHealth {
        components = List.copyOf(components);
    }
}
