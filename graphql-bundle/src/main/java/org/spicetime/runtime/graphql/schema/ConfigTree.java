// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.DomainConfig;

/** A configuration as values by path, in the names and units of the inputs. Thread-safe. */
final class ConfigTree {
    private ConfigTree() {}

    /** The values that differ, in the order of the schema. */
    static List<Difference> differences(DomainConfig before, DomainConfig after) {
        Map<String, Object> old = values(before);
        List<Difference> changes = new ArrayList<>();
        values(after)
                .forEach((path, value) -> {
                    Object was = old.get(path);
                    if (!Objects.equals(was, value)) changes.add(new Difference(path, was, value));
                });
        return changes;
    }

    /** Every value by its path, e.g. {@code scheduler.quantumMicros}. */
    static Map<String, Object> values(DomainConfig config) {
        Map<String, Object> values = new LinkedHashMap<>();
        var scheduler = config.scheduler();
        values.put("scheduler.policy", scheduler.policy());
        values.put("scheduler.quantumMicros", Numbers.micros(scheduler.quantum()));
        values.put("scheduler.priorities.min", scheduler.priorities().min());
        values.put("scheduler.priorities.max", scheduler.priorities().max());
        values.put("scheduler.priorities.default", scheduler.priorities().defaultPriority());
        values.put("scheduler.priorities.protocol", scheduler.priorities().protocol().name());
        values.put("scheduler.preemption.enabled", scheduler.preemption().enabled());
        values.put("scheduler.preemption.mode", scheduler.preemption().mode().name());
        values.put("scheduler.parameters", scheduler.parameters());
        var memory = config.memory();
        values.put("memory.poolSize", memory.poolSizeBytes());
        values.put("memory.allocationType", memory.allocationType());
        var collection = memory.garbageCollection();
        values.put("memory.garbageCollection.strategy", collection.strategy().name());
        values.put("memory.garbageCollection.threshold", collection.threshold());
        values.put("memory.garbageCollection.maxPause", Numbers.micros(collection.maxPause()));
        values.put("memory.garbageCollection.interval", Numbers.millis(collection.interval()));
        values.put("memory.garbageCollection.compaction", collection.compaction());
        values.put("memory.garbageCollection.onTaskEnd", collection.onTaskEnd().name());
        values.put("memory.swapPolicy", memory.swapPolicy().name());
        values.put("memory.parameters", memory.parameters());
        var executor = config.executor();
        values.put("executor.parallelism", executor.parallelism());
        values.put("executor.workStealing", executor.workStealing());
        values.put("executor.batchSize", executor.batchSize());
        values.put("executor.queuePolicy", executor.queuePolicy().name());
        values.put("executor.queueCapacity", executor.queueCapacity());
        values.put("executor.overflowPolicy", executor.overflowPolicy().name());
        values.put("executor.maxWait", Numbers.millis(executor.maxWait()));
        var networking = config.networking();
        values.put("networking.maxConnections", networking.maxConnections());
        values.put("networking.timeout", Numbers.millis(networking.timeout()));
        values.put("networking.compression", networking.compression());
        var retries = networking.retryPolicy();
        values.put("networking.retryPolicy.maxAttempts", retries.maxAttempts());
        values.put("networking.retryPolicy.backoff", retries.backoff().name());
        values.put("networking.retryPolicy.initialDelay", Numbers.millis(retries.initialDelay()));
        values.put("networking.retryPolicy.maxDelay", Numbers.millis(retries.maxDelay()));
        values.put("networking.retryPolicy.multiplier", retries.multiplier());
        values.put("networking.retryPolicy.jitter", retries.jitter());
        values.put(
                "networking.retryPolicy.retryOn",
                retries.retryOn().stream().map(Enum::name).sorted().toList());
        values.put("tasks.durability", config.tasks().durability().name());
        values.put("tasks.retention.maxTasks", config.tasks().maxFinished());
        return values;
    }

    /** A value that differs. Immutable. */
    record Difference(String path, @Nullable Object before, @Nullable Object after) {}
}
