// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.measure;

import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.MetricsSample;

/**
 * Some samples in the order of their time, in columns: no object per sample. An absent ratio or
 * rate is NaN, an absent count is -1. Guarded by the caller.
 */
final class SampleBlock {
    static final int SAMPLES = 240;

    private static final long NO_COUNT = -1;

    /* What can be absent and needs no more than seven digits. */
    private static final int CPU = 0;
    private static final int STALL = 1;
    private static final int NETWORK = 2;
    private static final int STORAGE = 3;
    private static final int TASKS = 4;
    private static final int P50 = 5;
    private static final int P99 = 6;
    private static final int P999 = 7;
    private static final int CELLS = 8;

    /** Heap it takes. */
    static final int BYTES = SAMPLES * (CELLS * Float.BYTES + 52) + 512;

    private final long[] millis = new long[SAMPLES];
    private final int[] running = new int[SAMPLES];
    private final int[] queued = new int[SAMPLES];
    private final long[] used = new long[SAMPLES];
    private final long[] cached = new long[SAMPLES];
    private final long[] swapped = new long[SAMPLES];
    private final int[] misses = new int[SAMPLES];
    private final int[] preemptions = new int[SAMPLES];
    private final float[] cells = new float[SAMPLES * CELLS];
    private int count;

    int count() {
        return count;
    }

    boolean isFull() {
        return count == SAMPLES;
    }

    void clear() {
        count = 0;
    }

    /** Time of a sample. */
    long millis(int index) {
        return millis[index];
    }

    void add(MetricsSample sample) {
        int at = count++;
        millis[at] = sample.timestamp().toEpochMilli();
        running[at] = sample.running();
        queued[at] = sample.queueDepth();
        used[at] = sample.memoryUsedBytes();
        cached[at] = sample.memoryCachedBytes();
        swapped[at] = sample.memorySwappedBytes();
        misses[at] = narrow(sample.deadlineMisses());
        preemptions[at] = narrow(sample.preemptions());
        set(at, CPU, sample.cpuUsage());
        set(at, STALL, sample.memoryStall());
        set(at, NETWORK, sample.networkBytesPerSecond());
        set(at, STORAGE, sample.storageOperationsPerSecond());
        set(at, TASKS, sample.tasksPerSecond());
        set(at, P50, sample.schedulingLatencyP50());
        set(at, P99, sample.schedulingLatencyP99());
        set(at, P999, sample.schedulingLatencyP999());
    }

    private static int narrow(OptionalLong value) {
        return (int) Math.min(value.orElse(NO_COUNT), Integer.MAX_VALUE);
    }

    private void set(int at, int cell, OptionalDouble value) {
        cells[at * CELLS + cell] = (float) value.orElse(Double.NaN);
    }

    private OptionalDouble get(int at, int cell) {
        float value = cells[at * CELLS + cell];
        return Float.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static OptionalLong count(int value) {
        return value == NO_COUNT ? OptionalLong.empty() : OptionalLong.of(value);
    }

    MetricsSample get(DomainId domain, int at) {
        return new MetricsSample(
                domain,
                Instant.ofEpochMilli(millis[at]),
                get(at, CPU),
                running[at],
                queued[at],
                used[at],
                cached[at],
                swapped[at],
                get(at, STALL),
                get(at, NETWORK),
                get(at, STORAGE),
                get(at, TASKS),
                get(at, P50),
                get(at, P99),
                get(at, P999),
                count(misses[at]),
                count(preemptions[at]));
    }

    /** Index of the first sample at or after a time; the count if there is none. */
    int from(long time) {
        int found = Arrays.binarySearch(millis, 0, count, time);
        return found < 0 ? -found - 1 : found;
    }
}
