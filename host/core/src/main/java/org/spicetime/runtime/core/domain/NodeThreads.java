// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.core.dispatch.NodeTimer;
import org.spicetime.runtime.core.dispatch.SlotMonitor;
import org.spicetime.runtime.core.guard.GuardLimits;
import org.spicetime.runtime.core.guard.Watchdog;
import org.spicetime.runtime.core.memory.collect.Collector;
import org.spicetime.runtime.core.memory.pressure.PressureListeners;
import org.spicetime.runtime.core.memory.pressure.PressureRelief;
import org.spicetime.runtime.core.shares.ShareKeeper;

/** The threads of the host that are not workers. Thread-safe; all end with {@link #close}. */
final class NodeThreads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeThreads.class);
    private static final int CONTROL_THREADS = 2;
    private static final Duration JOIN = Duration.ofSeconds(5);

    private final NodeTimer timer;
    private final Watchdog watchdog;
    private final SlotMonitor slots;
    private final ShareKeeper shares;
    private final ExecutorService notifier;
    private final ExecutorService control;
    private final ExecutorService memory;
    private final ExecutorService journal;
    private final Collector collector;
    private final PressureListeners listeners = new PressureListeners();
    private final ScheduledExecutorService sampler;

    NodeThreads(HostClock clock, int processors) {
        timer = new NodeTimer(clock);
        watchdog = new Watchdog(GuardLimits.STANDARD);
        slots = new SlotMonitor();
        shares = new ShareKeeper(processors);
        notifier = Executors.newSingleThreadExecutor(named("domain-runtime-notifier"));
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        CONTROL_THREADS,
                        CONTROL_THREADS,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        named("domain-runtime-control"));
        pool.allowCoreThreadTimeOut(true);
        control = pool;
        collector = new Collector();
        memory = Executors.newSingleThreadExecutor(named("domain-runtime-memory"));
        journal = Executors.newCachedThreadPool(named("domain-runtime-journal"));
        sampler = Executors.newSingleThreadScheduledExecutor(named("domain-runtime-sampler"));
    }

    NodeTimer timer() {
        return timer;
    }

    Watchdog watchdog() {
        return watchdog;
    }

    SlotMonitor slots() {
        return slots;
    }

    ShareKeeper shares() {
        return shares;
    }

    PressureRelief relief() {
        return new PressureRelief(this::relieve, listeners);
    }

    private void relieve(Runnable action) {
        try {
            memory.execute(() -> {
                try {
                    action.run();
                } catch (RuntimeException e) {
                    LOG.error("memory could not be relieved", e);
                }
            });
        } catch (RejectedExecutionException stopping) {
            LOG.debug("the host stops, no memory is relieved any more", stopping);
        }
    }

    PressureListeners listeners() {
        return listeners;
    }

    Collector collector() {
        return collector;
    }

    Executor notifier() {
        return notifier;
    }

    Executor control() {
        return control;
    }

    /** As many threads as there are domains with commits to settle, so none waits for another. */
    Executor journal() {
        return journal;
    }

    /** Calls again and again; a failure is logged and does not end it. */
    void sample(Duration interval, Runnable action) {
        Runnable guarded =
                () -> {
                    try {
                        action.run();
                    } catch (RuntimeException e) {
                        LOG.error("a sample of the metrics failed", e);
                    }
                };
        long nanos = interval.toNanos();
        ScheduledFuture<?> endless =
                sampler.scheduleAtFixedRate(guarded, nanos, nanos, TimeUnit.NANOSECONDS);
        LOG.debug("sampling every {} ms: {}", interval.toMillis(), endless);
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return action ->
                Thread.ofPlatform()
                        .daemon()
                        .name(count.getAndIncrement() == 0 ? name : name + "-" + count.get())
                        .unstarted(action);
    }

    @Override
    public void close() {
        sampler.shutdownNow();
        memory.shutdownNow();
        collector.close();
        listeners.close();
        timer.close();
        watchdog.close();
        shares.close();
        slots.close();
        control.shutdown();
        notifier.shutdown();
        journal.shutdown();
        for (ExecutorService service :
                new ExecutorService[] {sampler, control, notifier, memory, journal}) {
            try {
                if (!service.awaitTermination(JOIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    service.shutdownNow();
                    LOG.warn("a thread of the host did not end within {}", JOIN);
                }
            } catch (InterruptedException e) {
                service.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
    }
}
