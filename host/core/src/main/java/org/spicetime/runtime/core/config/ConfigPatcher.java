// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.config;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;

/**
 * Makes the configuration that a patch asks for, or refuses the patch as a whole with its first
 * mistake. Changes nothing. Thread-safe.
 */
public final class ConfigPatcher {

    private static final int DEEPEST = 4;

    private enum Check {
        NONE,
        NAMED,
        ALL
    }

    private static final String THRESHOLD = "scheduler.preemption.threshold";

    private final ConfigTable table;
    private final Choosable choosable;

    /** A patcher for a table and what is deployed now. */
    public ConfigPatcher(ConfigTable table, Choosable choosable) {
        this.table = table;
        this.choosable = choosable;
    }

    /**
     * The configuration a change leads to. A policy or strategy named by the patch must be there.
     */
    public DomainConfig apply(DomainConfig base, ConfigPatch patch) {
        return apply(base, patch, Check.NAMED);
    }

    /** The configuration of a new domain: its plugins must be there, the default ones included. */
    public DomainConfig create(DomainConfig defaults, ConfigPatch patch) {
        return apply(defaults, patch, Check.ALL);
    }

    /**
     * The configuration of a domain that is read from a file at start, when bundles may still be on
     * their way: names of plugins, and their parameters, are not checked.
     */
    public DomainConfig provision(DomainConfig base, ConfigPatch patch) {
        return apply(base, patch, Check.NONE);
    }

    private DomainConfig apply(DomainConfig base, ConfigPatch patch, Check plugins) {
        Map<String, Object> values = table.valuesOf(base);
        Set<String> named = new HashSet<>();
        walk("", patch.values(), values, named, 0);
        bothQuanta(patch);
        checkContradictions(values);
        checkThreshold(base, values, named);
        if (plugins == Check.ALL) {
            named.add("scheduler.policy");
            named.add("memory.allocationType");
        }
        if (plugins != Check.NONE) {
            checkPlugins(values, named);
        }
        if (named.contains("tasks.durability")
                && "DURABLE".equals(values.get("tasks.durability"))
                && !choosable.durable()) {
            throw RefusedException.notAvailable("tasks.durability", "DURABLE", List.of("VOLATILE"));
        }
        return ConfigValues.build(values);
    }

    private void walk(
            String group,
            Map<?, ?> members,
            Map<String, Object> values,
            Set<String> named,
            int depth) {
        for (Map.Entry<?, ?> member : members.entrySet()) {
            String name = String.valueOf(member.getKey());
            String path = group.isEmpty() ? name : group + "." + name;
            Property property = table.find(path);
            if (property != null) {
                set(property, member.getValue(), values);
                named.add(path);
            } else if (depth < DEEPEST && table.isGroup(path)) {
                if (member.getValue() == null) {
                    resetGroup(path, values, named);
                } else if (member.getValue() instanceof Map<?, ?> inner) {
                    walk(path, inner, values, named, depth + 1);
                } else {
                    throw RefusedException.outOfRange(
                            path,
                            Shown.of(member.getValue()),
                            "an object of " + String.join(", ", table.membersOf(path)));
                }
            } else {
                throw unknown(group, name);
            }
        }
    }

    private RefusedException unknown(String group, String name) {
        String range = String.join(", ", table.membersOf(group));
        return new RefusedException(
                RequestErrorCode.BAD_USER_INPUT,
                (group.isEmpty() ? "config" : group)
                        + ": there is no setting "
                        + Shown.of(name)
                        + "; the settings are "
                        + range,
                Map.of("field", group.isEmpty() ? "config" : group, "range", range));
    }

    private void set(Property property, @Nullable Object raw, Map<String, Object> values) {
        if (raw == null) {
            reset(property, values);
        } else if (property.kind() instanceof Kind.Multiple multiple) {
            values.put(multiple.target(), multiple.read(property.path(), raw));
        } else {
            Object value = property.kind().read(property.path(), raw);
            if (property.present() != null) {
                values.put(property.path(), value);
            }
        }
    }

    private void resetGroup(String group, Map<String, Object> values, Set<String> named) {
        for (Property property : table.properties()) {
            if (property.path().startsWith(group + ".")) {
                reset(property, values);
                named.add(property.path());
            }
        }
    }

    private void reset(Property property, Map<String, Object> values) {
        Property row = property;
        if (property.kind() instanceof Kind.Multiple multiple) {
            row = Objects.requireNonNull(table.find(multiple.target()));
        }
        if (row.defaultValue() != null) {
            values.put(row.path(), row.defaultValue());
        } else {
            values.remove(row.path());
        }
    }

