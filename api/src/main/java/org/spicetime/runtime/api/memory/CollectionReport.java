// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import java.time.Duration;

/**
 * What a collection of a pool did. Immutable.
 *
 * @param reclaimedBytes bytes that were used before and are free now
 * @param movedBytes bytes moved by compaction
 * @param duration of the whole collection
 * @param longestPause longest time other allocations had to wait
 * @param memory the pool afterwards
 */
public record CollectionReport(
        long reclaimedBytes,
        long movedBytes,
        Duration duration,
        Duration longestPause,
        MemoryMetrics memory) {}
