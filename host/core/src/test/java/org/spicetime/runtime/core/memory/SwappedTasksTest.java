// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.domain.SwapPolicy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.memory.MovableBlock;
import org.spicetime.runtime.api.memory.Pin;
import org.spicetime.runtime.api.memory.TaskMemory;
import org.spicetime.runtime.core.memory.swap.SwapDirectory;

/** What a task sees of swapping, in a real pool with real files. */
class SwappedTasksTest {
    private static final int BLOCK = 64 << 10;
    private static final long POOL = 8 * Pools.MIB;
    private static final int RESIDENT = (int) (POOL / BLOCK);
    private static final int PINS = 20_000;

    @TempDir Path directory;

    private static void write(MovableBlock block, long pattern) {
        try (Pin pin = block.pin()) {
            MemorySegment bytes = pin.segment();
            for (long at = 0; at < bytes.byteSize(); at += 8) {
                bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, at, pattern + at);
            }
        }
    }

    private static void verify(MovableBlock block, long pattern) {
        try (Pin pin = block.pin()) {
            MemorySegment bytes = pin.segment();
            long wrong = 0;
            for (long at = 0; at < bytes.byteSize(); at += 8) {
                wrong |= bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at) ^ pattern + at;
            }
            assertThat(wrong).isZero();
        }
    }

    private static List<MovableBlock> fill(TaskMemory memory, int count) {
        List<MovableBlock> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(memory.movable(BLOCK, 16));
            write(blocks.getLast(), i);
        }
        return blocks;
    }

    /** Four of five pins go to a fifth of the blocks; pins per second. */
    private static double rate(List<MovableBlock> blocks, SplittableRandom random) {
        int hot = blocks.size() / 5;
        long began = System.nanoTime();
        for (int i = 0; i < PINS; i++) {
            int at =
                    random.nextInt(5) < 4
                            ? random.nextInt(hot)
                            : hot + random.nextInt(blocks.size() - hot);
            verify(blocks.get(at), at);
        }
        return PINS * 1e9 / (System.nanoTime() - began);
    }

    @Test
    void aWorkingSetOfFourTimesThePoolIsUsedUnderClock() {
        long seed = Pools.seed();
        SplittableRandom random = new SplittableRandom(seed);
        DomainPool pool = Pools.open(POOL);
        double resident;
        TaskArena first = pool.openArena(Pools.task());
        resident = rate(fill(first.handles(50), RESIDENT * 3 / 4), random);
        first.reclaim();
        assertThat(pool.metrics().used()).isZero();

        pool.swap().configure(SwapPolicy.CLOCK, 8 * POOL, SwapDirectory.of(directory));
        TaskArena second = pool.openArena(Pools.task());
        List<MovableBlock> blocks = fill(second.handles(50), 4 * RESIDENT);
        MemoryMetrics full = pool.metrics();
        assertThat(full.used() + full.swapped()).isEqualTo(4 * POOL);
        assertThat(second.handles(50).usedBytes()).isEqualTo(4 * POOL);
        long before = pool.swap().swapIns();
        double swapped = rate(blocks, random);
        System.out.printf(
                "swap: seed %d, CLOCK, 80/20 over 4 times the pool: %.0f pins/s, resident %.0f pins/s,"
                        + " ratio %.2f, %.1f percent of pins read a block back%n",
                seed,
                swapped,
                resident,
                swapped / resident,
                100.0 * (pool.swap().swapIns() - before) / PINS);
        second.reclaim();
        assertThat(pool.metrics().used()).isZero();
        assertThat(pool.metrics().swapped()).isZero();
        pool.close();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theEndOfATaskEndsItsSwappedBlocksAndNoOthers() {
        DomainPool pool = Pools.open(POOL);
        pool.swap().configure(SwapPolicy.LRU, 8 * POOL, SwapDirectory.of(directory));
        TaskArena one = pool.openArena(Pools.task());
        TaskArena other = pool.openArena(Pools.task());
        fill(one.handles(50), RESIDENT);
        List<MovableBlock> kept = fill(other.handles(50), RESIDENT);
        one.reclaim();
        MemoryMetrics left = pool.metrics();
        assertThat(left.used() + left.swapped()).isEqualTo(POOL);
        for (int i = 0; i < RESIDENT; i++) {
            verify(kept.get(i), i);
        }
        kept.forEach(MovableBlock::close);
        assertThat(pool.metrics().used() + pool.metrics().swapped()).isZero();
        other.reclaim();
        pool.close();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aSmallFileSystemThatIsFullLosesNothing() throws Exception {
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", directory.toString()),
                "this user may not mount");
        try {
            DomainPool pool = Pools.open(POOL);
            pool.swap().configure(SwapPolicy.CLOCK, 8 * POOL, SwapDirectory.of(directory));
            TaskArena arena = pool.openArena(Pools.task());
            TaskMemory memory = arena.handles(50);
            List<MovableBlock> blocks = new ArrayList<>();
            RefusedException refused = null;
            while (refused == null) {
                try {
                    blocks.add(memory.movable(BLOCK, 16));
                    write(blocks.getLast(), blocks.size() - 1);
                } catch (RefusedException full) {
                    refused = full;
                }
            }
            assertThat(refused.code()).isEqualTo(RuntimeErrorCode.MEMORY_PRESSURE);
            assertThat(pool.swap().failure()).contains("No space left on device");
            assertThat(blocks.size()).isGreaterThan(RESIDENT);
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < blocks.size(); i++) {
                    verify(blocks.get(i), i);
                }
            }
            arena.reclaim();
            assertThat(pool.metrics().used() + pool.metrics().swapped()).isZero();
            pool.close();
        } finally {
            assertThat(run("umount", directory.toString())).isTrue();
        }
        assertThat(Files.isDirectory(directory)).isTrue();
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException noSuchCommand) {
            return false;
        }
        process.getInputStream().readAllBytes();
        return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    }
}
