// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.spicetime.runtime.api.memory.MovableBlock;
import org.spicetime.runtime.api.memory.Pin;
import org.spicetime.runtime.api.memory.TaskMemory;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;

/**
 * A working set of four times the pool under CLOCK, beside the same set in a pool that holds it. Of
 * the accesses 80 % go to 20 % of the blocks; each reads the whole block, checks it and writes one
 * number.
 */
final class SwappedSet {
    private static final int BLOCK = 64 << 10;
    private static final int BLOCKS = 4096;
    private static final int ACCESSES = 20_000;
    private static final long SET_BYTES = (long) BLOCK * BLOCKS;
    private static final double BUDGET = 0.5;

    private SwappedSet() {}

    static void measure(Lab lab, Consumer<Figure> figures) throws Exception {
        List<Double> ratios = new ArrayList<>();
        List<Double> swapped = new ArrayList<>();
        try (TaskPlace resident = new TaskPlace(lab, config(SET_BYTES * 3 / 2, "NONE"));
                TaskPlace clock = new TaskPlace(lab, config(SET_BYTES / 4, "CLOCK"))) {
            for (int run = 0; run < lab.runs(); run++) {
                long seed = MemorySuite.SEED + run;
                double here = resident.run(lent -> nanos(lent.memory(), seed));
                double there = clock.run(lent -> nanos(lent.memory(), seed));
                ratios.add(here / there);
                swapped.add(there / 1e3);
            }
        }
        String name = "4 times the pool under CLOCK, 80 % of accesses to 20 %, ";
        figures.accept(Figure.told(name + "one access to 64 KiB", "us", "", swapped));
        figures.accept(Figure.atLeast(name + "rate : resident", "x", BUDGET, "", ratios));
    }

    private static Map<String, Object> config(long poolBytes, String policy) {
        return Map.of(
                "memory",
                Map.of("poolSize", poolBytes, "swapPolicy", policy, "swapLimit", SET_BYTES));
    }

    /** Nanoseconds of one access. */
    private static double nanos(TaskMemory memory, long seed) throws InterruptedException {
        List<MovableBlock> blocks = new ArrayList<>();
        long[] written = new long[BLOCKS];
        for (int i = 0; i < BLOCKS; i++)
            blocks.add(memory.movable(BLOCK, 16, TaskMemory.PIN_DEADLINE, TaskMemory.FOREVER));
        SplittableRandom random = new SplittableRandom(seed);
        access(blocks, written, random, ACCESSES / 4);
        long begin = System.nanoTime();
        access(blocks, written, random, ACCESSES);
        double nanos = System.nanoTime() - begin;
        blocks.forEach(MovableBlock::close);
        return nanos / ACCESSES;
    }

    private static void access(
            List<MovableBlock> blocks, long[] written, SplittableRandom random, int count) {
        int hot = BLOCKS / 5;
        for (int i = 0; i < count; i++) {
            int at =
                    random.nextInt(100) < 80
                            ? random.nextInt(hot)
                            : hot + random.nextInt(BLOCKS - hot);
            try (Pin pin = blocks.get(at).pin()) {
                MemorySegment segment = pin.segment();
                long sum = 0;
                for (long offset = 0; offset < BLOCK; offset += Long.BYTES)
                    sum += segment.get(JAVA_LONG, offset);
                if (sum != written[at])
                    throw new IllegalStateException("block %d has changed".formatted(at));
                written[at]++;
                segment.set(JAVA_LONG, (long) (at & 1023) * Long.BYTES, written[at]);
            }
        }
    }
}
