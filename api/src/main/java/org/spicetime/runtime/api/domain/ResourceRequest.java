// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import org.jspecify.annotations.Nullable;

/**
 * What to reserve for a domain; null: keep the present reservation. Immutable.
 *
 * @param priority importance against other domains' reservations
 */
public record ResourceRequest(
        @Nullable Cpu cpu, @Nullable Memory memory, @Nullable Network network, int priority) {
    /**
     * Processor.
     *
     * @param cores more than 0: what the domain gets at least, over every 10 ms, while it wants it
     * @param priority 0 .. 1000: the domain gets priority + 1 parts of what all guarantees leave;
     *     null: that of the request
     */
    public record Cpu(double cores, @Nullable Integer priority) {}

    /**
     * Memory.
     *
     * @param sizeBytes cap of the pool
     * @param type allocation strategy, must be the one configured; null: that one
     */
    public record Memory(long sizeBytes, @Nullable String type) {}

    /**
     * Network.
     *
     * @param bandwidth bytes per second; null or 0: no limit
     * @param connections open connections; null: the domain's maxConnections
     */
    public record Network(@Nullable Double bandwidth, @Nullable Integer connections) {}
}
