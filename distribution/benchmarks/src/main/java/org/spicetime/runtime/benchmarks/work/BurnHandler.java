// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.work;

import java.util.Set;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;

/** Computes for a number of rounds, in plain Java without a safe point of its own. */
public final class BurnHandler implements TaskHandler<BurnHandler.Rounds, BurnHandler.Done> {
    /** Name by which it is asked for. */
    public static final String NAME = "benchmark.burn";

    /**
     * How much to compute.
     *
     * @param rounds number of steps of some nanoseconds each
     */
    public record Rounds(long rounds) {}

    /**
     * What came out.
     *
     * @param value depends on every step
     */
    public record Done(long value) {}

    /** For the activator. */
    public BurnHandler() {}

    @Override
    public HandlerDescriptor<Rounds, Done> descriptor() {
        return new HandlerDescriptor<>(
                NAME,
                "1.0.0",
                "Computes for a number of rounds.",
                Rounds.class,
                Done.class,
                Set.of());
    }

    @Override
    public Done run(Rounds payload, TaskContext context) {
        return new Done(burn(payload.rounds()));
    }

    /** A chain of xorshift* steps (S. Vigna, ACM TOMS 42(4), 2016), which cannot be shortened. */
    static long burn(long rounds) {
        long value = rounds | 1;
        for (long i = 0; i < rounds; i++) {
            value ^= value >>> 12;
            value ^= value << 25;
            value ^= value >>> 27;
            value *= 0x2545F4914F6CDD1DL;
        }
        return value;
    }
}
