// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.introspection.IntrospectionQuery;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

/**
 * Measures the CPU time of one request in the engine, from the decoded request to the bytes of its
 * answer, without a network. Run {@link #main}; docs/performance.md has its figures.
 *
 * <p>CPU time of the one thread that works, so that other load on the machine counts little; the
 * median of several rounds.
 */
final class EngineCost {
    private static final int ROUNDS = 15;
    private static final long ROUND_NANOS = 400_000_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private EngineCost() {}

    public static void main(String[] none) throws Exception {
        try (Bench bench = new Bench()) {
            FakeDomain domain = bench.host.domain("ethical-scoring");
            for (int i = 0; i < 100; i++) {
                domain.put(domain.task(TaskRequest.of(TaskType.IO).build(), TaskPhase.READY));
            }
            measure(bench, "typename", "{ __typename }", Map.of());
            measure(
                    bench,
                    "20 fields",
                    "query($id: ID!) { findDomain(id: $id) { id name status config {"
                            + " scheduler { policy quantum } memory { poolSize allocationType swapPolicy"
                            + " garbageCollection { strategy threshold compaction } }"
                            + " executor { parallelism workStealing batchSize queuePolicy }"
                            + " networking { maxConnections timeout compression } } } }",
                    Map.of("id", "ethical-scoring"));
            measure(
                    bench,
                    "100 tasks",
                    "query($id: ID!, $n: Int!) { tasksConnection(domainId: $id, first: $n)"
                            + " { edges { cursor node { id type status priority deadline } } } }",
                    Map.of("id", "ethical-scoring", "n", 100));
            measure(bench, "introspection", IntrospectionQuery.INTROSPECTION_QUERY, Map.of());
        }
    }

    private static void measure(
            Bench bench, String name, String query, Map<String, @Nullable Object> variables)
            throws Exception {
        GraphQlRequest request = Bench.request(query, variables, Role.ADMIN);
        Counted counted = new Counted();
        double[] micros = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = THREADS.getCurrentThreadCpuTime();
            long done = 0;
            long used;
            do {
                for (int i = 0; i < 10; i++) answer(bench, request).writeTo(counted);
                done += 10;
                used = THREADS.getCurrentThreadCpuTime() - start;
            } while (used < ROUND_NANOS);
            micros[round] = used / 1e3 / done;
        }
        Arrays.sort(micros, ROUNDS / 3, ROUNDS);
        long before = counted.bytes;
        Answer answer = answer(bench, request);
        answer.writeTo(counted);
        System.out.printf(
                "%-14s %8.1f us CPU (%d bytes, errors: %s)%n",
                name,
                micros[ROUNDS / 3 + (ROUNDS - ROUNDS / 3) / 2],
                counted.bytes - before,
                answer.map().get("errors"));
    }

    private static Answer answer(Bench bench, GraphQlRequest request) {
        return switch (bench.engine.execute(request)) {
            case Outcome.Executed executed -> executed.response().toCompletableFuture().join();
            case Outcome other -> throw new IllegalStateException("not executed: " + other);
        };
    }

    private static final class Counted extends OutputStream {
        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            bytes += length;
        }
    }
}
