// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;

/**
 * What time slices cost: the processor time of the whole process for two computing tasks that take
 * turns on one worker, against the same without slices, run by run. The work bundle must be there.
 */
public final class PreemptionLoss {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final long ROUNDS = 150_000_000;
    private static final int TASKS = 2;
    private static final int WARM_UP = 2;
    private static final int[] QUANTA_MICROS = {1000, 100};
    private static final double[] BUDGETS = {1, 8};

    private record Cost(double cpuNanos, double preemptions) {}

    private PreemptionLoss() {}

    /** Measures; tells the figures. */
    public static void measure(Lab lab, Consumer<Figure> figures) throws InterruptedException {
        Domain domain = lab.domain(config(0));
        try {
            List<List<Double>> losses = new ArrayList<>();
            List<List<Double>> turns = new ArrayList<>();
            for (int i = 0; i < QUANTA_MICROS.length; i++) {
                losses.add(new ArrayList<>());
                turns.add(new ArrayList<>());
            }
            for (int run = 0; run < WARM_UP + lab.runs(); run++) {
                double plain = cost(domain, 0).cpuNanos();
                for (int i = 0; i < QUANTA_MICROS.length; i++) {
                    Cost sliced = cost(domain, QUANTA_MICROS[i]);
                    if (run < WARM_UP) continue;
                    losses.get(i).add(100 * (sliced.cpuNanos() / plain - 1));
                    turns.get(i).add(sliced.preemptions());
                }
            }
            for (int i = 0; i < QUANTA_MICROS.length; i++) {
                String name = "slices of " + QUANTA_MICROS[i] + " us, ";
                figures.accept(
                        Figure.atMost(
                                name + "processor time lost",
                                "%",
                                BUDGETS[i],
                                "two tasks, one worker",
                                losses.get(i)));
                figures.accept(Figure.told(name + "preemptions", "", "", turns.get(i)));
            }
        } finally {
            lab.delete(domain);
        }
    }

    private static ConfigPatch config(int quantumMicros) {
        return new ConfigPatch(
                Map.of(
                        "scheduler",
                        Map.of(
                                "policy",
                                "ROUND_ROBIN",
                                "quantumMicros",
                                quantumMicros == 0 ? 60_000_000 : quantumMicros,
                                "preemption",
                                Map.of("enabled", true, "mode", "FULL")),
                        "executor",
                        Map.of("parallelism", 1)));
    }

    private static Cost cost(Domain domain, int quantumMicros) throws InterruptedException {
        Lab.await(domain.configure(config(quantumMicros), null).toCompletableFuture());
        long preemptions = domain.metrics().preemptions();
        long before = PROCESS.getProcessCpuTime();
        List<TaskId> tasks = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            tasks.add(
                    Lab.await(
                                    domain.schedule(
                                                    TaskRequest.of(TaskType.COMPUTATION)
                                                            .handler("benchmark.burn")
                                                            .payload(
                                                                    Payload.json(
                                                                            "{\"rounds\":"
                                                                                    + ROUNDS
                                                                                    + "}"))
                                                            .build())
                                            .toCompletableFuture())
                            .id());
        }
        for (TaskId id : tasks)
            while (!domain.task(id).orElseThrow().phase().isFinal())
                LockSupport.parkNanos(5_000_000);
        return new Cost(
                PROCESS.getProcessCpuTime() - before, domain.metrics().preemptions() - preemptions);
    }
}
