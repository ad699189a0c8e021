// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.Objects;
import java.util.OptionalLong;
import org.spicetime.runtime.api.task.MeasurementAccuracy;

/**
 * What a slice on a worker cost. Immutable.
 *
 * @param cpuNanos processor time
 * @param accuracy how it was measured
 * @param poolPeakBytes most bytes held in the domain's pool at any moment
 * @param ioOperations read and write calls; absent: cannot be counted here
 * @param heapAllocatedBytes bytes allocated on the heap; absent: cannot be counted here
 */
public record Measured(
        long cpuNanos,
        MeasurementAccuracy accuracy,
        long poolPeakBytes,
        OptionalLong ioOperations,
        OptionalLong heapAllocatedBytes) {
    public Measured {
        Objects.requireNonNull(accuracy, "accuracy");
        if (cpuNanos < 0)
            throw new IllegalArgumentException("cpuNanos must be 0 or more, was " + cpuNanos);
        if (poolPeakBytes < 0)
            throw new IllegalArgumentException(
                    "poolPeakBytes must be 0 or more, was " + poolPeakBytes);
    }
}
