// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Measurements of the machine and of this process. What is unknown, or is measured over a time and
 * this is the first sample, is absent. Immutable.
 *
 * @param timestamp when they were taken
 * @param cpuUsage processor use of the machine, 0.0 to 1.0
 * @param cpuUsagePerCore per logical processor, 0.0 to 1.0; empty: unknown
 * @param processCpuUsage of this process, 0.0 to 1.0 of the machine
 * @param loadAverage over one minute
 * @param temperatureCelsius of the processor
 * @param frequencyMegahertz of the processor
 * @param memoryUsedBytes main memory in use
 * @param processMemoryBytes main memory held by this process
 * @param heapUsedBytes heap in use
 * @param heapMaxBytes largest size of the heap
 * @param poolsReservedBytes all domain pools together
 * @param gcShare share of the last minute in which the collector held up the Java runtime, 0.0 to
 *     1.0
 * @param longestPause longest such pause of the last minute; zero if there was none
 * @param networkReceived bytes per second
 * @param networkSent bytes per second
 * @param fileSystems the file systems the host writes to
 */
public record HostMetrics(
        Instant timestamp,
        OptionalDouble cpuUsage,
        List<Double> cpuUsagePerCore,
        OptionalDouble processCpuUsage,
        OptionalDouble loadAverage,
        OptionalDouble temperatureCelsius,
        OptionalInt frequencyMegahertz,
        OptionalLong memoryUsedBytes,
        OptionalLong processMemoryBytes,
        long heapUsedBytes,
        long heapMaxBytes,
        long poolsReservedBytes,
        OptionalDouble gcShare,
        Optional<Duration> longestPause,
        OptionalDouble networkReceived,
        OptionalDouble networkSent,
        List<FileSystem> fileSystems) {

    public HostMetrics {
        Objects.requireNonNull(timestamp, "timestamp");
        cpuUsagePerCore = List.copyOf(cpuUsagePerCore);
        fileSystems = List.copyOf(fileSystems);
    }

    /**
     * Use of a file system. Immutable.
     *
     * @param purpose what the host keeps there: {@code store}, {@code log}, {@code cache} or {@code
     *     deploy}
     * @param totalBytes in all
     * @param freeBytes the host may still write
     */
    public record FileSystem(String purpose, long totalBytes, long freeBytes) {
        public FileSystem {
            if (purpose.isBlank()) throw new IllegalArgumentException("purpose must not be blank");
            if (totalBytes < 0 || freeBytes < 0)
                throw new IllegalArgumentException(
                        "sizes of \""
                                + purpose
                                + "\" must be 0 or more, were "
                                + totalBytes
                                + " and "
                                + freeBytes);
        }
    }
}
