// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;
import org.spicetime.runtime.benchmarks.Suite;
import org.spicetime.runtime.benchmarks.load.JobLoop;
import org.spicetime.runtime.benchmarks.load.Outstanding;

/**
 * The budgets of durable tasks. In each round the bare disk, the host and the peers take their
 * turns, so that a slow minute of the disk is a slow minute for all of them; ratios are made round
 * by round.
 */
public final class StoreSuite implements Suite {
    private static final int[] OUTSTANDING = {1, 8, 64, 512};
    private static final int[] CYCLES = {64, 512};
    private static final double ENQUEUE_SECONDS = 0.6;
    private static final double CYCLE_SECONDS = 0.8;
    private static final double WARM_UP_SECONDS = 3;
    private static final double WINDOW_SECONDS = 4;
    private static final int START_SAMPLES = 200;

    private final Map<String, List<Double>> samples = new LinkedHashMap<>();

    /* Only these parts are measured; empty: all of them. */
    private List<String> parts = List.of();

    /** Used once. */
    public StoreSuite() {}

    @Override
    public void run(Lab lab, Consumer<Figure> figures) throws Exception {
        Map<String, String> environment = System.getenv();
        Path directory =
                Path.of(Objects.requireNonNull(environment.get("BENCHMARK_DATA"), "directory"));
        Peers peers =
                new Peers(
                        Objects.requireNonNull(environment.get("BENCHMARK_PEERS"), "peers"),
                        directory,
                        environment.get("BENCHMARK_POSTGRES"));
        parts = parts(environment.getOrDefault("BENCHMARK_PARTS", ""));
        Bundle work = lab.installWork();
        try (BareLog bare = new BareLog(directory)) {
            warmUp(lab, bare);
            for (int round = 0; round < lab.runs(); round++) {
                enqueue(lab, bare);
                cycles(lab, bare);
                if (wanted("start", 0)) starts(lab, bare);
                if (wanted("loop", 0)) loop(lab, peers);
            }
        }
        work.uninstall();
        tell(peers, figures);
    }

    private static List<String> parts(String told) {
        List<String> parts = told.isBlank() ? List.of() : List.of(told.trim().split("\\s+"));
        for (String part : parts)
            if (!part.matches("(enqueue|cycle)(-\\d+)?|start|loop"))
                throw new IllegalArgumentException("the suite store has no part " + part);
        return parts;
    }

    private boolean wanted(String part, int callers) {
        return parts.isEmpty() || parts.contains(part) || parts.contains(part + "-" + callers);
    }

    private static void warmUp(Lab lab, BareLog bare) throws Exception {
        Outstanding.run(8, voided(bare::append), ENQUEUE_SECONDS);
        try (DurableDomain domain = new DurableDomain(lab, DurableDomain.WORKERS)) {
            JobLoop.perSecond(domain, JobLoop.PRODUCERS, WARM_UP_SECONDS, WARM_UP_SECONDS);
            for (int callers : new int[] {64, 8})
                Outstanding.run(callers, voided(domain::cycle), WARM_UP_SECONDS);
        }
    }

    private void enqueue(Lab lab, BareLog bare) throws Exception {
        for (int callers : OUTSTANDING) {
            if (!wanted("enqueue", callers)) continue;
            Outstanding.Measured limit =
                    Outstanding.run(callers, voided(bare::append), ENQUEUE_SECONDS);
            try (DurableDomain domain = new DurableDomain(lab, 1)) {
                Lab.await(domain.domain().pause().toCompletableFuture());
                Outstanding.Measured ours =
                        Outstanding.run(callers, domain::schedule, ENQUEUE_SECONDS);
                both("enqueue, " + callers + " outstanding", limit, ours);
            }
        }
    }

    private void cycles(Lab lab, BareLog bare) throws Exception {
        for (int callers : CYCLES) {
            if (!wanted("cycle", callers)) continue;
            Outstanding.Measured limit =
                    Outstanding.run(
                            callers,
                            voided(() -> {
                                bare.append();
                                bare.append();
                            }),
                            CYCLE_SECONDS);
            try (DurableDomain domain = new DurableDomain(lab, DurableDomain.WORKERS)) {
                both(
                        "life cycle, " + callers + " outstanding",
                        limit,
                        Outstanding.run(callers, voided(domain::cycle), CYCLE_SECONDS));
            }
        }
    }

    private void both(String what, Outstanding.Measured limit, Outstanding.Measured ours) {
        add("bare append and fsync, " + what, limit.perSecond());
        add("durable " + what, ours.perSecond());
        add("durable : bare, " + what, ours.perSecond() / limit.perSecond());
        add("median answer, " + what, ours.medianNanos() / 1e3);
    }

