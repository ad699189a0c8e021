// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.graphql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Connections that ask again as soon as they are answered, a thread each. */
final class Load {
    private Load() {}

    /**
     * Asks a server.
     *
     * @param requests one list for each connection, sent in turn
     * @param warmUp seconds that do not count
     * @param window seconds that count
     */
    static Measured run(Server server, List<List<byte[]>> requests, double warmUp, double window)
            throws Exception {
        long begin = System.nanoTime() + (long) (warmUp * 1e9);
        long end = begin + (long) (window * 1e9);
        List<Future<long[]>> answers = new ArrayList<>();
        double before;
        double after;
        try (ExecutorService threads = Executors.newFixedThreadPool(requests.size())) {
            for (List<byte[]> mine : requests)
                answers.add(threads.submit(() -> ask(server, mine, begin, end)));
            TimeUnit.NANOSECONDS.sleep(begin - System.nanoTime());
            before = server.processorSeconds();
            TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
            after = server.processorSeconds();
        }
        List<long[]> all = new ArrayList<>();
        for (Future<long[]> answer : answers) {
            try {
                all.add(answer.get());
            } catch (ExecutionException e) {
                throw new IOException(server.name() + ": " + e.getCause(), e);
            }
        }
        long[] nanos = all.stream().flatMapToLong(Arrays::stream).toArray();
        return Measured.of(nanos, 1, window, after - before);
    }

    private static long[] ask(Server server, List<byte[]> requests, long begin, long end)
            throws IOException {
        long[] nanos = new long[1024];
        int count = 0;
        try (Connection connection = new Connection(server.uri())) {
            long sent = System.nanoTime();
            for (int i = 0; sent < end; i = (i + 1) % requests.size()) {
                connection.exchange(requests.get(i));
                long answered = System.nanoTime();
                if (answered >= begin && answered < end) {
                    if (count == nanos.length) nanos = Arrays.copyOf(nanos, 2 * count);
                    nanos[count++] = answered - sent;
                }
                sent = answered;
            }
        }
        return Arrays.copyOf(nanos, count);
    }
}
