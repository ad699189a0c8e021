// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.CpuMetrics;
import org.spicetime.runtime.api.domain.LatencySummary;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.domain.ResourceUsage;
import org.spicetime.runtime.api.domain.RuntimeMetrics;
import org.spicetime.runtime.api.domain.StorageMetrics;
import org.spicetime.runtime.api.hardware.ProcessorSample;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.network.NetworkMetrics;
import org.spicetime.runtime.core.dispatch.WorkerUsage;
import org.spicetime.runtime.kernel.task.KernelCounts;

/**
 * What is measured of a domain. Sampled once a second by the sampler thread; read by any thread.
 */
final class DomainGauges {

    private static final double MINUTE_NANOS = 60e9;
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    static final MemoryMetrics NO_POOL =
            new MemoryMetrics(0, 0, 0, 0, 0, 0, 0, OptionalDouble.empty(), 0);
    private static final KernelCounts NOTHING =
            new KernelCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private final DomainBody body;
    private final Supplier<ProcessorSample> processor;

    /* Guarded by the guard. */
    private final RateWindow finished = new RateWindow();
    private final RateWindow operations = new RateWindow();
    private KernelCounts atStart = NOTHING;
    private long bytesReadAtStart;
    private long bytesWrittenAtStart;
    private long ejectionsAtStart;
    private long startedNanos;
    private long sampledNanos;
    private long sampledCpu;
    private double load;
    private OptionalDouble utilization = OptionalDouble.empty();

    DomainGauges(DomainBody body, Supplier<ProcessorSample> processor) {
        this.body = body;
        this.processor = processor;
    }

    /** The domain has been started: counters begin anew. */
    void restart() {
        WorkerUsage usage = body.dispatcher.usage();
        long cpu = usage.cpuNanos();
        body.guard.enter();
        try {
            atStart = body.tasks.counts();
            body.tasks.schedulingLatency().reset();
            body.tasks.turnaround().reset();
            long now = body.node.clock().nanos().getAsLong();
            startedNanos = now;
            sampledNanos = now;
            sampledCpu = cpu;
            load = 0;
            utilization = OptionalDouble.empty();
            bytesReadAtStart = usage.bytesRead().orElse(0);
            bytesWrittenAtStart = usage.bytesWritten().orElse(0);
            ejectionsAtStart = body.seats.ejections();
            finished.restart(now, ended(atStart));
            operations.restart(now, usage.operations().orElse(0));
        } finally {
            body.guard.leave();
        }
    }

    /** When the domain was last started. */
    long startedNanos() {
        body.guard.enter();
        try {
            return startedNanos;
        } finally {
            body.guard.leave();
        }
    }

    /** What was counted until then. */
    KernelCounts countsAtStart() {
        body.guard.enter();
        try {
            return atStart;
        } finally {
            body.guard.leave();
        }
    }

    private static long ended(KernelCounts counts) {
        return counts.completed() + counts.failed();
    }

    /** Takes a sample. By the sampler thread. */
    void sample() {
        WorkerUsage usage = body.dispatcher.usage();
        long cpu = usage.cpuNanos();
        body.guard.enter();
        try {
            long now = body.node.clock().nanos().getAsLong();
            long passed = now - sampledNanos;
            if (passed <= 0 || body.life.startedAt() == null) {
                return;
            }
            KernelCounts counts = body.tasks.counts();
            int workers = body.config().executor().parallelism();
            utilization =
                    OptionalDouble.of(
                            Math.clamp(
                                    (cpu - sampledCpu) / ((double) passed * allowance()),
                                    0.0,
                                    1.0));
            double runnable = (counts.running() + counts.ready()) / (double) workers;
            load += (runnable - load) * (1 - Math.exp(-passed / MINUTE_NANOS));
            sampledNanos = now;
            sampledCpu = cpu;
            finished.sample(now, ended(counts));
            operations.sample(now, usage.operations().orElse(0));
        } finally {
            body.guard.leave();
        }
    }

    /** Processors the domain can use at a time if no other one wants them. */
    private int allowance() {
        return Math.min(body.config().executor().parallelism(), PROCESSORS);
    }

    /** Processors guaranteed to the domain, or if none are, all its workers can get. */
    private double cores() {
        ResourceAllocation grant = body.allocation();
        return grant != null && grant.cpu() != null ? grant.cpu().cores() : allowance();
    }

    RuntimeMetrics metrics() {
        body.guard.enter();
        try {
            Instant instant = body.node.clock().instants().instant();
            long now = body.node.clock().nanos().getAsLong();
            boolean started = body.life.startedAt() != null;
            KernelCounts counts = body.tasks.counts();
            LatencySummary scheduling = body.tasks.schedulingLatency().summary();
            return new RuntimeMetrics(
                    instant,
                    started ? Duration.ofNanos(now - startedNanos) : Duration.ZERO,
                    counts.scheduled(),
                    counts.pending(),
                    counts.running(),
                    counts.blocked(),
                    counts.completed() - atStart.completed(),
                    counts.failed() - atStart.failed(),
                    counts.deadlineMisses() - atStart.deadlineMisses(),
                    counts.contextSwitches() - atStart.contextSwitches(),
                    counts.preemptions() - atStart.preemptions(),
                    counts.priorityInversions() - atStart.priorityInversions(),
                    0,
                    body.seats.ejections() - ejectionsAtStart,
                    longestPollGap(),
                    started ? finished.perSecond(now, ended(counts)).orElse(0) : 0,
                    scheduling,
                    body.tasks.turnaround().summary());
        } finally {
            body.guard.leave();
        }
    }

    private @Nullable Duration longestPollGap() {
        OptionalLong longest = body.dispatcher.longestPollGapNanos();
        return longest.isPresent() ? Duration.ofNanos(longest.getAsLong()) : null;
    }

    /** Share of the domain's processors in use; empty before the first sample. */
    OptionalDouble utilization() {
        body.guard.enter();
        try {
            return utilization;
        } finally {
            body.guard.leave();
        }
    }

    ResourceUsage resources() {
        Holdings holdings = body.holdings();
        MemoryMetrics memory =
                holdings == null ? NO_POOL : body.pressure.complete(holdings.pool().metrics());
        NetworkMetrics network =
                holdings == null ? NetworkMetrics.UNUSED : holdings.network().metrics();
        ProcessorSample sample = processor.get();
        OptionalInt megahertz =
                sample.frequencyHertz().isPresent()
                        ? OptionalInt.of((int) (sample.frequencyHertz().getAsLong() / 1_000_000))
                        : OptionalInt.empty();
        body.guard.enter();
        try {
            CpuMetrics cpu =
                    new CpuMetrics(
                            utilization, load, sample.temperatureCelsius(), megahertz, cores());
            return new ResourceUsage(cpu, memory, network, storage());
        } finally {
            body.guard.leave();
        }
    }

    private StorageMetrics storage() {
        WorkerUsage usage = body.dispatcher.usage();
        OptionalLong operationsSoFar = usage.operations();
        OptionalLong read = usage.bytesRead();
        OptionalLong written = usage.bytesWritten();
        return new StorageMetrics(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                read.isPresent()
                        ? OptionalLong.of(read.getAsLong() - bytesReadAtStart)
                        : OptionalLong.empty(),
                written.isPresent()
                        ? OptionalLong.of(written.getAsLong() - bytesWrittenAtStart)
                        : OptionalLong.empty(),
                operationsSoFar.isPresent() && body.life.startedAt() != null
                        ? operations.perSecond(
                                body.node.clock().nanos().getAsLong(), operationsSoFar.getAsLong())
                        : OptionalDouble.empty());
    }
}
