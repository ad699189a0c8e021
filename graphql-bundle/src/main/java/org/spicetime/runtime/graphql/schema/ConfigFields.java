// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import java.util.Optional;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.domain.ExecutorConfig;
import org.spicetime.runtime.api.domain.GcConfig;
import org.spicetime.runtime.api.domain.MemoryConfig;
import org.spicetime.runtime.api.domain.PreemptionConfig;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.RetentionConfig;
import org.spicetime.runtime.api.domain.SchedulerConfig;
import org.spicetime.runtime.api.domain.TaskConfig;
import org.spicetime.runtime.api.domain.TaskLimit;
import org.spicetime.runtime.api.network.NetworkConfig;
import org.spicetime.runtime.api.network.RetryPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.graphql.schema.DomainView.ConfigView;

/** The configuration of a domain, and beside it what is in charge now. */
final class ConfigFields {
    private ConfigFields() {}

    static List<Fields<?>> all(Services services) {
        return List.of(
                config(),
                scheduler(services),
                priorities(),
                preemption(),
                memory(services),
                collection(),
                executor(services),
                networking(),
                retries(),
                tasks(),
                retention(),
                limit());
    }

    private static Fields<ConfigView> config() {
        return Fields.of("RuntimeConfig", ConfigView.class)
                .part("scheduler", v -> v)
                .part("memory", v -> v)
                .part("executor", v -> v)
                .part("networking", v -> v.config().networking())
                .part("tasks", v -> v.config().tasks());
    }

    private static Fields<ConfigView> scheduler(Services services) {
        return Fields.of("SchedulerConfig", ConfigView.class)
                .leaf("policy", v -> scheduling(v).policy())
                .leaf("quantum", v -> Numbers.millisUp(scheduling(v).quantum()))
                .part("priorities", v -> scheduling(v).priorities())
                .part("preemption", v -> scheduling(v).preemption())
                .leaf("quantumMicros", v -> Numbers.micros(scheduling(v).quantum()))
                .leaf(
                        "maxStarted",
                        v -> scheduling(v).effectiveMaxStarted(workers(v).parallelism()))
                .leaf("parameters", v -> scheduling(v).parameters())
                .objects(
                        "policyInfo",
                        (v, call) -> policy(services, scheduling(v).policy()).orElse(null))
                .leaf("activePolicy", v -> v.state().activePolicy())
                .part("ejection", v -> v.state().policyEjection());
    }

    private static SchedulerConfig scheduling(ConfigView view) {
        return view.config().scheduler();
    }

    private static Optional<CatalogueEntry.PolicyEntry> policy(Services services, String name) {
        return services.catalogue().policies().stream()
                .filter(entry -> entry.facts().name().equals(name))
                .findFirst();
    }

    private static Fields<PriorityConfig> priorities() {
        return Fields.of("PriorityConfig", PriorityConfig.class)
                .leaf("min", PriorityConfig::min)
                .leaf("max", PriorityConfig::max)
                .leaf("default", PriorityConfig::defaultPriority)
                .leaf("protocol", PriorityConfig::protocol)
                .leaf("ceiling", PriorityConfig::ceiling)
                .leaf("agingInterval", c -> Numbers.millis(c.agingInterval()))
                .leaf("agingStep", PriorityConfig::agingStep);
    }

    private static Fields<PreemptionConfig> preemption() {
        return Fields.of("PreemptionConfig", PreemptionConfig.class)
                .leaf("enabled", PreemptionConfig::enabled)
                .leaf("mode", PreemptionConfig::mode)
                .leaf("threshold", PreemptionConfig::threshold)
                .leaf("granularity", c -> Numbers.micros(c.granularity()))
                .leaf("nonPreemptible", c -> c.nonPreemptible().stream().sorted().toList());
    }

    private static Fields<ConfigView> memory(Services services) {
        return Fields.of("MemoryConfig", ConfigView.class)
                .leaf("poolSize", v -> pool(v).poolSizeBytes())
                .leaf("allocationType", v -> pool(v).allocationType())
                .part("garbageCollection", v -> pool(v).garbageCollection())
                .leaf("swapPolicy", v -> pool(v).swapPolicy())
                .leaf("swapLimit", v -> pool(v).effectiveSwapLimitBytes())
                .leaf("parameters", v -> pool(v).parameters())
                .objects(
                        "allocatorInfo",
                        (v, call) ->
                                services.catalogue().allocators().stream()
                                        .filter(e ->
                                                e.facts().name().equals(pool(v).allocationType()))
                                        .findFirst()
                                        .orElse(null))
                .leaf("activeAllocator", v -> v.state().activeAllocator())
                .part("ejection", v -> v.state().allocatorEjection());
    }

