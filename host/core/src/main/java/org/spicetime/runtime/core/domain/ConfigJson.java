// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
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

    /** The patch that leads from the defaults to a stored configuration. */
    @SuppressWarnings("NullAway") // the class file of a compact constructor lacks the annotation
    static ConfigPatch patch(String json) {
        return new ConfigPatch(object(Json.read(json.getBytes(UTF_8), "configuration"), "it"));
    }

    /** A stored reservation. */
    static ResourceAllocation grant(DomainId domain, String json) {
        Map<?, ?> members = object(Json.read(json.getBytes(UTF_8), "grants"), "grants");
        Map<?, ?> cpu = part(members, "cpu");
        Map<?, ?> memory = part(members, "memory");
        Map<?, ?> network = part(members, "network");
        return new ResourceAllocation(
                UUID.fromString(text(members, "id")),
                domain,
                cpu == null
                        ? null
                        : new ResourceAllocation.CpuGrant(
                                number(cpu, "cores").doubleValue(),
                                number(cpu, "priority").intValue()),
                memory == null
                        ? null
                        : new ResourceAllocation.MemoryGrant(
                                number(memory, "size").longValue(), text(memory, "type")),
                network == null
                        ? null
                        : new ResourceAllocation.NetworkGrant(
                                number(network, "bandwidth").doubleValue(),
                                number(network, "connections").intValue()),
                number(members, "priority").intValue(),
                Instant.parse(text(members, "grantedAt")));
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // Json makes no other maps
    private static Map<String, @Nullable Object> object(@Nullable Object value, String what) {
        if (value instanceof Map<?, ?> members) {
            return (Map<String, @Nullable Object>) members;
        }
        throw new IllegalArgumentException(what + " must be an object, was " + value);
    }

    private static @Nullable Map<?, ?> part(Map<?, ?> members, String name) {
        Object value = members.get(name);
        return value == null ? null : object(value, name);
    }

    private static String text(Map<?, ?> members, String name) {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(name + " must be a text, was " + members.get(name));
    }

    private static Number number(Map<?, ?> members, String name) {
        if (members.get(name) instanceof Number number) {
            return number;
        }
        throw new IllegalArgumentException(name + " must be a number, was " + members.get(name));
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
