// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.measure;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.MetricsSample;

/**
 * Several samples as one over a longer step: means of levels, rates and medians, sums of counts,
 * the largest of the higher percentiles, and of memory and time the last. Used by one thread at a
 * time.
 */
final class Merge {

    /** Mean of what was present. */
    private static final class Mean {
        private double sum;
        private int count;

        void add(OptionalDouble value) {
            if (value.isPresent()) {
                sum += value.getAsDouble();
                count++;
            }
        }

        OptionalDouble value() {
            return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
        }
    }

    private int count;
    private @Nullable MetricsSample last;
    private double running;
    private double queued;
    private final Mean cpu = new Mean();
    private final Mean stall = new Mean();
    private final Mean network = new Mean();
    private final Mean storage = new Mean();
    private final Mean tasks = new Mean();
    private final Mean p50 = new Mean();
    private OptionalDouble p99 = OptionalDouble.empty();
    private OptionalDouble p999 = OptionalDouble.empty();
    private OptionalLong misses = OptionalLong.empty();
    private OptionalLong preemptions = OptionalLong.empty();

    void add(MetricsSample sample) {
        count++;
        last = sample;
        running += sample.running();
        queued += sample.queueDepth();
        cpu.add(sample.cpuUsage());
        stall.add(sample.memoryStall());
        network.add(sample.networkBytesPerSecond());
        storage.add(sample.storageOperationsPerSecond());
        tasks.add(sample.tasksPerSecond());
        p50.add(sample.schedulingLatencyP50());
        p99 = larger(p99, sample.schedulingLatencyP99());
        p999 = larger(p999, sample.schedulingLatencyP999());
        misses = sum(misses, sample.deadlineMisses());
        preemptions = sum(preemptions, sample.preemptions());
    }

    private static OptionalDouble larger(OptionalDouble one, OptionalDouble other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return one.getAsDouble() >= other.getAsDouble() ? one : other;
    }

    private static OptionalLong sum(OptionalLong one, OptionalLong other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return OptionalLong.of(one.getAsLong() + other.getAsLong());
    }

    /** The merged sample, if there was any; then nothing is merged any more. */
    void take(Consumer<MetricsSample> sink) {
        MetricsSample newest = last;
        if (newest == null) {
            return;
        }
        MetricsSample merged = count == 1 ? newest : merged(newest);
        reset();
        sink.accept(merged);
    }

    private MetricsSample merged(MetricsSample newest) {
        return new MetricsSample(
                newest.domain(),
                newest.timestamp(),
                cpu.value(),
                (int) Math.round(running / count),
                (int) Math.round(queued / count),
                newest.memoryUsedBytes(),
                newest.memoryCachedBytes(),
                newest.memorySwappedBytes(),
                stall.value(),
                network.value(),
                storage.value(),
                tasks.value(),
                p50.value(),
                p99,
                p999,
                misses,
                preemptions);
    }

    private void reset() {
        count = 0;
        last = null;
        running = 0;
        queued = 0;
        for (Mean mean : new Mean[] {cpu, stall, network, storage, tasks, p50}) {
            mean.sum = 0;
            mean.count = 0;
        }
        p99 = OptionalDouble.empty();
        p999 = OptionalDouble.empty();
        misses = OptionalLong.empty();
        preemptions = OptionalLong.empty();
    }
}
