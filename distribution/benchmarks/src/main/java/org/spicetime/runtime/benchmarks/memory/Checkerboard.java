// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MovableBlock;
import org.spicetime.runtime.api.memory.Pin;
import org.spicetime.runtime.api.memory.TaskMemory;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;

/**
 * A pool full of blocks of 1 KiB of which every other one goes: half of it is free, and no block of
 * 2 KiB fits. Then it is compacted. The content of every block is compared afterwards.
 */
final class Checkerboard {
    private static final int SMALL = 1 << 10;
    private static final int LARGE = 2 << 10;
    private static final double PAUSE_BUDGET_MICROS = 1_000;
    private static final double SHARE_BUDGET = 0.95;

    private record Outcome(
            boolean refused, double fitted, double pauseMicros, double mebibytes, double millis) {}

    private Checkerboard() {}

    static void measure(Lab lab, Consumer<Figure> figures) throws Exception {
        List<Outcome> outcomes = new ArrayList<>();
        try (TaskPlace place = new TaskPlace(lab, config())) {
            for (int run = 0; run < lab.runs(); run++)
                outcomes.add(place.run(lent -> once(place, lent.memory())));
        }
        if (outcomes.stream().anyMatch(outcome -> !outcome.refused()))
            throw new IllegalStateException("a block of 2 KiB fitted into the checkerboard");
        String name = "checkerboard of 1 KiB in 64 MiB, compacted, ";
        double moved = Figure.median(outcomes.stream().mapToDouble(Outcome::mebibytes).toArray());
        double took = Figure.median(outcomes.stream().mapToDouble(Outcome::millis).toArray());
        figures.accept(
                Figure.atLeast(
                        name + "share of the free half that blocks of 2 KiB fill",
                        "",
                        SHARE_BUDGET,
                        "none fitted before",
                        outcomes.stream().map(Outcome::fitted).toList()));
        figures.accept(
                Figure.atMost(
                        name + "longest pause",
                        "us",
                        PAUSE_BUDGET_MICROS,
                        "%.0f MiB moved in %.0f ms".formatted(moved, took),
                        outcomes.stream().map(Outcome::pauseMicros).toList()));
    }

    private static Map<String, Object> config() {
        return Map.of("memory", Map.of("poolSize", 64L << 20, "allocationType", "TLSF"));
    }

    private static Outcome once(TaskPlace place, TaskMemory memory) throws Exception {
        List<MovableBlock> blocks = fill(memory, SMALL);
        for (int i = 0; i < blocks.size(); i++) write(blocks.get(i), i);
        List<MovableBlock> kept = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++)
            if (i % 2 == 0) kept.add(blocks.get(i));
            else blocks.get(i).close();
        long freed = (long) (blocks.size() - kept.size()) * SMALL;
        List<MovableBlock> before = fill(memory, LARGE);
        before.forEach(MovableBlock::close);
        CollectionReport report =
                Lab.await(place.domain().collectGarbage(true).toCompletableFuture());
        for (int i = 0; i < kept.size(); i++)
            if (read(kept.get(i)) != 2L * i)
                throw new IllegalStateException("block %d has changed".formatted(2 * i));
        List<MovableBlock> after = fill(memory, LARGE);
        double fitted = (double) after.size() * LARGE / freed;
        after.forEach(MovableBlock::close);
        kept.forEach(MovableBlock::close);
        return new Outcome(
                before.size() * (double) LARGE / freed < 0.05,
                fitted,
                report.longestPause().toNanos() / 1e3,
                report.movedBytes() / 1048576.0,
                report.duration().toNanos() / 1e6);
    }

    private static List<MovableBlock> fill(TaskMemory memory, int bytes) {
        List<MovableBlock> blocks = new ArrayList<>();
        while (true) {
            try {
                blocks.add(memory.movable(bytes, 16));
            } catch (RefusedException full) {
                return blocks;
            }
        }
    }

    private static void write(MovableBlock block, long value) {
        try (Pin pin = block.pin()) {
            pin.segment().set(JAVA_LONG, 0, value);
        }
    }

    private static long read(MovableBlock block) {
        try (Pin pin = block.pin()) {
            return pin.segment().get(JAVA_LONG, 0);
        }
    }
}
