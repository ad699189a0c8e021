// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import org.spicetime.runtime.api.domain.HostFacts;
import org.spicetime.runtime.api.domain.HostMetrics;

/** The machine, the Java runtime, and what is measured of them. */
final class HostFields {
    private HostFields() {}

    static List<Fields<?>> all(Services services) {
        return List.of(host(services), metrics(), fileSystem());
    }

    private static Fields<HostFacts> host(Services services) {
        return Fields.of("Host", HostFacts.class)
                .leaf("id", h -> h.host().id())
                .leaf("incarnation", h -> h.host().incarnation().toString())
                .leaf("name", HostFacts::name)
                .leaf("operatingSystem", HostFacts::operatingSystem)
                .leaf("architecture", HostFacts::architecture)
                .leaf("processor", h -> h.processor().orElse(null))
                .leaf("physicalCores", h -> Numbers.orNull(h.physicalCores()))
                .leaf("availableProcessors", HostFacts::availableProcessors)
                .leaf("memory", HostFacts::memoryBytes)
                .leaf("javaRuntime", HostFacts::javaRuntime)
                .leaf("framework", HostFacts::framework)
                .leaf("processId", h -> Numbers.saturated(h.processId()))
                .leaf("startedAt", HostFacts::startedAt)
                .objects("metrics", (h, call) -> services.domains().hostMetrics());
    }

    private static Fields<HostMetrics> metrics() {
        return Fields.of("HostMetrics", HostMetrics.class)
                .leaf("timestamp", HostMetrics::timestamp)
                .leaf("cpuUsage", m -> Numbers.orNull(m.cpuUsage()))
                .leaf(
                        "cpuUsagePerCore",
                        m -> m.cpuUsagePerCore().isEmpty() ? null : m.cpuUsagePerCore())
                .leaf("processCpuUsage", m -> Numbers.orNull(m.processCpuUsage()))
                .leaf("loadAverage", m -> Numbers.orNull(m.loadAverage()))
                .leaf("temperatureCelsius", m -> Numbers.orNull(m.temperatureCelsius()))
                .leaf("frequencyMegahertz", m -> Numbers.orNull(m.frequencyMegahertz()))
                .leaf("memoryUsed", m -> Numbers.orNull(m.memoryUsedBytes()))
                .leaf("processMemory", m -> Numbers.orNull(m.processMemoryBytes()))
                .leaf("heapUsed", HostMetrics::heapUsedBytes)
                .leaf("heapMax", HostMetrics::heapMaxBytes)
                .leaf("poolsReserved", HostMetrics::poolsReservedBytes)
                .leaf("gcShare", m -> Numbers.orNull(m.gcShare()))
                .leaf("longestPause", m -> m.longestPause().map(Numbers::micros).orElse(null))
                .leaf("networkReceived", m -> Numbers.orNull(m.networkReceived()))
                .leaf("networkSent", m -> Numbers.orNull(m.networkSent()))
                .objects("fileSystems", (m, call) -> m.fileSystems());
    }

    private static Fields<HostMetrics.FileSystem> fileSystem() {
        return Fields.of("FileSystemMetrics", HostMetrics.FileSystem.class)
                .leaf("purpose", HostMetrics.FileSystem::purpose)
                .leaf("total", HostMetrics.FileSystem::totalBytes)
                .leaf("free", HostMetrics.FileSystem::freeBytes);
    }
}