    private static MemoryConfig pool(ConfigView view) {
        return view.config().memory();
    }

    private static Fields<GcConfig> collection() {
        return Fields.of("GCConfig", GcConfig.class)
                .leaf("strategy", GcConfig::strategy)
                .leaf("threshold", GcConfig::threshold)
                .leaf("maxPause", c -> Numbers.micros(c.maxPause()))
                .leaf("interval", c -> Numbers.millis(c.interval()))
                .leaf("compaction", GcConfig::compaction)
                .leaf("onTaskEnd", GcConfig::onTaskEnd);
    }

    private static Fields<ConfigView> executor(Services services) {
        return Fields.of("ExecutorConfig", ConfigView.class)
                .leaf("parallelism", v -> workers(v).parallelism())
                .leaf("workStealing", v -> workers(v).workStealing())
                .leaf("batchSize", v -> workers(v).batchSize())
                .leaf("queuePolicy", v -> workers(v).queuePolicy())
                .leaf("queueCapacity", v -> workers(v).queueCapacity())
                .leaf("overflowPolicy", v -> workers(v).overflowPolicy())
                .leaf("maxWait", v -> Numbers.millis(workers(v).maxWait()))
                .leaf(
                        "effectiveWorkStealing",
                        v -> workers(v).workStealing() && relaxed(services, v))
                .leaf("effectiveBatchSize", v -> relaxed(services, v) ? workers(v).batchSize() : 1);
    }

    private static ExecutorConfig workers(ConfigView view) {
        return view.config().executor();
    }

    // A policy that is not in the catalogue is not in charge either; the fallbacks are strict.
    private static boolean relaxed(Services services, ConfigView view) {
        return policy(services, view.state().activePolicy())
                .map(entry -> entry.descriptor().ordering() == Ordering.RELAXED)
                .orElse(false);
    }

    private static Fields<NetworkConfig> networking() {
        return Fields.of("NetworkConfig", NetworkConfig.class)
                .leaf("maxConnections", NetworkConfig::maxConnections)
                .leaf("timeout", c -> Numbers.millis(c.timeout()))
                .part("retryPolicy", NetworkConfig::retryPolicy)
                .leaf("compression", NetworkConfig::compression);
    }

    private static Fields<RetryPolicy> retries() {
        return Fields.of("RetryPolicy", RetryPolicy.class)
                .leaf("maxAttempts", RetryPolicy::maxAttempts)
                .leaf("backoff", RetryPolicy::backoff)
                .leaf("initialDelay", r -> Numbers.millis(r.initialDelay()))
                .leaf("maxDelay", r -> Numbers.millis(r.maxDelay()))
                .leaf("multiplier", RetryPolicy::multiplier)
                .leaf("jitter", RetryPolicy::jitter)
                .leaf("retryOn", r -> r.retryOn().stream().sorted().toList());
    }

    private static Fields<TaskConfig> tasks() {
        return Fields.of("TaskConfig", TaskConfig.class)
                .leaf("durability", TaskConfig::durability)
                .part("retention", TaskConfig::retention)
                .objects("limits", (tasks, call) -> tasks.limits());
    }

    private static Fields<TaskLimit> limit() {
        return Fields.of("TaskLimit", TaskLimit.class)
                .leaf("handler", TaskLimit::handler)
                .leaf("concurrencyKey", TaskLimit::concurrencyKey)
                .leaf("maxRunning", TaskLimit::maxRunning)
                .leaf("rate", TaskLimit::rate)
                .leaf("burst", TaskLimit::burst);
    }

    private static Fields<RetentionConfig> retention() {
        return Fields.of("Retention", RetentionConfig.class)
                .leaf("completedHours", RetentionConfig::completedHours)
                .leaf("failedHours", RetentionConfig::failedHours)
                .leaf("maxTasks", RetentionConfig::maxTasks)
                .leaf("maxBytes", RetentionConfig::maxBytes);
    }
}
