// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.core.memory.swap.SwappedPool.MIB;
import static org.spicetime.runtime.core.memory.swap.SwappedPool.owner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.domain.SwapPolicy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.core.memory.handle.HandleOwner;
import org.spicetime.runtime.core.memory.handle.Movable;

/** Real files, several threads. */
class SwapUnderLoadTest {
    private static final int THREADS = 4;
    private static final int STEPS = 4000;

    @TempDir Path directory;

    /* Each thread has blocks of its own, and one that all of them look at. */
    private static final class Actor implements Callable<Void> {
        private record Held(Movable block, long pattern) {}

        private final SwappedPool pool;
        private final Movable common;
        private final SplittableRandom random;
        private final HandleOwner owner;
        private final List<Held> held = new ArrayList<>();

        Actor(SwappedPool pool, Movable common, SplittableRandom random) {
            this.pool = pool;
            this.common = common;
            this.random = random;
            owner = owner(random.nextInt(100));
        }

        @Override
        public Void call() {
            for (int step = 0; step < STEPS; step++) {
                try {
                    step(random.nextInt(100));
                } catch (RefusedException full) {
                    // The others hold it all: that is one of the answers.
                    assertThat(full.code().name()).isEqualTo("MEMORY_PRESSURE");
                    drop();
                }
            }
            held.forEach(one -> assertThat(pool.pattern(one.block())).isEqualTo(one.pattern()));
            while (!held.isEmpty()) {
                drop();
            }
            assertThat(pool.heldBytes(owner)).isZero();
            return null;
        }

        private void step(int what) {
            if (held.isEmpty() || what < 12 && held.size() < 60) {
                Movable block = pool.block(owner, 4096 + random.nextInt(120_000));
                long pattern = random.nextLong();
                held.add(new Held(block, pattern));
                pool.fill(block, pattern);
            } else if (what < 16) {
                drop();
            } else if (what < 18) {
                pool.swap.makeRoom(random.nextInt(300_000));
            } else if (what < 24) {
                assertThat(pool.pattern(common)).isEqualTo(42);
            } else {
                Held one = held.get(random.nextInt(held.size()));
                assertThat(pool.pattern(one.block())).isEqualTo(one.pattern());
            }
        }

        private void drop() {
            if (!held.isEmpty()) {
                pool.free(held.remove(random.nextInt(held.size())).block());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void whateverThreadsDoTheyFindWhatTheyWrote(SwapPolicy policy) throws Exception {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("swap under load, " + policy + ": seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (SwappedPool pool = new SwappedPool(4 * MIB, System::nanoTime);
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            pool.swap.configure(policy, 64L * MIB, SwapDirectory.of(directory));
            HandleOwner owner = owner(1);
            Movable common = pool.block(owner, 50_000);
            pool.fill(common, 42);
            List<Future<Void>> actors = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                actors.add(threads.submit(new Actor(pool, common, random.split())));
            }
            for (Future<Void> actor : actors) {
                actor.get();
            }
            pool.free(common);
            assertThat(pool.usedBytes()).isZero();
            assertThat(pool.swappedBytes()).isZero();
            assertThat(pool.swap.swapIns()).isPositive();
            assertThat(pool.failures).isEmpty();
            assertThat(pool.damages).isEmpty();
        }
    }

    @Test
    void thePolicyIsChangedAllTheTime() throws Exception {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("swap with changing policies: seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        SwapPolicy[] policies = {
            SwapPolicy.CLOCK, SwapPolicy.LRU, SwapPolicy.LFU, SwapPolicy.FIFO, SwapPolicy.PRIORITY
        };
        AtomicBoolean done = new AtomicBoolean();
        try (SwappedPool pool = new SwappedPool(4 * MIB, System::nanoTime);
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            SwapDirectory files = SwapDirectory.of(directory);
            pool.swap.configure(SwapPolicy.CLOCK, 64L * MIB, files);
            HandleOwner owner = owner(1);
            Movable common = pool.block(owner, 50_000);
            pool.fill(common, 42);
            List<Future<Void>> actors = new ArrayList<>();
            for (int i = 0; i < THREADS - 1; i++) {
                actors.add(threads.submit(new Actor(pool, common, random.split())));
            }
            Future<Integer> changes =
                    threads.submit(() -> {
                        int changed = 0;
                        for (; !done.get(); changed++) {
                            pool.swap.configure(policies[changed % 5], 64L * MIB, files);
                            pool.pattern(common);
                        }
                        return changed;
                    });
            try {
                for (Future<Void> actor : actors) {
                    actor.get();
                }
            } finally {
                done.set(true);
            }
            assertThat(changes.get()).isPositive();
            pool.free(common);
            assertThat(pool.usedBytes()).isZero();
            assertThat(pool.swappedBytes()).isZero();
        }
    }
}
