// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;

/**
 * The reservation in force for a domain; null: none of that resource. Immutable.
 *
 * @param id of the reservation
 * @param priority importance against other domains' reservations
 * @param grantedAt when it was granted
 */
public record ResourceAllocation(
        UUID id,
        DomainId domain,
        @Nullable CpuGrant cpu,
        @Nullable MemoryGrant memory,
        @Nullable NetworkGrant network,
        int priority,
        Instant grantedAt) {
    /**
     * Processor cores that the domain gets at least, over every 10 ms, while it wants them; and its
     * priority, 0 or more: it gets priority + 1 parts of what all guarantees leave.
     */
    public record CpuGrant(double cores, int priority) {}

    /** Cap of the pool, and the strategy that lays it out. */
    public record MemoryGrant(long sizeBytes, String type) {}

    /** Bytes per second (0: no limit) and open connections. */
    public record NetworkGrant(double bandwidth, int connections) {}
}
