// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.core.config.ConfigTable;
import org.spicetime.runtime.core.payload.Json;

/** Configurations and reservations as the store keeps them. Thread-safe. */
final class ConfigJson {

    private ConfigJson() {}

    static String of(ConfigTable table, DomainConfig config) {
        return Json.text(table.nested(config));
    }

    static String of(ConfigPatch patch) {
        return Json.text(patch.values());
    }

    static String of(ResourceAllocation grant) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("id", grant.id().toString());
        members.put("cpu", cpu(grant.cpu()));
        members.put("memory", memory(grant.memory()));
        members.put("network", network(grant.network()));
        members.put("priority", grant.priority());
        members.put("grantedAt", grant.grantedAt().toString());
        return Json.text(members);
    }

    private static @Nullable Object cpu(ResourceAllocation.@Nullable CpuGrant grant) {
        return grant == null ? null : Map.of("cores", grant.cores(), "priority", grant.priority());
    }

    private static @Nullable Object memory(ResourceAllocation.@Nullable MemoryGrant grant) {
        return grant == null ? null : Map.of("size", grant.sizeBytes(), "type", grant.type());
    }

    private static @Nullable Object network(ResourceAllocation.@Nullable NetworkGrant grant) {
        return grant == null
                ? null
                : Map.of("bandwidth", grant.bandwidth(), "connections", grant.connections());
    }
}
