// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.RuntimeMetrics;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.OverlapPolicy;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;

/**
 * Periodic tasks of 1 to 10 ms at utilisation 0.9, what the host adds to each included, under EDF
 * on one worker, in plain Java code that is preempted where the host wove polls into it. A miss is
 * told beside what the host cannot promise: collections of the heap, and the time the worker waited
 * for a processor.
 */
final class RealtimeRun {
    private static final Duration LENGTH = Duration.ofSeconds(10);

    /** Run time and period in milliseconds; C/T adds up to 0.9. */
    private static final int[][] TASKS = {{1, 8}, {2, 16}, {3, 20}, {2, 20}, {5, 25}, {10, 50}};

    private static final String BURN = "benchmark.burn";
    private static final int HOST_TASKS = 500;
    private static final double FIRST_GUESS = 200_000;
    private static final int CALIBRATIONS = 4;

    private RealtimeRun() {}

    static void measure(Lab lab, Consumer<Figure> figures) throws Exception {
        Domain domain =
                lab.domain(
                        new ConfigPatch(
                                Map.of(
                                        "scheduler",
                                        Map.of(
                                                "policy",
                                                "EDF",
                                                "preemption",
                                                Map.of(
                                                        "enabled",
                                                        true,
                                                        "mode",
                                                        "FULL",
                                                        "granularity",
                                                        100)),
                                        "executor",
                                        Map.of("parallelism", 1))));
        try {
            run(domain, figures);
        } finally {
            lab.delete(domain);
        }
    }

    private static void run(Domain domain, Consumer<Figure> figures) throws Exception {
        double roundsPerMilli = calibrate(domain);
        double hostMillis = hostMillis(domain, roundsPerMilli);
        RuntimeMetrics before = domain.metrics();
        long paused = collectionMillis();
        RunDelay delay = new RunDelay(domain.id());
        Instant start = Instant.now().plusMillis(100);
        for (int[] task : TASKS) {
            Lab.await(
                    domain.createSchedule(
                                    schedule(
                                            task[0],
                                            task[1],
                                            (task[0] - hostMillis) * roundsPerMilli,
                                            start))
                            .toCompletableFuture());
        }
        Thread.sleep(LENGTH);
        Lab.await(domain.pause().toCompletableFuture());
        RuntimeMetrics after = domain.metrics();
        double jobs = after.tasksCompleted() - before.tasksCompleted();
        String note = "EDF, U 0.9, 1 worker, " + LENGTH.toSeconds() + " s";
        figures.accept(
                Figure.told(
                        "real run, what a task costs its worker beside its handler",
                        "us",
                        "part of the run time",
                        List.of(hostMillis * 1e3)));
        figures.accept(Figure.told("real run, tasks", "", note, List.of(jobs)));
        figures.accept(
                Figure.atMost(
                        "real run, deadlines missed",
                        "",
                        0,
                        note,
                        List.of((double) (after.deadlineMisses() - before.deadlineMisses()))));
        figures.accept(
                Figure.told(
                        "real run, preemptions",
                        "",
                        note,
                        List.of((double) (after.preemptions() - before.preemptions()))));
        Duration gap = after.longestPollGap();
        if (gap != null)
            figures.accept(
                    Figure.told(
                            "real run, longest poll gap",
                            "us",
                            note,
                            List.of(gap.toNanos() / 1e3)));
        figures.accept(
                Figure.told(
                        "real run, collections of the heap",
                        "ms",
                        note,
                        List.of((double) (collectionMillis() - paused))));
        figures.accept(
                Figure.told(
                        "real run, workers waited for a processor",
                        "ms",
                        note,
                        List.of(delay.millis())));
    }

    private static ScheduleRequest schedule(int millis, int period, double rounds, Instant start) {
        return new ScheduleRequest(
                "burn " + millis + " of " + period,
                burn((long) rounds, Duration.ofMillis(millis)),
                Recurrence.every(Duration.ofMillis(period)),
                start,
                OverlapPolicy.ALLOW,
                MisfirePolicy.SKIP,
                Duration.ofMillis(period),
                false);
    }

    private static TaskRequest burn(long rounds, Duration expected) {
        return TaskRequest.of(TaskType.COMPUTATION)
                .handler(BURN)
                .payload(Payload.json("{\"rounds\":" + rounds + "}"))
                .estimatedDuration(expected)
                .build();
    }

    /* A run of a second counts less than many of a millisecond: those start with cold caches. */
    private static double calibrate(Domain domain) throws Exception {
        double rounds = FIRST_GUESS;
        for (int round = 0; round < CALIBRATIONS; round++)
            rounds /= averageMillis(batch(domain, rounds), TaskMetrics::cpuNanos);
        return rounds;
    }

    /* What a task is on its worker for, less what its handler computes. */
    private static double hostMillis(Domain domain, double roundsPerMilli) throws Exception {
        List<Task> tasks = batch(domain, roundsPerMilli);
        Instant first = Instant.MAX;
        Instant last = Instant.MIN;
        for (Task task : tasks) {
            Instant began = task.metrics().startedAt();
            Instant ended = task.metrics().finishedAt();
            if (began != null && began.isBefore(first)) first = began;
            if (ended != null && ended.isAfter(last)) last = ended;
        }
        double millis = Duration.between(first, last).toNanos() / 1e6 / tasks.size();
        return Math.max(0, millis - averageMillis(tasks, TaskMetrics::cpuNanos));
    }

    private static double averageMillis(List<Task> tasks, ToLongFunction<TaskMetrics> nanos) {
        return tasks.stream().mapToLong(t -> nanos.applyAsLong(t.metrics())).average().orElseThrow()
                / 1e6;
    }

    /* One after the other, all of them to their ends. */
    private static List<Task> batch(Domain domain, double rounds) throws Exception {
        List<TaskRequest> requests = new ArrayList<>();
        for (int i = 0; i < HOST_TASKS; i++)
            requests.add(burn((long) rounds, Duration.ofMillis(1)));
        List<Task> ended = new ArrayList<>();
        for (Task task : Lab.await(domain.scheduleAll(requests).toCompletableFuture())) {
            while (!domain.task(task.id()).orElseThrow().phase().isFinal()) Thread.sleep(5);
            ended.add(domain.task(task.id()).orElseThrow());
        }
        return ended;
    }

    private static long collectionMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
