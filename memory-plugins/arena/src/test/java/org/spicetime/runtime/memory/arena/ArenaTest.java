// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;

final class ArenaTest {
    private static final int KIB = 1 << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    @Test
    void blocksOfOneTaskLieSideBySideWithoutWaste() {
        Arena arena = arena(4 * MIB, MIB, 64 * KIB);
        arena.addZone(0, MIB);
        long end = 0;
        for (long size : new long[] {16, 48, 1000, 16, 20_000}) {
            long id = arena.allocate(size, 16, 7);
            assertThat(arena.offset(id)).isEqualTo(end);
            assertThat(arena.size(id) - size).isBetween(0L, 15L);
            end += arena.size(id);
        }
    }

    @Test
    void twoTasksNeverShareAChunk() {
        Arena arena = arena(4 * MIB, MIB, 64 * KIB);
        arena.addZone(0, MIB);
        for (int i = 0; i < 20; i++) {
            long one = arena.offset(arena.allocate(1000, 16, 1)) / (64 * KIB);
            long other = arena.offset(arena.allocate(1000, 16, 2)) / (64 * KIB);
            assertThat(one).isNotEqualTo(other);
        }
    }

    @Test
    void aReleasedBlockIsNotUsedAgainBeforeItsTaskHasReleasedAll() {
        Arena arena = arena(MIB, MIB, 64 * KIB);
        arena.addZone(0, MIB);
        List<Long> ids = new ArrayList<>();
        for (long id = arena.allocate(1024, 16, 1); id >= 0; id = arena.allocate(1024, 16, 1)) {
            ids.add(id);
        }
        assertThat(ids).hasSize(1024);
        for (int i = 0; i < ids.size(); i += 2) {
            arena.release(ids.get(i));
        }
        assertThat(arena.stats()).isEqualTo(new FragmentationStats(512 * KIB, 0, 16, 0));
        assertThat(arena.allocate(16, 16, 1)).isEqualTo(AllocationFailure.FRAGMENTED.result());
        for (int i = 1; i < ids.size(); i += 2) {
            arena.release(ids.get(i));
        }
        assertThat(arena.stats()).isEqualTo(new FragmentationStats(MIB, MIB, 1, 0));
        assertThat(arena.allocate(16, 16, 1)).isNotNegative();
    }

    @Test
    void aChunkThatBecameFreeBelongsToWhoeverTakesItNext() {
        Arena arena = arena(MIB, MIB, 64 * KIB);
        arena.addZone(0, MIB);
        long first = arena.allocate(64, 16, 1);
        arena.release(first);
        long other = arena.allocate(64, 16, 2);
        long again = arena.allocate(64, 16, 1);
        assertThat(arena.offset(other)).isZero();
        assertThat(arena.offset(again)).isEqualTo(64 * KIB);
    }

    @Test
    void aLargeBlockTakesChunksOfItsOwnAndItsRestServesTheTask() {
        Arena arena = arena(4 * MIB, MIB, 64 * KIB);
        for (int zone = 0; zone < 4; zone++) arena.addZone(zone * MIB, MIB);
        long large = arena.allocate(MIB + KIB, 16, 1);
        assertThat(arena.size(large)).isEqualTo(MIB + KIB);
        long small = arena.allocate(16, 16, 1);
        assertThat(arena.offset(small)).isEqualTo(arena.offset(large) + MIB + KIB);
        arena.release(large);
        assertThat(arena.stats())
                .isEqualTo(new FragmentationStats(4 * MIB - 16, 3 * MIB - 64 * KIB, 3, 0));
    }

    @Test
    void theRoomierOfTwoChunksStaysTheTasksOwn() {
        Arena arena = arena(MIB, MIB, 64 * KIB);
        arena.addZone(0, MIB);
        arena.allocate(10 * KIB, 16, 1);
        long large = arena.allocate(60 * KIB, 16, 1);
        assertThat(arena.offset(large)).isEqualTo(64 * KIB);
        long small = arena.allocate(20 * KIB, 16, 1);
        assertThat(arena.offset(small)).isEqualTo(10 * KIB);
    }

    @Test
    void chunksGrowWithThePoolSoThatTheyCanBeSearchedInBoundedTime() {
        assertThat(arena(4 * MIB, MIB, 5000).chunkBytes()).isEqualTo(8 * KIB);
        assertThat(arena(64 * GIB, 64 * MIB, 4 * KIB).chunkBytes()).isEqualTo(MIB);
        assertThat(arena(64 * GIB, 64 * MIB, 64 * KIB).chunkBytes()).isEqualTo(MIB);
    }

    @Test
    void aZoneOffTheChunksIsRefused() {
        Arena arena = arena(4 * MIB, MIB, 64 * KIB);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> arena.addZone(16, MIB))
                .withMessageContaining("multiple of 65536");
    }

    @Test
    void aGeometryItCannotCountIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> arena(65 * GIB, 64 * MIB, 4 * KIB));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Arena(new Geometry(4096, 4 * MIB, MIB), 4 * KIB))
                .withMessageContaining("granule");
    }

    private static Arena arena(long poolBytes, long zoneBytes, long chunkBytes) {
        return new Arena(new Geometry(16, poolBytes, zoneBytes), chunkBytes);
    }
}
