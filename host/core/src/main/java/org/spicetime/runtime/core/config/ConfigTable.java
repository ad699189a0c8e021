// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.ConfigChange;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.task.Durability;

/**
 * The properties of a domain's configuration: the one place that knows their paths, ranges and
 * defaults. Immutable.
 */
public final class ConfigTable {

    private final Map<String, Property> byPath;

    /**
     * The table for a host.
     *
     * @param processors of the host; the default of {@code executor.parallelism}
     * @param durability how durable the store is; the default of {@code tasks.durability}
     */
    public ConfigTable(int processors, Durability durability) {
        byPath = new ConfigRows(processors, durability).byPath();
    }

    /** All rows, in the order of the schema. */
    public List<Property> properties() {
        return List.copyOf(byPath.values());
    }

    @Nullable Property find(String path) {
        return byPath.get(path);
    }

    /** Whether some property lies below this path. */
    boolean isGroup(String path) {
        String prefix = path + ".";
        return byPath.keySet().stream().anyMatch(known -> known.startsWith(prefix));
    }

    /** Names that may follow a path, for messages; the empty path is the root. */
    List<String> membersOf(String group) {
        int skip = group.isEmpty() ? 0 : group.length() + 1;
        List<String> members = new ArrayList<>();
        for (String path : byPath.keySet()) {
            if (group.isEmpty() || path.startsWith(group + ".")) {
                String member = path.substring(skip).split("\\.", 2)[0];
                if (!members.contains(member)) {
                    members.add(member);
                }
            }
        }
        return members;
    }

    /** The configuration in which every property has its default. */
    public DomainConfig defaults() {
        Map<String, Object> values = new LinkedHashMap<>();
        byPath.forEach((path, property) -> {
            if (property.defaultValue() != null) {
                values.put(path, property.defaultValue());
            }
        });
        return ConfigValues.build(values);
    }

    /** The values of a configuration, by path. */
    Map<String, Object> valuesOf(DomainConfig config) {
        Map<String, Object> values = new LinkedHashMap<>();
        byPath.forEach((path, property) -> {
            if (property.present() != null) {
                Object value = property.present().apply(config);
                if (value != null) {
                    values.put(path, value);
                }
            }
        });
        return values;
    }

    /** The paths of what a configuration keeps, in the order of the schema. */
    public List<String> paths() {
        return byPath.values().stream()
                .filter(property -> property.present() != null)
                .map(Property::path)
                .toList();
    }

    /** The values that differ between two configurations, in the order of the schema. */
    public List<ConfigChange> changes(DomainConfig before, DomainConfig after) {
        Map<String, Object> former = valuesOf(before);
        List<ConfigChange> changes = new ArrayList<>();
        Map<String, Object> present = valuesOf(after);
        for (String path : paths()) {
            Object was = former.get(path);
            Object is = present.get(path);
            if (!Objects.equals(was, is)) {
                changes.add(new ConfigChange(path, was, is));
            }
        }
        return changes;
    }

    /** The configuration in the shape of a patch that sets all of it. */
    public Map<String, Object> nested(DomainConfig config) {
        Map<String, Object> root = new LinkedHashMap<>();
        valuesOf(config).forEach((path, value) -> put(root, path, value));
        return root;
    }

    @SuppressWarnings("unchecked") // groups are made here and nowhere else
    private static void put(Map<String, Object> group, String path, Object value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            group.put(path, value);
        } else {
            put(
                    (Map<String, Object>)
                            group.computeIfAbsent(
                                    path.substring(0, dot), name -> new LinkedHashMap<>()),
                    path.substring(dot + 1),
                    value);
        }
    }
}