    private static void bothQuanta(ConfigPatch patch) {
        if (patch.values().get("scheduler") instanceof Map<?, ?> scheduler
                && scheduler.get("quantum") != null
                && scheduler.get("quantumMicros") != null) {
            throw new RefusedException(
                    RequestErrorCode.BAD_USER_INPUT,
                    "scheduler.quantum: give either quantum (milliseconds) or quantumMicros, not both",
                    Map.of("field", "scheduler.quantum", "range", "one of quantum, quantumMicros"));
        }
    }

    private static void checkContradictions(Map<String, Object> values) {
        long min = number(values, "scheduler.priorities.min");
        long max = number(values, "scheduler.priorities.max");
        long standard = number(values, "scheduler.priorities.default");
        if (min > max) {
            throw RefusedException.outOfRange(
                    "scheduler.priorities.min", min, "at most scheduler.priorities.max " + max);
        }
        if (max - min + 1 > PriorityConfig.MAX_LEVELS) {
            throw RefusedException.outOfRange(
                    "scheduler.priorities.max",
                    max,
                    min
                            + " .. "
                            + (min + PriorityConfig.MAX_LEVELS - 1)
                            + " (at most "
                            + PriorityConfig.MAX_LEVELS
                            + " levels)");
        }
        if (standard < min || standard > max) {
            throw RefusedException.outOfRange(
                    "scheduler.priorities.default", standard, min + " .. " + max);
        }
        Object ceiling = values.get("scheduler.priorities.ceiling");
        if (ceiling instanceof Long level && (level < min || level > max)) {
            throw RefusedException.outOfRange(
                    "scheduler.priorities.ceiling", level, min + " .. " + max);
        }
        long first = number(values, "networking.retryPolicy.initialDelay");
        long largest = number(values, "networking.retryPolicy.maxDelay");
        if (largest < first) {
            throw RefusedException.outOfRange(
                    "networking.retryPolicy.maxDelay",
                    largest,
                    "at least networking.retryPolicy.initialDelay " + first);
        }
    }

    /* The value it has without being named means nothing to who asks for the mode. */
    private static void checkThreshold(
            DomainConfig base, Map<String, Object> values, Set<String> named) {
        boolean asked = "THRESHOLD".equals(values.get("scheduler.preemption.mode"));
        if (!asked) {
            return;
        }
        long min = number(values, "scheduler.priorities.min");
        long max = number(values, "scheduler.priorities.max");
        if (base.scheduler().preemption().mode() != PreemptionMode.THRESHOLD
                && !named.contains(THRESHOLD)) {
            throw new RefusedException(
                    RequestErrorCode.BAD_USER_INPUT,
                    THRESHOLD
                            + " must be given with scheduler.preemption.mode THRESHOLD: a priority"
                            + " from "
                            + min
                            + " to "
                            + max,
                    Map.of("field", THRESHOLD, "range", min + " .. " + max));
        }
        long threshold = number(values, THRESHOLD);
        if (threshold < min || threshold > max) {
            throw RefusedException.outOfRange(THRESHOLD, threshold, min + " .. " + max);
        }
    }

    private void checkPlugins(Map<String, Object> values, Set<String> named) {
        if (named.contains("scheduler.policy") || named.contains("scheduler.parameters")) {
            String policy = (String) Objects.requireNonNull(values.get("scheduler.policy"));
            if (!choosable.policies().contains(policy)) {
                throw RefusedException.notAvailable(
                        "scheduler.policy", policy, choosable.policies());
            }
            choosable.checkPolicyParameters(policy, parameters(values, "scheduler.parameters"));
        }
        if (named.contains("memory.allocationType")
                || named.contains("memory.parameters")
                || named.contains("memory.poolSize")) {
            String allocator = (String) Objects.requireNonNull(values.get("memory.allocationType"));
            if (!choosable.allocators().contains(allocator)) {
                throw RefusedException.notAvailable(
                        "memory.allocationType", allocator, choosable.allocators());
            }
            choosable.checkAllocator(
                    allocator,
                    number(values, "memory.poolSize"),
                    parameters(values, "memory.parameters"));
        }
    }

    private static long number(Map<String, Object> values, String path) {
        return (Long) Objects.requireNonNull(values.get(path), path);
    }

    @SuppressWarnings("unchecked") // Kind.Parameters made it
    private static Map<String, Object> parameters(Map<String, Object> values, String path) {
        return (Map<String, Object>) Objects.requireNonNull(values.get(path), path);
    }
}
