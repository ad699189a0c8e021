// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The tables of one domain, and what its order of dispatch shows. Immutable. */
record Report(String domain, String policy, Instant released, List<Ran> tasks) {

    private static final int SHOWN = 12;

    /** Per type of work: how many, how they ended, what they cost. */
    void printCosts(PrintStream out) {
        out.printf("%n%s under %s%n", domain, policy);
        out.printf(
                "  %-12s %6s %6s %6s %10s %10s %10s %10s %9s %6s%n",
                "type",
                "tasks",
                "done",
                "failed",
                "wait ms",
                "run ms",
                "cpu ms",
                "pool peak",
                "I/O ops",
                "late");
        for (String type : List.of("COMPUTATION", "IO", "NETWORK", "MAINTENANCE")) {
            List<Ran> ofType = tasks.stream().filter(task -> task.type().equals(type)).toList();
            LongSummaryStatistics peak =
                    ofType.stream().mapToLong(Ran::poolPeak).summaryStatistics();
            out.printf(
                    "  %-12s %6d %6d %6d %10s %10s %10s %9dK %9s %6d%n",
                    type,
                    ofType.size(),
                    ofType.stream().filter(task -> task.status().equals("COMPLETED")).count(),
                    ofType.stream().filter(task -> task.status().equals("FAILED")).count(),
                    mean(ofType, task -> task.waitMillis() * 1_000_000),
                    mean(ofType, Report::runNanos),
                    mean(ofType, Ran::cpuNanos),
                    peak.getMax() / 1024,
                    operations(ofType),
                    ofType.stream().filter(Ran::late).count());
        }
    }

    /** What ran first, in the order of dispatch. */
    void printOrder(PrintStream out) {
        out.printf("%n%s, the first %d dispatches%n", domain, SHOWN);
        out.printf(
                "  %9s  %-20s %8s %14s %9s%n",
                "start ms", "task", "priority", "deadline in ms", "run ms");
        dispatched().stream()
                .limit(SHOWN)
                .forEach(task ->
                        out.printf(
                                "  %9d  %-20s %8d %14s %9.1f%n",
                                Duration.between(released, Objects.requireNonNull(task.startedAt()))
                                        .toMillis(),
                                task.name(),
                                task.priority(),
                                untilDeadline(task.deadline()),
                                runNanos(task) / 1e6));
    }

    /** Share of pairs of tasks that were dispatched in the order of their deadlines, 0.0 to 1.0. */
    double agreementWithDeadlines() {
        return agreement(
                Comparator.comparing(
                        Ran::deadline, Comparator.nullsLast(Comparator.<Instant>naturalOrder())));
    }

    /**
     * Share of pairs of tasks that were dispatched in the order of their priorities, 0.0 to 1.0.
     */
    double agreementWithPriorities() {
        return agreement(Comparator.comparingInt(Ran::priority).reversed());
    }

    long late() {
        return tasks.stream().filter(Ran::late).count();
    }

    /**
     * Kendall's idea: of all pairs that the order ranks apart, the share that was dispatched that
     * way round.
     */
    private double agreement(Comparator<Ran> order) {
        List<Ran> compared =
                dispatched().stream().filter(task -> task.name().matches("[a-z]+ \\d+")).toList();
        long agreed = 0;
        long pairs = 0;
        for (int i = 0; i < compared.size(); i++) {
            for (int j = i + 1; j < compared.size(); j++) {
                int rank = order.compare(compared.get(i), compared.get(j));
                if (rank != 0) pairs++;
                if (rank < 0) agreed++;
            }
        }
        return pairs == 0 ? Double.NaN : (double) agreed / pairs;
    }

    private List<Ran> dispatched() {
        List<Ran> sorted = new ArrayList<>(tasks);
        sorted.removeIf(task -> task.startedAt() == null);
        sorted.sort(Comparator.comparing(task -> Objects.requireNonNull(task.startedAt())));
        return sorted;
    }

    private String untilDeadline(@Nullable Instant deadline) {
        return deadline == null
                ? "none"
                : Long.toString(Duration.between(released, deadline).toMillis());
    }

    private static long runNanos(Ran task) {
        Instant start = task.startedAt();
        Instant end = task.finishedAt();
        return start == null || end == null ? 0 : Duration.between(start, end).toNanos();
    }

    private static String mean(List<Ran> tasks, ToLongFunction<Ran> nanos) {
        List<Ran> started = tasks.stream().filter(task -> task.startedAt() != null).toList();
        if (started.isEmpty()) return "-";
        return String.format(
                java.util.Locale.ROOT,
                "%.1f",
                started.stream().mapToLong(nanos).average().orElseThrow() / 1e6);
    }

    private static String operations(List<Ran> tasks) {
        if (tasks.stream().allMatch(task -> task.ioOperations() == null)) return "unknown";
        return Long.toString(
                tasks.stream()
                        .map(Ran::ioOperations)
                        .filter(Objects::nonNull)
                        .mapToLong(Long::longValue)
                        .sum());
    }
}
