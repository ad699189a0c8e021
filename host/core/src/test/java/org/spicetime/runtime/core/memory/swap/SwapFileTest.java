// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SwapFileTest {
    private static final int MIB = 1 << 20;

    private final FaultyChannel channel = new FaultyChannel();
    private final SwapFile file = new SwapFile(channel, 16 * MIB);
    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() throws IOException {
        arena.close();
        file.close();
        assertThat(channel.closed()).isTrue();
    }

    private MemorySegment bytes(int size, long seed) {
        byte[] content = new byte[size];
        new Random(seed).nextBytes(content);
        return arena.allocate(size).copyFrom(MemorySegment.ofArray(content));
    }

    private void assertHolds(StoredBlock stored, MemorySegment expected) throws IOException {
        MemorySegment back = arena.allocate(expected.byteSize());
        file.read(stored, back);
        assertThat(back.mismatch(expected)).isEqualTo(-1);
    }

    @Test
    void aBlockOfAnySizeComesBackAsItWas() throws IOException {
        for (int size : new int[] {1, 4095, 4096, 4097, 65_536, 65_537, 1_000_003}) {
            MemorySegment block = bytes(size, size);
            StoredBlock stored = file.write(block, 0);
            assertThat(stored.fileBytes()).isEqualTo((size + 4095L) / 4096 * 4096);
            assertHolds(stored, block);
        }
    }

    @Test
    void calledOftenItKeepsWhatAMapKeeps() throws IOException {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("swap file against a map: seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Map<StoredBlock, MemorySegment> model = new HashMap<>();
        List<StoredBlock> keys = new ArrayList<>();
        long taken = 0;
        for (int step = 0; step < 3000; step++) {
            if (keys.isEmpty() || random.nextInt(100) < 52) {
                MemorySegment block = bytes(1 + random.nextInt(200_000), random.nextLong());
                try {
                    StoredBlock stored = file.write(block, 0);
                    model.put(stored, block);
                    keys.add(stored);
                    taken += stored.fileBytes();
                } catch (SwapFullException full) {
                    assertThat(taken + block.byteSize()).isGreaterThan(16 * MIB - 4096);
                }
            } else {
                StoredBlock gone = keys.remove(random.nextInt(keys.size()));
                assertHolds(gone, Objects.requireNonNull(model.remove(gone)));
                file.free(gone);
                taken -= gone.fileBytes();
            }
            assertThat(file.takenBytes()).isEqualTo(taken);
        }
        for (StoredBlock left : keys) {
            assertHolds(left, Objects.requireNonNull(model.get(left)));
            file.free(left);
        }
        file.trim();
        assertThat(file.fileBytes()).isZero();
        assertThat(channel.length()).isZero();
    }

    @Test
    void theLimitIsNeverExceeded() throws IOException {
        SwapFile small = new SwapFile(channel, 100_000);
        StoredBlock stored = small.write(bytes(90_000, 1), 0);
        assertThatExceptionOfType(SwapFullException.class)
                .isThrownBy(() -> small.write(bytes(8193, 2), 0))
                .withMessageContaining("100000");
        assertThat(channel.length()).isLessThanOrEqualTo(100_000);
        small.free(stored);
        small.write(bytes(98_304, 3), 0);
    }

    @Test
    void aLowerLimitKeepsWhatIsThereAndTakesNoMore() throws IOException {
        MemorySegment block = bytes(50_000, 1);
        StoredBlock stored = file.write(block, 0);
        file.limit(0);
        assertThatExceptionOfType(SwapFullException.class)
                .isThrownBy(() -> file.write(bytes(1, 2), 0));
        assertHolds(stored, block);
    }

    @Test
    void roomIsKeptForThoseWhoMayUseIt() throws IOException {
        SwapFile small = new SwapFile(channel, 100_000);
        small.write(bytes(50_000, 1), 40_000);
        assertThatExceptionOfType(SwapFullException.class)
                .isThrownBy(() -> small.write(bytes(10_000, 2), 40_000));
        small.write(bytes(10_000, 2), 0);
    }

    @Test
    void aFullDiskIsNoticedBeforeABlockIsWrittenAndLeavesTheFileAsItWas() throws IOException {
        channel.full(5 * MIB);
        MemorySegment first = bytes(MIB, 1);
        StoredBlock stored = file.write(first, 0);
        long before = file.takenBytes();
        assertThatIOException()
                .isThrownBy(() -> file.write(bytes(4 * MIB, 2), 0))
                .withMessageContaining("No space");
        assertThat(file.takenBytes()).isEqualTo(before);
        assertThat((long) channel.length()).isEqualTo(file.fileBytes());
        assertHolds(stored, first);
        channel.full(Long.MAX_VALUE);
        assertThatExceptionOfType(SwapFullException.class)
                .isThrownBy(() -> file.write(bytes(4 * MIB, 2), 0));
        file.limit(16 * MIB);
        MemorySegment large = bytes(4 * MIB, 2);
        assertHolds(file.write(large, 0), large);
    }

    @Test
    void anInputOutputErrorLeavesTheFileAsItWas() throws IOException {
        StoredBlock stored = file.write(bytes(1000, 1), 0);
        channel.failWrites(true);
        assertThatIOException().isThrownBy(() -> file.write(bytes(1000, 2), 0));
        assertThat(file.takenBytes()).isEqualTo(stored.fileBytes());
    }

    @Test
    void shortCallsAreContinued() throws IOException {
        channel.shortCalls(1000);
        MemorySegment block = bytes(10_000, 1);
        assertHolds(file.write(block, 0), block);
    }

    @Test
    void aWriteThatMakesNoProgressFails() {
        channel.shortCalls(0);
        assertThatIOException().isThrownBy(() -> file.write(bytes(10_000, 1), 0));
        assertThat(file.takenBytes()).isZero();
    }

    @Test
    void everyBitFlipIsFound() throws IOException {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("bit flips in a swap file: seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        MemorySegment block = bytes(200_000, 1);
        StoredBlock stored = file.write(block, 0);
        MemorySegment back = arena.allocate(200_000);
        for (int flip = 0; flip < 200; flip++) {
            int at = random.nextInt(200_000);
            channel.flip(at);
            assertThatExceptionOfType(DamagedBlockException.class)
                    .as("flip at %d", at)
                    .isThrownBy(() -> file.read(stored, back));
            channel.flip(at);
        }
        assertHolds(stored, block);
    }

    @Test
    void aFileThatWasCutOffIsDamaged() throws IOException {
        StoredBlock stored = file.write(bytes(100_000, 1), 0);
        channel.truncate(50_000);
        assertThatExceptionOfType(DamagedBlockException.class)
                .isThrownBy(() -> file.read(stored, arena.allocate(100_000)))
                .withMessageContaining("ends");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aRealDeviceWithoutRoomIsToldAsSuch() throws IOException {
        try (SwapFile full = new SwapFile(FileLanes.open(Path.of("/dev/full"), 1), MIB)) {
            assertThatIOException()
                    .isThrownBy(() -> full.write(bytes(1000, 1), 0))
                    .withMessageContaining("No space left on device");
            assertThat(full.takenBytes()).isZero();
        }
    }

    @Test
    void aRealFileStaysUsableWhenTheThreadIsInterrupted(@TempDir Path directory)
            throws IOException {
        try (SwapFile real = new SwapFile(SwapDirectory.of(directory).open(), 16 * MIB)) {
            MemorySegment block = bytes(300_000, 1);
            Thread.currentThread().interrupt();
            StoredBlock stored = real.write(block, 0);
            MemorySegment back = arena.allocate(300_000);
            real.read(stored, back);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(back.mismatch(block)).isEqualTo(-1);
            real.read(stored, back.fill((byte) 0));
            assertThat(back.get(ValueLayout.JAVA_BYTE, 299_999))
                    .isEqualTo(block.get(ValueLayout.JAVA_BYTE, 299_999));
        }
    }
}
