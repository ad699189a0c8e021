// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import org.spicetime.runtime.api.domain.CpuMetrics;
import org.spicetime.runtime.api.domain.LatencySummary;
import org.spicetime.runtime.api.domain.ResourceUsage;
import org.spicetime.runtime.api.domain.RuntimeMetrics;
import org.spicetime.runtime.api.domain.StorageMetrics;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.network.NetworkMetrics;

/** Measurements. Where the API document forces a number, the unknown is 0 there and null beside. */
final class MetricsFields {
    private MetricsFields() {}

    static List<Fields<?>> all() {
        return List.of(
                runtime(), latency(), usage(), cpu(), memory(), network(), storage(), collection());
    }

    private static Fields<RuntimeMetrics> runtime() {
        return Fields.of("RuntimeMetrics", RuntimeMetrics.class)
                .leaf("timestamp", RuntimeMetrics::timestamp)
                .leaf("uptime", m -> Numbers.millis(m.uptime()))
                .leaf("tasksScheduled", RuntimeMetrics::tasksScheduled)
                .leaf("tasksPending", RuntimeMetrics::tasksPending)
                .leaf("tasksRunning", RuntimeMetrics::tasksRunning)
                .leaf("tasksBlocked", RuntimeMetrics::tasksBlocked)
                .leaf("tasksCompleted", RuntimeMetrics::tasksCompleted)
                .leaf("tasksFailed", RuntimeMetrics::tasksFailed)
                .leaf("deadlineMisses", RuntimeMetrics::deadlineMisses)
                .leaf("contextSwitches", RuntimeMetrics::contextSwitches)
                .leaf("preemptions", RuntimeMetrics::preemptions)
                .leaf("priorityInversions", RuntimeMetrics::priorityInversions)
                .leaf("steals", RuntimeMetrics::steals)
                .leaf("ejections", RuntimeMetrics::ejections)
                .leaf(
                        "longestPollGap",
                        m -> m.longestPollGap() == null ? null : Numbers.micros(m.longestPollGap()))
                .leaf("throughput", RuntimeMetrics::throughputPerSecond)
                .part("schedulingLatency", RuntimeMetrics::schedulingLatency)
                .part("turnaround", RuntimeMetrics::turnaround);
    }

    private static Fields<LatencySummary> latency() {
        return Fields.of("LatencyMetrics", LatencySummary.class)
                .leaf("count", LatencySummary::count)
                .leaf("min", l -> Numbers.orNull(l.min()))
                .leaf("mean", l -> Numbers.orNull(l.mean()))
                .leaf("p50", l -> Numbers.orNull(l.p50()))
                .leaf("p95", l -> Numbers.orNull(l.p95()))
                .leaf("p99", l -> Numbers.orNull(l.p99()))
                .leaf("p999", l -> Numbers.orNull(l.p999()))
                .leaf("max", l -> Numbers.orNull(l.max()));
    }

    private static Fields<ResourceUsage> usage() {
        return Fields.of("ResourceUsage", ResourceUsage.class)
                .part("cpu", ResourceUsage::cpu)
                .part("memory", ResourceUsage::memory)
                .part("network", ResourceUsage::network)
                .part("storage", ResourceUsage::storage);
    }

    private static Fields<CpuMetrics> cpu() {
        return Fields.of("CPUMetrics", CpuMetrics.class)
                .leaf("usage", c -> c.utilization().orElse(0.0))
                .leaf("load", CpuMetrics::load)
                .leaf("temperature", c -> c.temperatureCelsius().orElse(0.0))
                .leaf("frequency", c -> c.frequencyMegahertz().orElse(0))
                .leaf("utilization", c -> Numbers.orNull(c.utilization()))
                .leaf("temperatureCelsius", c -> Numbers.orNull(c.temperatureCelsius()))
                .leaf("frequencyMegahertz", c -> Numbers.orNull(c.frequencyMegahertz()))
                .leaf("cores", CpuMetrics::cores);
    }

    private static Fields<MemoryMetrics> memory() {
        return Fields.of("MemoryMetrics", MemoryMetrics.class)
                .leaf("total", MemoryMetrics::total)
                .leaf("used", MemoryMetrics::used)
                .leaf("free", MemoryMetrics::free)
                .leaf("cached", MemoryMetrics::cached)
                .leaf("swapped", MemoryMetrics::swapped)
                .leaf("fragmentation", m -> Numbers.orNull(m.fragmentation()))
                .leaf("leaked", MemoryMetrics::leaked)
                .leaf("collections", MemoryMetrics::collections)
                .leaf("largestFree", MemoryMetrics::largestFree)
                .leaf("stall", m -> Numbers.orNull(m.stall()));
    }

    private static Fields<NetworkMetrics> network() {
        return Fields.of("NetworkMetrics", NetworkMetrics.class)
                .leaf("bandwidth", n -> n.bandwidthLimit().orElse(0.0))
                .leaf(
                        "latency",
                        n -> Numbers.saturated((long) Math.ceil(n.roundTripMillis().orElse(0.0))))
                .leaf("connections", NetworkMetrics::connections)
                .leaf("throughput", NetworkMetrics::throughputBytesPerSecond)
                .leaf("bandwidthLimit", n -> Numbers.orNull(n.bandwidthLimit()))
                .leaf("roundTripTime", n -> Numbers.orNull(n.roundTripMillis()));
    }

    private static Fields<StorageMetrics> storage() {
        return Fields.of("StorageMetrics", StorageMetrics.class)
                .leaf("total", s -> Numbers.orNull(s.totalBytes()))
                .leaf("used", s -> Numbers.orNull(s.usedBytes()))
                .leaf("free", s -> Numbers.orNull(s.freeBytes()))
                .leaf("bytesRead", s -> Numbers.orNull(s.bytesRead()))
                .leaf("bytesWritten", s -> Numbers.orNull(s.bytesWritten()))
                .leaf("iops", s -> Numbers.orNull(s.operationsPerSecond()));
    }

    private static Fields<CollectionReport> collection() {
        return Fields.of("GarbageCollection", CollectionReport.class)
                .leaf("reclaimed", CollectionReport::reclaimedBytes)
                .leaf("moved", CollectionReport::movedBytes)
                .leaf("duration", r -> Numbers.micros(r.duration()))
                .leaf("longestPause", r -> Numbers.micros(r.longestPause()))
                .part("memory", CollectionReport::memory);
    }
}
