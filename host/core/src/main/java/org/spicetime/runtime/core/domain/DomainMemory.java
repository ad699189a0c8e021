// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMap;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.core.memory.DomainPool;
import org.spicetime.runtime.core.memory.PoolLayout;

/** What can be asked of the pool of a domain. Thread-safe. */
final class DomainMemory {
    private final DomainBody body;

    DomainMemory(DomainBody body) {
        this.body = body;
    }

    CollectionReport collect(boolean compact) {
        CollectionReport done = pool().collect(compact);
        return new CollectionReport(
                done.reclaimedBytes(),
                done.movedBytes(),
                done.duration(),
                done.longestPause(),
                body.pressure.complete(done.memory()));
    }

    MemoryMetrics swapOut(OptionalLong bytes) {
        if (bytes.isPresent() && bytes.getAsLong() <= 0) {
            throw RefusedException.outOfRange(
                    "bytes", bytes.getAsLong(), "1 or more, or left out for all that is cold");
        }
        DomainPool pool = pool();
        pool.swap().swapOut(bytes.orElse(Long.MAX_VALUE));
        return body.pressure.complete(pool.metrics());
    }

    MemoryMap map(int owners) {
        if (owners < 0 || owners > MemoryMap.MOST_OWNERS) {
            throw RefusedException.outOfRange("first", owners, "0 .. " + MemoryMap.MOST_OWNERS);
        }
        Instant at = body.node.clock().instants().instant();
        Holdings held = body.holdings();
        return held == null
                ? new MemoryMap(at, List.of(), List.of(), List.of())
                : new PoolLayout(held.pool())
                        .read(owners, at, held.pool().handles().overduePins(at));
    }

    private DomainPool pool() {
        Holdings held = body.holdings();
        if (held == null) {
            throw RefusedException.conflict(
                    "domain \""
                            + body.id()
                            + "\" is "
                            + body.status()
                            + " and has no pool; start it first");
        }
        return held.pool();
    }
}
