// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDefaults;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;

/**
 * From the submission of an urgent task to its first instruction, while the workers (one less than
 * processors) compute ordinary Java code that was not asked before. Undisturbed are the samples
 * during which the workers and the submitter together waited for a processor for less than 10 us,
 * as Linux counts it: the wake-up of a thread alone counts some. The work bundle must be there.
 */
public final class HandOff {
    private static final int WARM_UP = 500;
    private static final int SAMPLES = 1_000;
    private static final long PACE_NANOS = 1_000_000;
    private static final int URGENT = 100;
    private static final double CALM_MILLIS = 0.01;
    private static final double BUDGET_MICROS = 50;
    private static final Path OWN_SCHEDSTAT = Path.of("/proc/thread-self/schedstat");

    /** Sends an urgent task, waits for its end, and tells how long it took to arrive. */
    private interface Sender {
        long send() throws InterruptedException;
    }

    private HandOff() {}

    /** Measures; tells the figures. */
    public static void measure(Lab lab, Consumer<Figure> figures) throws Exception {
        int workers = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        Domain domain = lab.domain(config(workers));
        try {
            List<TaskId> busy = new ArrayList<>();
            for (int i = 0; i < workers; i++) busy.add(burn(domain).id());
            while (domain.metrics().tasksRunning() < workers) LockSupport.parkNanos(PACE_NANOS);
            ExecutorService urgent =
                    domain.executor(TaskDefaults.of("urgent").withPriority(URGENT));
            tell(domain, "executor", () -> sendLight(urgent), true, figures);
            tell(domain, "task of a handler", () -> sendTask(domain), false, figures);
            for (TaskId id : busy) Lab.await(domain.cancel(id, null).toCompletableFuture());
        } finally {
            lab.delete(domain);
        }
    }

    private static ConfigPatch config(int workers) {
        return new ConfigPatch(
                Map.of(
                        "scheduler",
                        Map.of(
                                "policy",
                                "PRIORITY",
                                "preemption",
                                Map.of("enabled", true, "mode", "FULL")),
                        "executor",
                        Map.of("parallelism", workers)));
    }

    private static Task burn(Domain domain) throws InterruptedException {
        return Lab.await(
                domain.schedule(
                                TaskRequest.of(TaskType.COMPUTATION)
                                        .handler("benchmark.burn")
                                        .payload(Payload.json("{\"rounds\":4000000000000}"))
                                        .priority(0)
                                        .build())
                        .toCompletableFuture());
    }

    private static long sendLight(ExecutorService urgent) throws InterruptedException {
        long[] waited = new long[1];
        CountDownLatch done = new CountDownLatch(1);
        long sent = System.nanoTime();
        urgent.execute(() -> {
            waited[0] = System.nanoTime() - sent;
            done.countDown();
        });
        if (!done.await(10, TimeUnit.SECONDS))
            throw new IllegalStateException("an urgent task did not run");
        return waited[0];
    }

    private static long sendTask(Domain domain) throws InterruptedException {
        TaskRequest.Builder request =
                TaskRequest.of(TaskType.COMPUTATION).handler("benchmark.arrive").priority(URGENT);
        Task sent =
                Lab.await(
                        domain.schedule(
                                        request.payload(
                                                        Payload.json(
                                                                "{\"nanos\":\""
                                                                        + System.nanoTime()
                                                                        + "\"}"))
                                                .build())
                                .toCompletableFuture());
        Task ended = sent;
        while (!ended.phase().isFinal()) {
            LockSupport.parkNanos(50_000);
            ended = domain.task(sent.id()).orElseThrow();
        }
        Payload result = ended.result();
        if (result == null)
            throw new IllegalStateException("an urgent task ended " + ended.phase());
        return Long.parseLong(result.utf8().replaceAll("\\D", ""));
    }

    private static void tell(
            Domain domain, String what, Sender sender, boolean budget, Consumer<Figure> figures)
            throws InterruptedException {
        for (int i = 0; i < WARM_UP; i++) sender.send();
        long[] all = new long[SAMPLES];
        long[] calm = new long[SAMPLES];
        int undisturbed = 0;
        for (int i = 0; i < SAMPLES; i++) {
            LockSupport.parkNanos(PACE_NANOS);
            RunDelay workers = new RunDelay(domain.id());
            double own = ownDelayMillis();
            all[i] = sender.send();
            double delay = workers.millis() + ownDelayMillis() - own;
            if (delay < CALM_MILLIS) calm[undisturbed++] = all[i];
        }
        String name = "urgent " + what + ", all workers busy, submit to run, ";
        String note = undisturbed + " of " + SAMPLES + " samples undisturbed";
        told(name + "raw, ", all, SAMPLES, "", false, figures);
        if (undisturbed > 0) told(name + "undisturbed, ", calm, undisturbed, note, budget, figures);
    }

    private static void told(
            String name,
            long[] samples,
            int count,
            String note,
            boolean budget,
            Consumer<Figure> figures) {
        long[] sorted = Arrays.copyOf(samples, count);
        Arrays.sort(sorted);
        List<Double> p99 = List.of(sorted[count * 99 / 100] / 1e3);
        figures.accept(Figure.told(name + "p50", "us", note, List.of(sorted[count / 2] / 1e3)));
        figures.accept(
                budget
                        ? Figure.atMost(name + "p99", "us", BUDGET_MICROS, note, p99)
                        : Figure.told(name + "p99", "us", note, p99));
    }

    private static double ownDelayMillis() {
        try {
            return Double.parseDouble(Files.readString(OWN_SCHEDSTAT).trim().split(" ")[1]) / 1e6;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
