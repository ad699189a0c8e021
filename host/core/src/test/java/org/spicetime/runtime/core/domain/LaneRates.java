// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.task.TaskDefaults;

/**
 * How many empty tasks per second go through a domain and through what the platform offers, in one
 * process without the network. Not a test: a main method to profile, {@code LaneRates [rounds]}.
 */
final class LaneRates {

    private static final int PRODUCERS = 2;
    private static final int EACH = 1_000_000;
    private static final int AHEAD = 8192;
    private static final int LEVELS = 64;

    private static final com.sun.management.OperatingSystemMXBean PROCESS =
            (com.sun.management.OperatingSystemMXBean)
                    java.lang.management.ManagementFactory.getOperatingSystemMXBean();

    private LaneRates() {}

    private record Ordered(Runnable task, int level, long arrival)
            implements Runnable, Comparable<Ordered> {
        @Override
        public void run() {
            task.run();
        }

        @Override
        public int compareTo(Ordered other) {
            return level == other.level
                    ? Long.compare(arrival, other.arrival)
                    : Integer.compare(other.level, level);
        }
    }

    interface Target {
        void submit(Runnable task, int level);
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length == 0 ? 5 : Integer.parseInt(arguments[0]);
        String only = arguments.length < 2 ? "" : arguments[1];
        AtomicLong arrivals = new AtomicLong();
        try (TestHost host = new TestHost();
                ExecutorService ordered = pool(new PriorityBlockingQueue<>());
                ExecutorService plain = pool(new LinkedBlockingQueue<>());
                ExecutorService forkJoin =
                        new ForkJoinPool(
                                2, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true)) {
            host.registry.addPolicy(
                    new TestHost.Keyed("EDF", task -> task.deadline()), TestHost.BUNDLE);
            Map<String, Target> targets =
                    new java.util.LinkedHashMap<>(
                            Map.of(
                                    "TPE+PBQ",
                                    (task, level) ->
                                            ordered.execute(
                                                    new Ordered(
                                                            task,
                                                            level,
                                                            arrivals.getAndIncrement())),
                                    "TPE",
                                    (task, level) -> plain.execute(task),
                                    "FJP",
                                    (task, level) -> forkJoin.execute(task)));
            targets.put("FIFO", ours(host, "FIFO", level -> TaskDefaults.of("fifo")));
            targets.put(
                    "PRIORITY",
                    ours(
                            host,
                            "PRIORITY",
                            level -> TaskDefaults.of("prio").withPriority((int) level)));
            targets.put(
                    "EDF",
                    ours(
                            host,
                            "EDF",
                            level ->
                                    TaskDefaults.of("edf")
                                            .withRelativeDeadline(
                                                    Duration.ofMillis(10 * (LEVELS - level)))));
            for (int round = 0; round < rounds; round++) {
                StringBuilder line = new StringBuilder();
                for (Map.Entry<String, Target> target : targets.entrySet()) {
                    if (!only.isEmpty()
                            && !Arrays.asList(only.split(",")).contains(target.getKey())) {
                        continue;
                    }
                    line.append("%s %s   ".formatted(target.getKey(), measure(target.getValue())));
                }
                System.out.println(line);
            }
        }
    }

    private static ExecutorService pool(java.util.concurrent.BlockingQueue<Runnable> queue) {
        return new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, queue);
    }

    private static Target ours(TestHost host, String policy, LongFunction<TaskDefaults> defaults) {
        Domain domain =
                host.domain(
                        policy.toLowerCase(java.util.Locale.ROOT),
                        Map.of(
                                "scheduler",
                                Map.of(
                                        "policy",
                                        policy,
                                        "priorities",
                                        Map.of("min", 0, "max", LEVELS - 1))));
        ExecutorService[] views = new ExecutorService[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            views[level] = domain.executor(defaults.apply(level));
        }
        return (task, level) -> views[level].execute(task);
    }

    /** Millions of tasks per second, and ns of processor time for each. */
    private static String measure(Target target) throws InterruptedException {
        long cpu = PROCESS.getProcessCpuTime();
        LongAdder done = new LongAdder();
        LongAdder submitted = new LongAdder();
        Runnable task = done::increment;
        long begin = System.nanoTime();
        List<Thread> producers = new ArrayList<>();
        for (int p = 0; p < PRODUCERS; p++) {
            int seed = p;
            producers.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                int random = 12345 + seed;
                                for (int i = 0; i < EACH; i++) {
                                    if (i % 256 == 0) {
                                        submitted.add(256);
                                        while (submitted.sum() - done.sum() > PRODUCERS * AHEAD) {
                                            LockSupport.parkNanos(1000);
                                        }
                                    }
                                    random = random * 1664525 + 1013904223;
                                    target.submit(task, (random >>> 16) % LEVELS);
                                }
                            }));
        }
        for (Thread producer : producers) {
            producer.join();
        }
        while (done.sum() < (long) PRODUCERS * EACH) {
            if (System.nanoTime() - begin > 20_000_000_000L) {
                throw new IllegalStateException("only " + done.sum() + " ran");
            }
            LockSupport.parkNanos(10_000);
        }
        long nanos = System.nanoTime() - begin;
        return "%.2f/%d"
                .formatted(
                        PRODUCERS * EACH * 1e3 / nanos,
                        (PROCESS.getProcessCpuTime() - cpu) / (PRODUCERS * EACH));
    }
}
