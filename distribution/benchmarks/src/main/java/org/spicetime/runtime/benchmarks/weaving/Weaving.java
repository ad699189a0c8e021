// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.weaving;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import org.osgi.framework.Bundle;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.work.Kernels;
import org.spicetime.runtime.core.poll.PolledThread;

/**
 * Eleven kernels, woven by the host as it loaded them with the bundle of tasks, beside the same
 * class as it was compiled, and beside a second copy of that, which shows how much of a difference
 * means nothing. The three take turns; the tenth percentile of the turns counts.
 */
public final class Weaving {
    private static final long WARM_UP_NANOS = 1_000_000_000;
    private static final long TURN_NANOS = 1_000_000;
    private static final int TURNS = 61;
    private static final int WOVEN = 1;
    private static final int CONTROL = 2;

    private static final LongAdder RESULTS = new LongAdder();

    private Weaving() {}

    /** Defines the kernels once more, unwoven. */
    private static final class Copy extends ClassLoader {
        private static final String PREFIX = Kernels.class.getName();

        Copy() {
            super(Kernels.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(PREFIX)) return super.loadClass(name, resolve);
            Class<?> known = findLoadedClass(name);
            if (known != null) return known;
            String file = name.replace('.', '/') + ".class";
            try (InputStream in = Objects.requireNonNull(getResourceAsStream(file), file)) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /** How long a kernel takes, woven and as control, relative to as it was compiled. */
    private record Ratios(double woven, double control) {}

    /**
     * Measures.
     *
     * @param work the bundle with the woven kernels
     */
    public static void measure(Bundle work, Consumer<Figure> figures) throws Exception {
        IntToLongFunction[] kernels = {
            new Kernels(), kernels(work.loadClass(Kernels.class.getName())), kernels(copy())
        };
        try (Asked asked = new Asked()) {
            FutureTask<Void> measuring =
                    new FutureTask<>(() -> {
                        ((PolledThread) Thread.currentThread()).enter(asked);
                        measure(kernels, asked, figures);
                        return null;
                    });
            PolledThread thread = new PolledThread(measuring, "benchmark-weaving");
            thread.start();
            measuring.get();
        }
    }

    private static Class<?> copy() throws ClassNotFoundException {
        return new Copy().loadClass(Kernels.class.getName());
    }

    private static IntToLongFunction kernels(Class<?> type) throws ReflectiveOperationException {
        return (IntToLongFunction) type.getConstructor().newInstance();
    }

    private static void measure(
            IntToLongFunction[] kernels, Asked asked, Consumer<Figure> figures) {
        int count = Kernels.NAMES.size();
        List<Ratios> cold = new ArrayList<>();
        for (int kernel = 0; kernel < count; kernel++) cold.add(ratios(kernels, kernel));
        asked.on(true);
        for (int kernel = 0; kernel < count; kernel++) run(kernels[WOVEN], kernel, WARM_UP_NANOS);
        List<Ratios> warm = new ArrayList<>();
        for (int kernel = 0; kernel < count; kernel++) warm.add(ratios(kernels, kernel));
        asked.on(false);
        for (int kernel = 0; kernel < count; kernel++) {
            String name = "woven : plain, run time of " + Kernels.NAMES.get(kernel);
            boolean recursive = kernel == Kernels.RECURSIVE;
            tell(figures, name + ", before polls fired", cold.get(kernel), Double.NaN);
            tell(figures, name + ", polls firing", warm.get(kernel), recursive ? 1.3 : Double.NaN);
        }
        geometricMean(figures, "before polls fired", cold, 1.04);
        geometricMean(figures, "a poll fires every millisecond", warm, 1.08);
        latency(figures, asked.micros(), "raw", Double.NaN, Double.NaN);
        latency(figures, asked.undisturbedMicros(), "undisturbed", 1, 10);
    }

    private static void tell(Consumer<Figure> figures, String name, Ratios ratios, double budget) {
        figures.accept(
                Figure.atMost(
                        name,
                        "x",
                        budget,
                        String.format(Locale.ROOT, "control %.2f", ratios.control),
                        List.of(ratios.woven)));
    }

    private static void geometricMean(
            Consumer<Figure> figures, String when, List<Ratios> ratios, double budget) {
        double woven = mean(ratios.stream().map(Ratios::woven).toList());
        double control = mean(ratios.stream().map(Ratios::control).toList());
        tell(
                figures,
                "woven : plain, geometric mean, gains counted as 1, " + when,
                new Ratios(woven, control),
                budget);
    }

    private static double mean(List<Double> ratios) {
        return Math.exp(
                ratios.stream()
                        .mapToDouble(ratio -> Math.log(Math.max(1, ratio)))
                        .average()
                        .orElseThrow());
    }

    private static void latency(
            Consumer<Figure> figures,
            List<Double> micros,
            String which,
            double median,
            double highest) {
        if (micros.isEmpty()) throw new IllegalStateException("no poll fired " + which);
        double[] sorted = micros.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        String name = "request to poll, " + which + ", ";
        String note = "of " + sorted.length + " polls";
        double late = sorted[(int) (sorted.length * 0.99)];
        figures.accept(
                Figure.atMost(name + "median", "us", median, note, List.of(Figure.median(sorted))));
        figures.accept(Figure.atMost(name + "99th percentile", "us", highest, note, List.of(late)));
    }

    private static Ratios ratios(IntToLongFunction[] kernels, int kernel) {
        for (IntToLongFunction one : kernels) run(one, kernel, WARM_UP_NANOS);
        int calls = 1;
        while (timed(kernels[0], kernel, calls) < TURN_NANOS) calls *= 2;
        long[][] times = new long[kernels.length][TURNS];
        for (int turn = 0; turn < TURNS; turn++)
            for (int which = 0; which < kernels.length; which++)
                times[which][turn] = timed(kernels[which], kernel, calls);
        for (long[] one : times) Arrays.sort(one);
        int tenth = TURNS / 10;
        double plain = times[0][tenth];
        return new Ratios(times[WOVEN][tenth] / plain, times[CONTROL][tenth] / plain);
    }

    private static void run(IntToLongFunction kernels, int kernel, long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) RESULTS.add(kernels.applyAsLong(kernel));
    }

    private static long timed(IntToLongFunction kernels, int kernel, int calls) {
        long begin = System.nanoTime();
        long result = 0;
        for (int i = 0; i < calls; i++) result += kernels.applyAsLong(kernel);
        long nanos = System.nanoTime() - begin;
        RESULTS.add(result);
        return nanos;
    }
}
