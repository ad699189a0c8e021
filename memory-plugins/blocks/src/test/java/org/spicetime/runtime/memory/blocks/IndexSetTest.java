// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

final class IndexSetTest {
    @Test
    void itIsWhatASortedSetIs(TestReporter reporter) {
        String given = System.getProperty("test.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        reporter.publishEntry("test.seed", Long.toString(seed));
        Random random = new Random(seed);
        for (long limit : new long[] {1, 63, 64, 65, 4096, 4097, 1L << 20}) {
            IndexSet set = new IndexSet(limit);
            TreeSet<Long> model = new TreeSet<>();
            for (int step = 0; step < 5000; step++) {
                long index = random.nextLong(limit);
                if (model.remove(index)) {
                    set.remove(index);
                } else {
                    model.add(index);
                    set.add(index);
                }
                assertThat(set.contains(index))
                        .as("seed %d, limit %d, step %d", seed, limit, step)
                        .isEqualTo(model.contains(index));
                assertThat(set.isEmpty()).isEqualTo(model.isEmpty());
                if (!model.isEmpty()) {
                    assertThat(set.first()).as("seed %d", seed).isEqualTo(model.first());
                }
                long from = random.nextLong(limit);
                Long next = model.ceiling(from);
                assertThat(set.next(from))
                        .as("seed %d, from %d below %d", seed, from, limit)
                        .isEqualTo(next == null ? IndexSet.NONE : next);
                assertThat(set.count()).isEqualTo(model.size());
            }
            assertThat(set.contains(limit)).isFalse();
            assertThat(set.contains(-1)).isFalse();
        }
    }

    @Test
    void rangesAreWhatTheirNumbersOneByOneAre(TestReporter reporter) {
        String given = System.getProperty("test.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        reporter.publishEntry("test.seed", Long.toString(seed));
        Random random = new Random(seed);
        for (int limit : new int[] {1, 64, 65, 4096, 4097, 300_000}) {
            IndexSet set = new IndexSet(limit);
            TreeSet<Long> model = new TreeSet<>();
            for (int step = 0; step < 30; step++) {
                long from = random.nextLong(limit);
                long to = 1 + from + random.nextLong(Math.min(limit - from, 70_000));
                set.removeRange(from, fill(set, model, from, to));
                for (long index = from; index < to; index++) {
                    model.remove(index);
                }
                if (random.nextBoolean()) {
                    set.addRange(from, to);
                    for (long index = from; index < to; index++) {
                        model.add(index);
                    }
                }
                assertThat(set.count()).as("seed %d", seed).isEqualTo(model.size());
                long at = random.nextLong(limit);
                Long next = model.ceiling(at);
                assertThat(set.next(at))
                        .as("seed %d, step %d, from %d below %d", seed, step, at, limit)
                        .isEqualTo(next == null ? IndexSet.NONE : next);
                Long behind = model.ceiling(to);
                assertThat(set.next(to))
                        .as("seed %d, step %d, behind %d below %d", seed, step, to, limit)
                        .isEqualTo(behind == null ? IndexSet.NONE : behind);
            }
        }
    }

    /** Adds what is missing in a range, one by one; its end. */
    private static long fill(IndexSet set, Set<Long> model, long from, long to) {
        for (long index = from; index < to; index++) {
            if (model.add(index)) {
                set.add(index);
            }
        }
        return to;
    }
}
