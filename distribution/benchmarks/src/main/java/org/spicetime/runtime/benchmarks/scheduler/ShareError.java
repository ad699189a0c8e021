// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.ResourceKind;
import org.spicetime.runtime.api.domain.ResourceRequest;
import org.spicetime.runtime.api.task.TaskDefaults;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;

/**
 * What a domain with a guarantee of one processor gets beside a neighbour that spins on more
 * workers than there are processors and never polls: how far it stays below, over windows of 100
 * ms.
 */
final class ShareError {
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int WINDOWS_PER_RUN = 5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ShareError() {}

    static void measure(Lab lab, Consumer<Figure> figures) throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        Domain calm = domain(lab, 1);
        Domain hostile = domain(lab, 2 * processors);
        List<Future<?>> spinning = new ArrayList<>();
        try {
            spin(hostile, 2 * processors, spinning);
            List<Double> without = shortfalls(calm, lab.runs());
            Lab.await(
                    calm.allocate(
                                    new ResourceRequest(
                                            new ResourceRequest.Cpu(1.0, null), null, null, 1))
                            .toCompletableFuture());
            List<Double> with = shortfalls(calm, lab.runs());
            Lab.await(calm.release(Set.of(ResourceKind.CPU)).toCompletableFuture());
            String note = "guarantee of 1 processor, " + 2 * processors + " spinning neighbours";
            figures.accept(Figure.atMost("share error over 100 ms", "%", 2, note, with));
            figures.accept(
                    Figure.told(
                            "share error over 100 ms, worst window",
                            "%",
                            note,
                            List.of(Collections.max(with))));
            figures.accept(Figure.told("share error over 100 ms, no guarantee", "%", "", without));
        } finally {
            spinning.forEach(task -> task.cancel(true));
            lab.delete(hostile);
            lab.delete(calm);
        }
    }

    private static Domain domain(Lab lab, int workers) throws InterruptedException {
        return lab.domain(new ConfigPatch(Map.of("executor", Map.of("parallelism", workers))));
    }

    private static void spin(Domain domain, int tasks, List<Future<?>> spinning) {
        ExecutorService view = domain.executor(TaskDefaults.of("hostile"));
        for (int i = 0; i < tasks; i++)
            spinning.add(
                    view.submit(() -> {
                        while (!Thread.currentThread().isInterrupted()) Thread.onSpinWait();
                    }));
    }

    /* In percent of the window, 0 if it got its processor or more. */
    private static List<Double> shortfalls(Domain calm, int runs) throws Exception {
        List<Double> found = new ArrayList<>();
        ExecutorService view = calm.executor(TaskDefaults.of("calm"));
        for (int run = 0; run < runs; run++) {
            Future<List<Double>> measured = view.submit(ShareError::windows);
            found.addAll(Lab.await(measured));
        }
        return found;
    }

    private static List<Double> windows() {
        List<Double> shortfalls = new ArrayList<>();
        for (int window = 0; window <= WINDOWS_PER_RUN; window++) {
            long begin = System.nanoTime();
            long cpu = THREADS.getCurrentThreadCpuTime();
            while (System.nanoTime() - begin < WINDOW_NANOS) Thread.onSpinWait();
            double share =
                    (double) (THREADS.getCurrentThreadCpuTime() - cpu)
                            / (System.nanoTime() - begin);
            // The first window is the one in which the guarantee is taken up.
            if (window > 0) shortfalls.add(100 * Math.max(0, 1 - share));
        }
        return shortfalls;
    }
}
