// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.hardware;

import java.time.Instant;
import java.util.List;

/**
 * The state of the machine at one moment. Rates are averages since the sample before.
 *
 * <p>Immutable.
 *
 * @param sampledAt when it was taken, UTC; before the first sample: when sampling began
 * @param processor processors and sensors
 * @param memory main memory and swap space
 * @param network all network interfaces but the loopback, together
 * @param disk all local disks together
 * @param fileSystems local file systems, each mount point once; empty: unknown
 */
public record HardwareSample(
        Instant sampledAt,
        ProcessorSample processor,
        MemorySample memory,
        NetworkCounters network,
        DiskCounters disk,
        List<FileSystemSample> fileSystems) {

    /** Copies the list. */
    public HardwareSample {
        fileSystems = List.copyOf(fileSystems);
    }

    /**
     * A sample that knows nothing; the answer before the first one was taken.
     *
     * @param since when sampling began
     * @return a sample without values
     */
    public static HardwareSample unknown(Instant since) {
        return new HardwareSample(
                since,
                ProcessorSample.UNKNOWN,
                MemorySample.UNKNOWN,
                NetworkCounters.UNKNOWN,
                DiskCounters.UNKNOWN,
                List.of());
    }
}
