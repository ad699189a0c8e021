// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.Bundles;
import org.spicetime.runtime.api.catalogue.DeployedBundle;
import org.spicetime.runtime.api.catalogue.RefusedFile;
import org.spicetime.runtime.api.domain.CpuMetrics;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.HealthComponent;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.ResourceUsage;
import org.spicetime.runtime.api.domain.RuntimeMetrics;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.domain.StorageMetrics;
import org.spicetime.runtime.api.domain.StoreHealth;
import org.spicetime.runtime.api.domain.SystemHealth;
import org.spicetime.runtime.api.hardware.HardwareMetrics;
import org.spicetime.runtime.api.hardware.ProcessorSample;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.network.NetworkMetrics;

/** Puts the health of the host together from its parts. Used by one thread. */
public final class HealthReport {

    private final List<HealthComponent> components = new ArrayList<>();
    private final List<DomainState> states = new ArrayList<>();
    private final List<ResourceUsage> usages = new ArrayList<>();
    private long activeTasks;
    private @Nullable StoreHealth store;

    /** Counts a domain in. */
    public void domain(Domain domain) {
        DomainState state = domain.state();
        RuntimeMetrics metrics = domain.metrics();
        ResourceUsage usage = domain.resources();
        // A domain that begins to hang refuses one of the three, and is counted in by none.
        states.add(state);
        usages.add(usage);
        activeTasks +=
                (long) metrics.tasksPending() + metrics.tasksRunning() + metrics.tasksBlocked();
        HealthStatus health =
                switch (state.status()) {
                    case FAILED -> HealthStatus.UNHEALTHY;
                    case DEGRADED -> HealthStatus.DEGRADED;
                    case STARTING ->
                            state.statusReason() == null
                                    ? HealthStatus.HEALTHY
                                    : HealthStatus.CHECKING;
                    default -> HealthStatus.HEALTHY;
                };
        add(
                "domain:" + state.id(),
                health,
                health == HealthStatus.HEALTHY ? null : state.statusReason(),
                Map.of(
                        "status", state.status().name(),
                        "policy", state.activePolicy(),
                        "allocator", state.activeAllocator()));
    }

    /** The policies of all domains together; after the domains. */
    public void scheduler() {
        List<String> fallbacks =
                states.stream()
                        .filter(state -> state.startedAt() != null)
                        .filter(state ->
                                !state.activePolicy().equals(state.config().scheduler().policy()))
                        .map(state -> state.id().value())
                        .toList();
        add(
                "scheduler",
                fallbacks.isEmpty() ? HealthStatus.HEALTHY : HealthStatus.DEGRADED,
                fallbacks.isEmpty()
                        ? null
                        : "not under the policy configured: " + String.join(", ", fallbacks),
                Map.of());
    }

    /**
     * The store.
     *
     * @param more details beside those that every store has
     */
    public void store(StoreHealth health, Map<String, Object> more) {
        store = health;
        Map<String, Object> details = new HashMap<>(more);
        details.put("engine", health.engine());
        details.put("durable", health.durable());
        details.put("readOnly", health.readOnly());
        details.put("queueDepth", health.queueDepth());
        add("store", health.status(), health.message(), details);
    }

    /** What measures the machine; null: nothing does. */
    public void hardware(@Nullable HardwareMetrics hardware) {
        add(
                "hardware",
                hardware == null ? HealthStatus.DEGRADED : HealthStatus.HEALTHY,
                hardware == null
                        ? "no bundle measures the machine; temperature and frequency are unknown"
                        : null,
                Map.of());
    }

    /** That bundles may call native code, said openly. */
    public void nativeAccess() {
        boolean open = HealthReport.class.getModule().isNativeAccessEnabled();
        add(
                "native-access",
                HealthStatus.HEALTHY,
                null,
                Map.of(
                        "enabled",
                        open,
                        "note",
                        open
                                ? "every bundle may call native code: access is open for the unnamed modules"
                                : "bundles may not call native code"));
    }

    /** Bundles with which something is wrong, and files in {@code deploy/} that are none. */
    public void bundles(Bundles bundles) {
        for (DeployedBundle bundle : bundles.all()) {
            if (!bundle.problems().isEmpty()) {
                add(
                        "bundle:" + bundle.symbolicName(),
                        HealthStatus.DEGRADED,
                        String.join("; ", bundle.problems()),
                        Map.of(
                                "version", bundle.version(),
                                "state", bundle.state().name(),
                                "problems", bundle.problems()));
            }
        }
        for (RefusedFile file : bundles.refusedFiles()) {
            add(
                    "deploy:" + file.file(),
                    HealthStatus.DEGRADED,
                    file.problem(),
                    Map.of("since", file.since().toString()));
        }
    }

