// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Whatever holds the tasks at the moment, their order is by key, then tie, then turn. */
final class KeyOrderTest {
    private static final int ROUNDS = Boolean.getBoolean("test.long") ? 400 : 40;
    private static final int OPERATIONS = 20_000;

    private final KeyOrder order = new KeyOrder();
    private long seq;

    @Test
    void anyMixOfKeysComesOutInOrderAndWhole(TestReporter reporter) {
        long seed = seed();
        reporter.publishEntry("test.seed", Long.toString(seed));
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = new SplittableRandom(seed + round);
            new Model(random, "seed " + seed + ", round " + round).run();
        }
    }

    @Test
    void keysAtTheEndsOfTheRangeOfLongAreInOrder() {
        long[] keys = {0, Long.MAX_VALUE, Long.MIN_VALUE, -1, 1, Long.MAX_VALUE - 1};
        for (long key : keys) order.add(task(key, 0, false));
        assertThat(drain())
                .containsExactly(Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE - 1, Long.MAX_VALUE);
    }

    @Test
    void keysThatWanderStayInOrder() {
        for (int i = 0; i < 3_000; i++) order.add(task(i, 0, false));
        for (int i = 3_000; i < 50_000; i++) {
            order.add(task(i, 0, false));
            assertThat(take().key).isEqualTo(i - 3_000);
        }
        for (long key = 50_000; key > -50_000; key--) {
            order.add(task(key, 0, false));
            order.remove(Objects.requireNonNull(order.first()));
        }
        assertThat(order.size()).isEqualTo(3_000);
    }

    @Test
    void theFirstOfThoseThatOwnAThreadIsFoundAmongAnyNumberOfOthers() {
        for (int i = 0; i < 10_000; i++) order.add(task(i % 100, 0, false));
        TrialTask late = task(98, 0, true);
        TrialTask soon = task(42, 0, true);
        order.add(late);
        order.add(soon);
        assertThat(order.firstStarted()).isSameAs(soon);
        order.remove(soon);
        assertThat(order.firstStarted()).isSameAs(late);
        order.remove(late);
        assertThat(order.firstStarted()).isNull();
        assertThat(order.size()).isEqualTo(10_000);
    }

    @Test
    void nothingIsAllocatedOnceTheQueueHasHadItsLength() {
        List<TrialTask> tasks = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 6_000; i++) tasks.add(task(0, 0, i % 8 == 0));
        churn(tasks, random, 20);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        churn(tasks, random, 20);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(bytes).as("bytes for %d operations", 2 * 20 * 6_000).isLessThan(4_096);
    }

    private void churn(List<TrialTask> tasks, SplittableRandom random, int times) {
        for (int time = 0; time < times; time++) {
            int range = time % 2 == 0 ? 1_000 : 1_000_000;
            for (int i = 0; i < tasks.size(); i++) {
                TrialTask task = tasks.get(i);
                task.key = random.nextInt(range);
                task.turn = ++seq;
                order.add(task);
            }
            while (order.size() > 0) take();
        }
    }

    private TrialTask task(long key, long tie, boolean started) {
        TrialTask task = TrialTask.madeUp(new SplittableRandom(1), 0, 0, 10);
        task.seq = ++seq;
        task.turn = task.seq;
        task.key = key;
        task.tie = tie;
        task.started = started;
        return task;
    }

    private Schedulable take() {
        Schedulable first = Objects.requireNonNull(order.first());
        order.remove(first);
        return first;
    }

    private List<Long> drain() {
        List<Long> keys = new ArrayList<>();
        while (order.size() > 0) keys.add(take().key);
        return keys;
    }

    /** The same operations on a sorted set. */
    private final class Model {
        private final SplittableRandom random;
        private final String where;
        private final TreeSet<Schedulable> all = new TreeSet<>(KeyHeap.ORDER);
        private final TreeSet<Schedulable> started = new TreeSet<>(KeyHeap.ORDER);
        private int kind;
        private int target;

        Model(SplittableRandom random, String where) {
            this.random = random;
            this.where = where;
        }

        void run() {
            for (int i = 0; i < OPERATIONS; i++) {
                if (random.nextInt(500) == 0) {
                    kind = random.nextInt(5);
                    target = random.nextInt(3) == 0 ? 0 : random.nextInt(6_000);
                }
                boolean grow = random.nextInt(10) < (all.size() < target ? 8 : 2);
                if (all.isEmpty() || grow) add();
                else remove();
                check();
            }
            while (!all.isEmpty()) {
                remove();
                check();
            }
            assertThat(order.seqXor()).as(where).isZero();
        }

        private void add() {
            TrialTask task = task(key(), tie(), random.nextInt(6) == 0);
            if (random.nextInt(8) == 0) task.turn = random.nextLong(seq);
            if (!all.add(task)) return; // the same place twice cannot be: turns are unique
            if (task.started) started.add(task);
            order.add(task);
        }

        private long key() {
            return switch (kind) {
                case 0 -> random.nextInt(11);
                case 1 -> -random.nextInt(4_096);
                case 2 -> seq;
                case 3 -> random.nextLong();
                default -> seq + random.nextInt(20_000);
            };
        }

        private long tie() {
            return switch (random.nextInt(10)) {
                case 0 -> Long.MIN_VALUE;
                case 1 -> -seq;
                case 2 -> random.nextInt(5);
                default -> 0;
            };
        }

        private void remove() {
            Schedulable task =
                    switch (random.nextInt(4)) {
                        case 0 -> all.last();
                        case 1 -> started.isEmpty() ? all.first() : started.first();
                        default -> all.first();
                    };
            all.remove(task);
            started.remove(task);
            order.remove(task);
        }

        private void check() {
            assertThat(order.size()).as(where).isEqualTo(all.size());
            assertThat(order.first()).as(where).isSameAs(all.isEmpty() ? null : all.first());
            assertThat(order.firstStarted())
                    .as(where)
                    .isSameAs(started.isEmpty() ? null : started.first());
        }
    }

    private static long seed() {
        String text = System.getProperty("test.seed", "");
        return text.isEmpty() ? System.nanoTime() : Long.parseLong(text);
    }
}
