// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.domain.CpuMetrics;
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
import org.spicetime.runtime.api.domain.ResourceUsage;
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
                new TaskConfig(Durability.VOLATILE, 10_000));
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
}
