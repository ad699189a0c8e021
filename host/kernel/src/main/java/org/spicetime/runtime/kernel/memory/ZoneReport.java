// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

/**
 * What is in a zone. Immutable.
 *
 * @param zone position, from 0
 * @param bytes its size
 * @param claimedBytes bytes of blocks in it, rounding included
 * @param blocks blocks that touch it
 * @param longestFreeBytes longest range in it that no block touches
 * @param strategy name of the strategy that lays it out; of the one in charge if nobody does yet
 * @param draining whether it takes no new blocks because its strategy was replaced
 */
public record ZoneReport(
        int zone,
        long bytes,
        long claimedBytes,
        int blocks,
        long longestFreeBytes,
        String strategy,
        boolean draining) {

    static ZoneReport of(ZoneTable zones, OverlapGuard guard, StrategySeat seat, int zone) {
        Generation holder = zones.holder(zone);
        long offset = zones.offset(zone);
        long length = zones.length(zone);
        return new ZoneReport(
                zone,
                length,
                guard.claimedBytes(offset, length),
                zones.liveBlocks(zone),
                guard.longestFreeBytes(offset, length),
                holder == null ? seat.binding().name() : holder.name(),
                zones.draining(zone));
    }
}
