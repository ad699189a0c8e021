// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.ExecutorConfig;
import org.spicetime.runtime.api.domain.GcConfig;
import org.spicetime.runtime.api.domain.GcStrategy;
import org.spicetime.runtime.api.domain.LeakAction;
import org.spicetime.runtime.api.domain.MemoryConfig;
import org.spicetime.runtime.api.domain.OverflowPolicy;
import org.spicetime.runtime.api.domain.PreemptionConfig;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.domain.RetentionConfig;
import org.spicetime.runtime.api.domain.SchedulerConfig;
import org.spicetime.runtime.api.domain.SwapPolicy;
import org.spicetime.runtime.api.domain.TaskConfig;
import org.spicetime.runtime.api.network.NetworkConfig;
import org.spicetime.runtime.api.network.RetryCondition;
import org.spicetime.runtime.api.network.RetryPolicy;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskType;

/** Makes the records of a configuration from the values of the table. Called by one thread. */
final class ConfigValues {

    private final Map<String, Object> values;

    private ConfigValues(Map<String, Object> values) {
        this.values = values;
    }

    /** The configuration; values that contradict each other have been refused before. */
    static DomainConfig build(Map<String, Object> values) {
        ConfigValues v = new ConfigValues(values);
        return new DomainConfig(v.scheduler(), v.memory(), v.executor(), v.network(), v.tasks());
    }

    private SchedulerConfig scheduler() {
        return new SchedulerConfig(
                text("scheduler.policy"),
                micros("scheduler.quantumMicros"),
                integer("scheduler.maxStarted"),
                new PriorityConfig(
                        integer("scheduler.priorities.min"),
                        integer("scheduler.priorities.max"),
                        integer("scheduler.priorities.default"),
                        PriorityProtocol.valueOf(text("scheduler.priorities.protocol")),
                        millis("scheduler.priorities.agingInterval"),
                        integer("scheduler.priorities.agingStep"),
                        integerIfSet("scheduler.priorities.ceiling")),
                new PreemptionConfig(
                        flag("scheduler.preemption.enabled"),
                        PreemptionMode.valueOf(text("scheduler.preemption.mode")),
                        integer("scheduler.preemption.threshold"),
                        micros("scheduler.preemption.granularity"),
                        names("scheduler.preemption.nonPreemptible").stream()
                                .map(TaskType::valueOf)
                                .collect(Collectors.toSet())),
                parameters("scheduler.parameters"));
    }

    private MemoryConfig memory() {
        return new MemoryConfig(
                number("memory.poolSize"),
                text("memory.allocationType"),
                new GcConfig(
                        GcStrategy.valueOf(text("memory.garbageCollection.strategy")),
                        real("memory.garbageCollection.threshold"),
                        micros("memory.garbageCollection.maxPause"),
                        millis("memory.garbageCollection.interval"),
                        flag("memory.garbageCollection.compaction"),
                        LeakAction.valueOf(text("memory.garbageCollection.onTaskEnd"))),
                SwapPolicy.valueOf(text("memory.swapPolicy")),
                number("memory.swapLimit"),
                parameters("memory.parameters"));
    }

    private ExecutorConfig executor() {
        return new ExecutorConfig(
                integer("executor.parallelism"),
                flag("executor.workStealing"),
                integer("executor.batchSize"),
                QueuePolicy.valueOf(text("executor.queuePolicy")),
                integer("executor.queueCapacity"),
                OverflowPolicy.valueOf(text("executor.overflowPolicy")),
                millis("executor.maxWait"));
    }

    private NetworkConfig network() {
        return new NetworkConfig(
                integer("networking.maxConnections"),
                millis("networking.timeout"),
                new RetryPolicy(
                        integer("networking.retryPolicy.maxAttempts"),
                        BackoffStrategy.valueOf(text("networking.retryPolicy.backoff")),
                        millis("networking.retryPolicy.initialDelay"),
                        millis("networking.retryPolicy.maxDelay"),
                        real("networking.retryPolicy.multiplier"),
                        real("networking.retryPolicy.jitter"),
                        names("networking.retryPolicy.retryOn").stream()
                                .map(RetryCondition::valueOf)
                                .collect(Collectors.toSet())),
                flag("networking.compression"));
    }

    private TaskConfig tasks() {
        return new TaskConfig(
                Durability.valueOf(text("tasks.durability")),
                new RetentionConfig(
                        integer("tasks.retention.completedHours"),
                        integer("tasks.retention.failedHours"),
                        integer("tasks.retention.maxTasks"),
                        number("tasks.retention.maxBytes")),
                LimitValues.limits(value("tasks.limits")));
    }

    private Object value(String path) {
        return Objects.requireNonNull(values.get(path), path);
    }

    private String text(String path) {
        return (String) value(path);
    }

    private boolean flag(String path) {
        return (Boolean) value(path);
    }

    private long number(String path) {
        return (Long) value(path);
    }

    private int integer(String path) {
        return Math.toIntExact(number(path));
    }

    private @Nullable Integer integerIfSet(String path) {
        return values.get(path) instanceof Long set ? Math.toIntExact(set) : null;
    }

    private double real(String path) {
        return (Double) value(path);
    }

    private Duration millis(String path) {
        return Duration.ofMillis(number(path));
    }

    private Duration micros(String path) {
        return Duration.ofNanos(number(path) * 1000);
    }

    @SuppressWarnings("unchecked") // Kind.Parameters made it
    private Map<String, Object> parameters(String path) {
        return (Map<String, Object>) value(path);
    }

    @SuppressWarnings("unchecked") // Kind.Choices made it
    private List<String> names(String path) {
        return (List<String>) value(path);
    }
}
