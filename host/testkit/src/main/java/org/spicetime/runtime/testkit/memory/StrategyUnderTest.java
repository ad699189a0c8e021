// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.memory;

import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.testkit.DefaultOptions;

/** A strategy, a model beside it, and the seed of the run. Called by one thread at a time. */
abstract class StrategyUnderTest {
    static final long MIB = 1L << 20;

    /** How much longer the random tests are than usual. */
    static final int LONGER = Boolean.getBoolean("test.long") ? 50 : 1;

    private static final int STEPS_PER_COMPARISON = 5_000;

    final long seed = seed();
    final Random random = new Random(seed);
    AllocationStrategy strategy;
    Trace trace;

    @SuppressWarnings("NullAway.Init") // set before each test
    StrategyUnderTest() {}

    /** The factory under test, a new one or always the same. */
    protected abstract AllocationStrategyFactory factory();

    /** Sizes of the pool to test with; zones must divide it evenly. */
    protected Geometry geometry() {
        return new Geometry(factory().descriptor().granuleBytes(), 8 * MIB, MIB);
    }

    /** Values for the options of the descriptor; their defaults unless overridden. */
    protected Options options() {
        return new DefaultOptions(factory().descriptor().options());
    }

    /**
     * The most bytes the strategy gives in one block under {@link #options} and {@link #geometry};
     * the largest block of the descriptor unless overridden, and never more than the pool.
     */
    protected long largestBlock() {
        return Math.min(factory().descriptor().maxBlockBytes(), geometry().poolBytes());
    }

    @BeforeEach
    final void createStrategy(TestReporter reporter) {
        reporter.publishEntry("test.seed", Long.toString(seed));
        use(geometry());
    }

    /** Begins anew with a pool of other sizes. */
    final void use(Geometry geometry) {
        strategy = create(geometry);
        trace = new Trace(strategy, geometry, movable(), largestBlock());
    }

    final AllocationStrategy create(Geometry geometry) {
        return factory().create(geometry, options());
    }

    final long granule() {
        return factory().descriptor().granuleBytes();
    }

    final boolean movable() {
        return factory().descriptor().movable();
    }

    final void run(int steps) {
        telling(() -> {
            for (int step = 0; step < steps; step++) {
                trace.step(random);
                if (step % STEPS_PER_COMPARISON == 0) {
                    trace.model().compare(strategy);
                }
            }
        });
    }

    /** Runs a part; what goes wrong is told with the seed and the last operations. */
    final void telling(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException | AssertionError failed) {
            throw new AssertionError(
                    "%s%nrepeat with -Dtest.seed=%d; the last operations were (arguments) = answer%n%s"
                            .formatted(failed.getMessage(), seed, trace.lastOperations()),
                    failed);
        }
    }

    private static long seed() {
        String text = System.getProperty("test.seed", "");
        return text.isEmpty() ? System.nanoTime() : Long.parseLong(text);
    }
}
