// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.core.config.ConfigTable;

/** Configurations and reservations as the store keeps them. Thread-safe. */
final class ConfigJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ConfigJson() {}

    static String of(ConfigTable table, DomainConfig config) {
        return write(table.nested(config));
    }

    static String of(ConfigPatch patch) {
        return write(patch.values());
    }

    static String of(ResourceAllocation grant) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("id", grant.id().toString());
        members.put("cpu", grant.cpu());
        members.put("memory", grant.memory());
        members.put("network", grant.network());
        members.put("priority", grant.priority());
        members.put("grantedAt", grant.grantedAt().toString());
        return write(members);
    }

    private static String write(Map<String, ?> members) {
        try {
            return JSON.writeValueAsString(members);
        } catch (JsonProcessingException unwritable) {
            throw new IllegalStateException("a configuration is made of JSON values", unwritable);
        }
    }
}
