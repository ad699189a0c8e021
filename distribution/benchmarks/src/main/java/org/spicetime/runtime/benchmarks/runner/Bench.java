// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.runner;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.benchmarks.Lab;
import org.spicetime.runtime.benchmarks.Suite;
import org.spicetime.runtime.benchmarks.memory.MemorySuite;
import org.spicetime.runtime.benchmarks.scheduler.SchedulerSuite;
import org.spicetime.runtime.benchmarks.store.LongQueue;
import org.spicetime.runtime.benchmarks.store.StoreSuite;
import org.spicetime.runtime.benchmarks.weaving.Weaving;

/**
 * Runs the suite that the environment names, prints its figures on standard output, and stops the
 * host. The last line is {@code benchmark done} with the number of figures that fall short, or
 * {@code benchmark failed}.
 */
@Component(service = Bench.class, immediate = true)
public final class Bench {
    private static final Logger LOG = LoggerFactory.getLogger(Bench.class);
    private static final Map<String, Suite> SUITES =
            Map.of(
                    "scheduler",
                    new SchedulerSuite(),
                    "memory",
                    new MemorySuite(),
                    "store",
                    new StoreSuite(),
                    "fill",
                    LongQueue::fill,
                    "drain",
                    LongQueue::drain,
                    "weaving",
                    (lab, figures) -> Weaving.measure(lab.installWork(), figures));

    /* The process's own standard output: what System.out leads to in a host is its log. */
    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private final Thread thread;

    /** Begins to measure. */
    @Activate
    public Bench(BundleContext context, @Reference Domains domains) {
        Map<String, String> environment = System.getenv();
        String name = Objects.requireNonNullElse(environment.get("BENCHMARK_SUITE"), "");
        int runs = Integer.parseInt(environment.getOrDefault("BENCHMARK_RUNS", "7"));
        thread = new Thread(() -> run(name, new Lab(domains, context, runs), context), "benchmark");
        thread.start();
    }

    /** Measures no more. */
    @Deactivate
    public void stop() {
        thread.interrupt();
    }

    private static void run(String name, Lab lab, BundleContext context) {
        try {
            Suite suite = SUITES.get(name);
            if (suite == null) throw new IllegalArgumentException("there is no suite " + name);
            AtomicInteger tooShort = new AtomicInteger();
            suite.run(
                    lab,
                    figure -> {
                        OUT.println(figure.line());
                        if (figure.isShort()) tooShort.incrementAndGet();
                    });
            OUT.println("benchmark done " + tooShort);
        } catch (Exception e) {
            LOG.error("the suite {} could not be measured", name, e);
            OUT.println("benchmark failed: " + e);
        } finally {
            try {
                context.getBundle(0).stop();
            } catch (BundleException e) {
                LOG.error("the host could not be stopped", e);
            }
        }
    }
}
