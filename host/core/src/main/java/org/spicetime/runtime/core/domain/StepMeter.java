// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.LatencySummary;
import org.spicetime.runtime.api.domain.MetricsSample;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.kernel.task.KernelCounts;

/**
 * What a domain did from one sample to the next. Thread-safe; steps are ended by the sampler thread
 * alone.
 */
final class StepMeter {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long SHORTEST_NANOS = 5_000_000;

    /** Readings of counters at one instant; absent: not counted here. */
    private record Readings(
            long nanos,
            KernelCounts tasks,
            OptionalLong memoryWait,
            OptionalLong network,
            OptionalLong storage) {}

    private final DomainBody body;
    private final DomainGauges gauges;
    private volatile @Nullable Readings former;
    private volatile @Nullable MetricsSample newest;

    StepMeter(DomainBody body, DomainGauges gauges) {
        this.body = body;
        this.gauges = gauges;
    }

    private Readings read(@Nullable Holdings held) {
        return new Readings(
                body.node.clock().nanos().getAsLong(),
                body.tasks.counts(),
                held == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(held.pool().waits().waitedNanos()),
                held == null ? OptionalLong.empty() : OptionalLong.of(held.network().bytes()),
                body.dispatcher.usage().operations());
    }

    private Readings atStart() {
        return new Readings(
                gauges.startedNanos(),
                gauges.countsAtStart(),
                OptionalLong.of(0),
                OptionalLong.of(0),
                OptionalLong.empty());
    }

    /**
     * Ends a step and begins the next; null while the domain is not started, or if the step has
     * hardly begun, as when the sampler makes up for a pause of the host.
     */
    @Nullable MetricsSample next() {
        Holdings held = body.holdings();
        if (held == null) {
            former = null;
            newest = null;
            return null;
        }
        Readings before = former == null ? atStart() : former;
        Readings now = read(held);
        if (now.nanos() - before.nanos() < SHORTEST_NANOS) {
            return null;
        }
        former = now;
        LatencySummary latency = body.tasks.takeStepLatency();
        MetricsSample sample = sample(held, before, now, latency);
        newest = sample;
        return sample;
    }

    private MetricsSample sample(
            @Nullable Holdings held,
            @Nullable Readings before,
            Readings now,
            LatencySummary latency) {
        MemoryMetrics memory = held == null ? DomainGauges.NO_POOL : held.pool().metrics();
        return new MetricsSample(
                body.id(),
                body.node.clock().instants().instant(),
                gauges.utilization(),
                now.tasks().running(),
                now.tasks().ready(),
                memory.used(),
                memory.cached(),
                memory.swapped(),
                stall(before, now),
                rate(before, now, Readings::network),
                rate(before, now, Readings::storage),
                rate(before, now, StepMeter::ended),
                latency.p50(),
                latency.p99(),
                latency.p999(),
                grown(before, now, KernelCounts::deadlineMisses),
                grown(before, now, KernelCounts::preemptions));
    }

    /* The waits of all workers, of the time all workers had. */
    private OptionalDouble stall(@Nullable Readings from, Readings to) {
        OptionalDouble waited = rate(from, to, Readings::memoryWait);
        int workers = body.config().executor().parallelism();
        return waited.isEmpty()
                ? waited
                : OptionalDouble.of(
                        Math.clamp(waited.getAsDouble() / NANOS_PER_SECOND / workers, 0.0, 1.0));
    }

    private static OptionalLong ended(Readings readings) {
        return OptionalLong.of(readings.tasks().completed() + readings.tasks().failed());
    }

    private static OptionalLong grown(
            @Nullable Readings from, Readings to, ToLongFunction<KernelCounts> counter) {
        return from == null
                ? OptionalLong.empty()
                : OptionalLong.of(
                        Math.max(
                                0,
                                counter.applyAsLong(to.tasks())
                                        - counter.applyAsLong(from.tasks())));
    }

    /* A counter that went back began anew, as a network does when its domain starts again. */
    private static OptionalDouble rate(
            @Nullable Readings from, Readings to, Function<Readings, OptionalLong> counter) {
        if (from == null || to.nanos() <= from.nanos()) {
            return OptionalDouble.empty();
        }
        OptionalLong before = counter.apply(from);
        OptionalLong now = counter.apply(to);
        return now.isEmpty() || before.isEmpty() || now.getAsLong() < before.getAsLong()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        (now.getAsLong() - before.getAsLong())
                                * NANOS_PER_SECOND
                                / (to.nanos() - from.nanos()));
    }

    /** Levels of this instant, and of the newest step what is measured over one. */
    MetricsSample present() {
        MetricsSample step = newest;
        Holdings held = body.holdings();
        MetricsSample now = sample(held, null, read(held), LatencySummary.EMPTY);
        return step == null
                ? now
                : new MetricsSample(
                        now.domain(),
                        now.timestamp(),
                        now.cpuUsage(),
                        now.running(),
                        now.queueDepth(),
                        now.memoryUsedBytes(),
                        now.memoryCachedBytes(),
                        now.memorySwappedBytes(),
                        step.memoryStall(),
                        step.networkBytesPerSecond(),
                        step.storageOperationsPerSecond(),
                        step.tasksPerSecond(),
                        step.schedulingLatencyP50(),
                        step.schedulingLatencyP99(),
                        step.schedulingLatencyP999(),
                        step.deadlineMisses(),
                        step.preemptions());
    }
}