    /* One task at a time, from the call to the first instruction of its handler. */
    private void starts(Lab lab, BareLog bare) throws Exception {
        double sync = Outstanding.run(1, voided(bare::append), ENQUEUE_SECONDS).medianNanos();
        try (DurableDomain domain = new DurableDomain(lab, 1)) {
            double[] took = new double[START_SAMPLES];
            for (int i = 0; i < took.length; i++) took[i] = start(domain);
            double median = Figure.median(took);
            add("schedule to start, one producer, median", median / 1e3);
            add("schedule to start : append and fsync, medians", median / sync);
        }
    }

    private static double start(DurableDomain domain) throws Exception {
        var task =
                domain.domain()
                        .schedule(
                                TaskRequest.of(TaskType.COMPUTATION)
                                        .handler("benchmark.arrive")
                                        .payload(
                                                Payload.json(
                                                        "{\"nanos\":\""
                                                                + System.nanoTime()
                                                                + "\"}"))
                                        .durability(Durability.DURABLE)
                                        .build())
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);
        Payload result = domain.end(task.id()).result();
        if (result == null) throw new IllegalStateException("a task did not arrive");
        return Double.parseDouble(result.utf8().replaceAll("\\D", ""));
    }

    private void loop(Lab lab, Peers peers) throws Exception {
        double ours;
        try (DurableDomain domain = new DurableDomain(lab, DurableDomain.WORKERS)) {
            ours = JobLoop.perSecond(domain, JobLoop.PRODUCERS, WARM_UP_SECONDS, WINDOW_SECONDS);
        }
        add("this host, schedule to completed, jobs", ours);
        for (Peers.Peer peer : peers.all()) {
            double its = peers.measure(peer, JobLoop.PRODUCERS);
            add(peer.name() + ", jobs", its);
            add("this host : " + peer.name(), ours / its);
        }
    }

    private void add(String name, double sample) {
        samples.computeIfAbsent(name, any -> new ArrayList<>()).add(sample);
    }

    private List<Double> of(String name) {
        return Objects.requireNonNull(samples.get(name), name);
    }

    private void tell(Peers peers, Consumer<Figure> figures) {
        for (int callers : OUTSTANDING)
            if (wanted("enqueue", callers))
                pair("enqueue, " + callers + " outstanding", enqueueBudget(callers), figures);
        for (int callers : CYCLES)
            if (wanted("cycle", callers))
                pair(
                        "life cycle, " + callers + " outstanding",
                        callers == 64 ? 0.35 : Double.NaN,
                        figures);
        if (wanted("start", 0)) tellStart(figures);
        if (wanted("loop", 0)) tellLoop(peers, figures);
    }

    private void tellStart(Consumer<Figure> figures) {
        String start = "schedule to start, one producer, median";
        figures.accept(Figure.told(start, "us", "", of(start)));
        String ratio = "schedule to start : append and fsync, medians";
        figures.accept(Figure.atMost(ratio, "x", 2, "", of(ratio)));
    }

    private void tellLoop(Peers peers, Consumer<Figure> figures) {
        String loop = "this host, schedule to completed, jobs";
        figures.accept(Figure.told(loop, "per s", "survives a loss of power", of(loop)));
        for (Peers.Peer peer : peers.all()) {
            String note =
                    peer.powerSafe()
                            ? "survives a loss of power"
                            : "does not survive a loss of power";
            String jobs = peer.name() + ", jobs";
            figures.accept(Figure.told(jobs, "per s", note, of(jobs)));
            String against = "this host : " + peer.name();
            figures.accept(Figure.atLeast(against, "x", budget(peer.name()), note, of(against)));
        }
    }

    private void pair(String what, double budget, Consumer<Figure> figures) {
        figures.accept(
                Figure.told(
                        "bare append and fsync, " + what,
                        "per s",
                        "",
                        of("bare append and fsync, " + what)));
        figures.accept(Figure.told("durable " + what, "per s", "", of("durable " + what)));
        figures.accept(
                Figure.told("median answer, " + what, "us", "", of("median answer, " + what)));
        String ratio = "durable : bare, " + what;
        figures.accept(Figure.atLeast(ratio, "x", budget, "", of(ratio)));
    }

    private static double enqueueBudget(int callers) {
        return switch (callers) {
            case 1, 8 -> 0.5;
            case 64 -> 0.35;
            default -> Double.NaN;
        };
    }

    private static double budget(String peer) {
        return switch (peer) {
            case "db-scheduler on SQLite" -> 10;
            case "Quartz RAM" -> 1.5;
            default -> Double.NaN;
        };
    }

    /** Something that may fail. */
    @FunctionalInterface
    private interface Action {
        void run() throws Exception;
    }

    private static java.util.concurrent.Callable<Boolean> voided(Action action) {
        return () -> {
            action.run();
            return true;
        };
    }
}
