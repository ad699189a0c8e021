// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.Objects;
import org.spicetime.runtime.api.network.NetworkConfig;

/** The complete configuration of a domain. Immutable. */
public record DomainConfig(
        SchedulerConfig scheduler,
        MemoryConfig memory,
        ExecutorConfig executor,
        NetworkConfig networking,
        TaskConfig tasks) {
    public DomainConfig {
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(memory, "memory");
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(networking, "networking");
        Objects.requireNonNull(tasks, "tasks");
    }
}
