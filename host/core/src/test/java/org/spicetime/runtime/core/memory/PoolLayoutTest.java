// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.core.memory.Pools.MIB;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.memory.MemoryMap;

class PoolLayoutTest {
    private static final Instant AT = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void zonesAndOwnersAddUpToWhatIsUsed() {
        try (DomainPool pool = Pools.open(8 * MIB)) {
            TaskArena small = pool.openArena(Pools.task());
            TaskArena large = pool.openArena(Pools.task());
            small.allocate(1000, 16);
            large.allocate(3 * MIB, 16);
            large.allocate(100, 16);
            MemoryMap map = new PoolLayout(pool).read(10, AT, List.of());
            long used = pool.metrics().used();
            assertThat(map.zones().stream().mapToLong(MemoryMap.Zone::usedBytes).sum())
                    .isEqualTo(used);
            assertThat(map.zones()).extracting(MemoryMap.Zone::allocator).containsOnly("FIRST_FIT");
            assertThat(map.owners())
                    .extracting(MemoryMap.Owner::task)
                    .containsExactly(large.task(), small.task());
            assertThat(map.owners().stream().mapToLong(MemoryMap.Owner::bytes).sum())
                    .isEqualTo(used);
            assertThat(new PoolLayout(pool).read(1, AT, List.of()).owners()).hasSize(1);
            small.reclaim();
            large.reclaim();
            assertThat(new PoolLayout(pool).read(10, AT, List.of()).owners()).isEmpty();
        }
    }
}