    /** A part of the host that does not work as it should. */
    public void problem(String name, HealthStatus status, String message) {
        add(name, status, message, Map.of());
    }

    /** A part that was checked elsewhere. */
    void part(
            String name,
            HealthStatus status,
            @Nullable String message,
            Map<String, Object> details) {
        add(name, status, message, details);
    }

    private void add(
            String name,
            HealthStatus status,
            @Nullable String message,
            Map<String, Object> details) {
        components.add(new HealthComponent(name, status, message, new HashMap<>(details)));
    }

    /** The report. */
    public SystemHealth report(
            Instant now, Duration uptime, String version, ProcessorSample processor) {
        HealthStatus worst =
                components.stream()
                        .map(HealthComponent::status)
                        .max(Comparator.naturalOrder())
                        .orElse(HealthStatus.HEALTHY);
        int active = (int) states.stream().filter(s -> s.status() == RuntimeStatus.RUNNING).count();
        return new SystemHealth(
                worst,
                now,
                uptime,
                version,
                states.size(),
                active,
                (int) Math.min(Integer.MAX_VALUE, activeTasks),
                new ResourceUsage(cpu(processor), memory(), network(), storage()),
                components,
                store);
    }

    private CpuMetrics cpu(ProcessorSample processor) {
        double cores = 0;
        double busy = 0;
        double load = 0;
        boolean known = false;
        int processors = Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < states.size(); i++) {
            CpuMetrics cpu = usages.get(i).cpu();
            int allowance = Math.min(states.get(i).config().executor().parallelism(), processors);
            cores += allowance;
            load += cpu.load() * allowance;
            if (cpu.utilization().isPresent()) {
                known = true;
                busy += cpu.utilization().getAsDouble() * allowance;
            }
        }
        OptionalInt megahertz =
                processor.frequencyHertz().isPresent()
                        ? OptionalInt.of((int) (processor.frequencyHertz().getAsLong() / 1_000_000))
                        : OptionalInt.empty();
        return new CpuMetrics(
                known && cores > 0
                        ? OptionalDouble.of(Math.min(1.0, busy / cores))
                        : OptionalDouble.empty(),
                cores > 0 ? load / cores : 0,
                processor.temperatureCelsius(),
                megahertz,
                cores);
    }

    private MemoryMetrics memory() {
        long total = 0;
        long used = 0;
        long free = 0;
        long cached = 0;
        long swapped = 0;
        long leaked = 0;
        long largest = 0;
        long collections = 0;
        for (ResourceUsage usage : usages) {
            MemoryMetrics pool = usage.memory();
            total += pool.total();
            used += pool.used();
            free += pool.free();
            cached += pool.cached();
            swapped += pool.swapped();
            leaked += pool.leaked();
            largest = Math.max(largest, pool.largestFree());
            collections += pool.collections();
        }
        return new MemoryMetrics(
                total,
                used,
                free,
                cached,
                swapped,
                leaked,
                largest,
                OptionalDouble.empty(),
                collections);
    }

    private NetworkMetrics network() {
        int connections = 0;
        double throughput = 0;
        double roundTrips = 0;
        int withTraffic = 0;
        for (ResourceUsage usage : usages) {
            NetworkMetrics network = usage.network();
            connections += network.connections();
            throughput += network.throughputBytesPerSecond();
            if (network.roundTripMillis().isPresent()) {
                roundTrips += network.roundTripMillis().getAsDouble();
                withTraffic++;
            }
        }
        return new NetworkMetrics(
                OptionalDouble.empty(),
                withTraffic == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(roundTrips / withTraffic),
                connections,
                throughput);
    }

    private StorageMetrics storage() {
        return new StorageMetrics(
                OptionalLong.empty(),
                storeBytes(),
                OptionalLong.empty(),
                sum(StorageMetrics::bytesRead),
                sum(StorageMetrics::bytesWritten),
                rate());
    }

    /* What lies on disk, swap files included; a store in memory has nothing there. */
    private OptionalLong storeBytes() {
        OptionalLong swapped = sum(StorageMetrics::usedBytes);
        StoreHealth known = store;
        return known == null || !known.durable()
                ? swapped
                : OptionalLong.of(known.sizeBytes() + swapped.orElse(0));
    }

    private OptionalLong sum(Function<StorageMetrics, OptionalLong> part) {
        return usages.stream()
                .map(usage -> part.apply(usage.storage()))
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .boxed()
                .reduce(Long::sum)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    private OptionalDouble rate() {
        return usages.stream()
                .map(usage -> usage.storage().operationsPerSecond())
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .boxed()
                .reduce(Double::sum)
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty());
    }
}
