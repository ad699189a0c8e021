// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Instant;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.spicetime.runtime.api.DomainId;

/**
 * Measurements of a domain at one instant, or over the step that ended then. What was not measured
 * is absent, never 0. Immutable.
 *
 * @param domain the domain
 * @param timestamp end of the step
 * @param cpuUsage processor use, 0.0 to 1.0 of the domain's share; over the step, the mean
 * @param running tasks on a worker; over a longer step, the mean, rounded
 * @param queueDepth tasks ready to run; over a longer step, the mean, rounded
 * @param memoryUsedBytes pool bytes used, at the end of the step
 * @param memoryCachedBytes pool bytes that can be given up at once, at the end of the step
 * @param memorySwappedBytes bytes swapped out, at the end of the step
 * @param memoryStall share of worker time spent waiting for memory, 0.0 to 1.0
 * @param networkBytesPerSecond both directions
 * @param storageOperationsPerSecond reads and writes
 * @param tasksPerSecond tasks finished, well or not
 * @param schedulingLatencyP50 median, microseconds from ready to running; absent without a dispatch
 *     in the step; over a longer step, the mean of its parts
 * @param schedulingLatencyP99 99th percentile, microseconds; over a longer step, the largest of its
 *     parts
 * @param schedulingLatencyP999 99.9th percentile, as above
 * @param deadlineMisses deadlines missed in the step
 * @param preemptions preemptions in the step
 */
public record MetricsSample(
        DomainId domain,
        Instant timestamp,
        OptionalDouble cpuUsage,
        int running,
        int queueDepth,
        long memoryUsedBytes,
        long memoryCachedBytes,
        long memorySwappedBytes,
        OptionalDouble memoryStall,
        OptionalDouble networkBytesPerSecond,
        OptionalDouble storageOperationsPerSecond,
        OptionalDouble tasksPerSecond,
        OptionalDouble schedulingLatencyP50,
        OptionalDouble schedulingLatencyP99,
        OptionalDouble schedulingLatencyP999,
        OptionalLong deadlineMisses,
        OptionalLong preemptions) {

    public MetricsSample {
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(timestamp, "timestamp");
        ratio("cpuUsage", cpuUsage);
        ratio("memoryStall", memoryStall);
        notNegative("running", running);
        notNegative("queueDepth", queueDepth);
        notNegative("memoryUsed", memoryUsedBytes);
        notNegative("memoryCached", memoryCachedBytes);
        notNegative("memorySwapped", memorySwappedBytes);
    }

    private static void ratio(String what, OptionalDouble value) {
        if (value.isPresent() && !(value.getAsDouble() >= 0 && value.getAsDouble() <= 1))
            throw new IllegalArgumentException(
                    what + " must be 0.0 .. 1.0, was " + value.getAsDouble());
    }

    private static void notNegative(String what, long value) {
        if (value < 0)
            throw new IllegalArgumentException(what + " must be 0 or more, was " + value);
    }
}
