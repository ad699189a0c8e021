// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.network.NetworkMetrics;

/** Resources in use at one instant. Immutable. */
public record ResourceUsage(
        CpuMetrics cpu, MemoryMetrics memory, NetworkMetrics network, StorageMetrics storage) {}
