// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.CpuMetrics;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.ExecutorConfig;
import org.spicetime.runtime.api.domain.GcConfig;
import org.spicetime.runtime.api.domain.GcStrategy;
import org.spicetime.runtime.api.domain.HostMetrics;
import org.spicetime.runtime.api.domain.LeakAction;
import org.spicetime.runtime.api.domain.MemoryConfig;
import org.spicetime.runtime.api.domain.MetricsSample;
import org.spicetime.runtime.api.domain.OverflowPolicy;
import org.spicetime.runtime.api.domain.PreemptionConfig;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.domain.ResourceUsage;
import org.spicetime.runtime.api.domain.RetentionConfig;
import org.spicetime.runtime.api.domain.SchedulerConfig;
import org.spicetime.runtime.api.domain.StorageMetrics;
import org.spicetime.runtime.api.domain.SwapPolicy;
import org.spicetime.runtime.api.domain.TaskConfig;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.network.NetworkConfig;
import org.spicetime.runtime.api.network.NetworkMetrics;
import org.spicetime.runtime.api.network.RetryPolicy;
import org.spicetime.runtime.api.task.Durability;

/** Values of the api for fakes. */
final class Samples {
    private Samples() {}

    static DomainConfig config(String policy, Duration quantum) {
        return new DomainConfig(
                new SchedulerConfig(
                        policy,
                        quantum,
                        0,
                        new PriorityConfig(0, 100, 50, PriorityProtocol.INHERITANCE),
                        new PreemptionConfig(false, PreemptionMode.NONE),
                        Map.of()),
                new MemoryConfig(
                        64L << 20,
                        "TLSF",
                        new GcConfig(
                                GcStrategy.NONE,
                                0.8,
                                Duration.ofNanos(500_000),
                                Duration.ZERO,
                                false,
                                LeakAction.RECLAIM),
                        SwapPolicy.NONE,
                        0,
                        Map.of()),
                new ExecutorConfig(
                        2, true, 8, QueuePolicy.FIFO, 1000, OverflowPolicy.REJECT, Duration.ZERO),
                new NetworkConfig(
                        64,
                        Duration.ofSeconds(30),
                        new RetryPolicy(
                                1,
                                BackoffStrategy.NONE,
                                Duration.ofMillis(100),
                                Duration.ofSeconds(10),
                                2.0,
                                0.2,
                                Set.of()),
                        true),
                new TaskConfig(Durability.VOLATILE, RetentionConfig.DEFAULT, List.of()));
    }

    static ResourceUsage unknownUsage() {
        return new ResourceUsage(
                new CpuMetrics(
                        OptionalDouble.empty(),
                        0.0,
                        OptionalDouble.empty(),
                        OptionalInt.empty(),
                        2.0),
                new MemoryMetrics(100, 30, 60, 10, 0, 0, 60, OptionalDouble.of(0.0), 0),
                NetworkMetrics.UNUSED,
                StorageMetrics.UNKNOWN);
    }

    /** Absent where the first sample of a domain is. */
    static MetricsSample metrics(DomainId domain, Instant at) {
        OptionalDouble none = OptionalDouble.empty();
        return new MetricsSample(
                domain,
                at,
                none,
                1,
                2,
                4096,
                0,
                0,
                none,
                OptionalDouble.of(12.5),
                none,
                OptionalDouble.of(3.5),
                none,
                none,
                none,
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    static HostMetrics hostMetrics(Instant at) {
        OptionalDouble none = OptionalDouble.empty();
        return new HostMetrics(
                at,
                OptionalDouble.of(0.25),
                List.of(0.5, 0.0),
                none,
                none,
                none,
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                1L << 26,
                1L << 28,
                64L << 20,
                none,
                Optional.empty(),
                none,
                none,
                List.of(new HostMetrics.FileSystem("store", 1L << 40, 1L << 39)));
    }
}
