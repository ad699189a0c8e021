// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** So many callers that each wait for their answer before they ask again. */
public final class Outstanding {
    /**
     * What a run came to.
     *
     * @param perSecond answers per second
     * @param medianNanos median time from a question to its answer
     */
    public record Measured(double perSecond, double medianNanos) {}

    private static final int MOST_SAMPLES = 1 << 16;

    private Outstanding() {}

    /**
     * Asks for a while.
     *
     * @param callers how many, 1 or more
     * @param question asked by all of them; returns with its answer
     * @param seconds how long
     */
    public static Measured run(int callers, Callable<?> question, double seconds) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Future<long[]>> answers = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(callers)) {
            for (int i = 0; i < callers; i++)
                answers.add(pool.submit(() -> ask(go, question, (long) (seconds * 1e9))));
            long begin = System.nanoTime();
            go.countDown();
            long count = 0;
            List<long[]> samples = new ArrayList<>();
            for (Future<long[]> one : answers) {
                long[] took = one.get();
                count += took[0];
                int kept = (int) Math.min(took[0], took.length - 1L);
                samples.add(Arrays.copyOfRange(took, 1, kept + 1));
            }
            double elapsed = System.nanoTime() - begin;
            long[] all = samples.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return new Measured(
                    count * 1e9 / elapsed, all.length == 0 ? Double.NaN : all[all.length / 2]);
        }
    }

    /* The number of answers, then what the last ones took. */
    private static long[] ask(CountDownLatch go, Callable<?> question, long nanos)
            throws Exception {
        long[] took = new long[MOST_SAMPLES / 16];
        go.await();
        long now = System.nanoTime();
        long end = now + nanos;
        while (now < end) {
            question.call();
            long after = System.nanoTime();
            took[1 + (int) (took[0] % (took.length - 1))] = after - now;
            took[0]++;
            now = after;
        }
        return took;
    }
}
