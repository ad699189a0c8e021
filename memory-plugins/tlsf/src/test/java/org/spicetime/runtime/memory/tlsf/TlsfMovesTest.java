// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.tlsf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.MoveSink;

/** Sliding compaction, with bytes that are moved and looked at. */
final class TlsfMovesTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    private final Tlsf tlsf = new Tlsf(new Geometry(16, 4 * MIB, MIB));
    private final byte[] memory = new byte[4 * MIB];
    private final Map<Long, Byte> stamps = new HashMap<>();
    private final Map<Long, Long> sizes = new HashMap<>();
    private final Set<Long> pinned = new HashSet<>();
    private byte nextStamp;
    private int moves;

    @Test
    void aCheckerboardBecomesOneFreePiece() {
        addZones();
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 4 * KIB; i++) {
            all.add(allocate(KIB, 16));
        }
        for (int i = 1; i < all.size(); i += 2) {
            release(all.get(i));
        }
        assertThat(tlsf.allocate(2 * KIB, 16, 0)).isEqualTo(AllocationFailure.FRAGMENTED.result());
        int steps = 1;
        while (tlsf.planMoves(sink(100), 64 * KIB)) {
            steps++;
        }
        assertThat(steps).isEqualTo(2048 / 64);
        assertThat(moves).isEqualTo(2047);
        assertThat(tlsf.stats()).isEqualTo(new FragmentationStats(2 * MIB, 2 * MIB, 1, 0));
        assertThat(allocate(2 * MIB, 16)).isNotNegative();
        assertContents();
    }

    @Test
    void aPinnedBlockIsABarrierAndWhatLiesBehindItStillMoves() {
        addZones();
        release(allocate(KIB, 16));
        List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            blocks.add(allocate(KIB, 16));
        }
        release(blocks.remove(0));
        release(blocks.remove(2));
        pinned.add(blocks.get(1));
        assertThat(tlsf.planMoves(sink(Integer.MAX_VALUE), MIB)).isFalse();
        assertThat(blocks.stream().map(tlsf::offset))
                .containsExactly(0L, 2L * KIB, 3L * KIB, 4L * KIB);
        assertContents();
    }

    @Test
    void aBlockMovesOnlyToWhereItsAlignmentAllows() {
        addZones();
        long first = allocate(16, 16);
        long second = allocate(16, 16);
        long page = allocate(100, 4096);
        release(first);
        assertThat(tlsf.planMoves(sink(Integer.MAX_VALUE), MIB)).isFalse();
        assertThat(tlsf.offset(second)).isZero();
        assertThat(tlsf.offset(page)).isEqualTo(4096);
        release(second);
        assertThat(tlsf.planMoves(sink(Integer.MAX_VALUE), MIB)).isFalse();
        assertThat(tlsf.offset(page)).isZero();
        assertContents();
    }

    @Test
    void randomStepsBetweenOtherOperationsKeepAllContents() {
        String text = System.getProperty("test.seed", "");
        long seed = text.isEmpty() ? System.nanoTime() : Long.parseLong(text);
        System.out.println("test.seed=" + seed);
        Random random = new Random(seed);
        boolean[] zones = new boolean[4];
        List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            int choice = random.nextInt(100);
            if (choice < 50) {
                long size = 1L + random.nextInt(1 << random.nextInt(1, 16));
                long block = allocate(size, 1L << random.nextInt(4, 13));
                if (block >= 0) {
                    blocks.add(block);
                }
            } else if (choice < 85) {
                if (!blocks.isEmpty()) {
                    release(blocks.remove(random.nextInt(blocks.size())));
                }
            } else if (choice < 93) {
                tlsf.planMoves(sink(random.nextInt(40)), 1 + random.nextInt(1 << 17));
            } else if (choice < 97) {
                if (!blocks.isEmpty()) {
                    long block = blocks.get(random.nextInt(blocks.size()));
                    if (!pinned.remove(block)) {
                        pinned.add(block);
                    }
                }
            } else {
                int zone = random.nextInt(zones.length);
                if (!zones[zone]) {
                    tlsf.addZone((long) zone * MIB, MIB);
                    zones[zone] = true;
                } else {
                    zones[zone] = !tlsf.dropZone((long) zone * MIB);
                }
            }
            if (i % 1_000 == 0) {
                assertContents();
            }
        }
        assertContents();
        assertThat(moves).isGreaterThan(1_000);
        for (int zone = 0; zone < zones.length; zone++) {
            if (!zones[zone]) {
                tlsf.addZone((long) zone * MIB, MIB);
            }
        }
        blocks.forEach(this::release);
        assertThat(tlsf.stats()).isEqualTo(new FragmentationStats(4 * MIB, 4 * MIB, 1, 0));
    }

    private void addZones() {
        for (long at = 0; at < 4 * MIB; at += MIB) {
            tlsf.addZone(at, MIB);
        }
    }

    private long allocate(long size, long align) {
        long id = tlsf.allocate(size, align, 0);
        if (id >= 0) {
            stamps.put(id, ++nextStamp);
            sizes.put(id, tlsf.size(id));
            int from = (int) tlsf.offset(id);
            Arrays.fill(memory, from, from + (int) tlsf.size(id), nextStamp);
        }
        return id;
    }

    private void release(long id) {
        tlsf.release(id);
        stamps.remove(id);
        sizes.remove(id);
        pinned.remove(id);
    }

    /** Copies up to so many blocks, then the step is over. */
    private MoveSink sink(int most) {
        int end = (int) Math.min(Integer.MAX_VALUE, (long) moves + most);
        return new MoveSink() {
            @Override
            public boolean move(long id, long from, long to) {
                assertThat(tlsf.offset(id)).isEqualTo(from);
                if (pinned.contains(id) || over()) {
                    return false;
                }
                int size = Math.toIntExact(sizes.getOrDefault(id, -1L));
                System.arraycopy(memory, (int) from, memory, (int) to, size);
                moves++;
                return true;
            }

            @Override
            public boolean over() {
                return moves >= end;
            }
        };
    }

    private void assertContents() {
        int[] shown = {0};
        tlsf.forEachBlock((id, offset, size) -> {
            shown[0]++;
            byte stamp = stamps.getOrDefault(id, (byte) 0);
            for (long at = offset; at < offset + size; at++) {
                if (memory[(int) at] != stamp) {
                    throw new AssertionError("block %d at %d is damaged".formatted(id, offset));
                }
            }
        });
        assertThat(shown[0]).isEqualTo(stamps.size());
    }
}
