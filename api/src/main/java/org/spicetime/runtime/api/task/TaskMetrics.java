// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What running a task cost, over all its attempts; live while it runs. Immutable.
 *
 * @param startedAt when it first got the processor; null before
 * @param finishedAt when it ended for good; null before
 * @param duration wall-clock time from the first dispatch until the end, or until now; null before
 *     the first dispatch
 * @param waitTime time spent ready without a processor
 * @param cpuNanos processor time in nanoseconds
 * @param cpuAccuracy how the processor time was measured
 * @param poolPeakBytes most bytes held in the domain's pool at any moment
 * @param ioOperations read and write calls issued; absent where the host cannot count them
 * @param heapAllocatedBytes bytes allocated on the heap (not a peak); absent where the host cannot
 *     count them
 * @param preemptions times it lost the processor to another task
 */
public record TaskMetrics(
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Duration duration,
        Duration waitTime,
        long cpuNanos,
        MeasurementAccuracy cpuAccuracy,
        long poolPeakBytes,
        OptionalLong ioOperations,
        OptionalLong heapAllocatedBytes,
        int preemptions) {}
