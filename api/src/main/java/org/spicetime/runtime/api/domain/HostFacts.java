// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.spicetime.runtime.api.HostRef;

/**
 * The machine and the Java runtime; what the host cannot learn is absent. Immutable.
 *
 * @param host this run of this host
 * @param name of the machine
 * @param operatingSystem name and version
 * @param architecture of the processor, e.g. {@code amd64}
 * @param processor model of the processor
 * @param physicalCores of the machine
 * @param availableProcessors logical processors the host may use, container limits applied
 * @param memoryBytes main memory, container limits applied
 * @param javaRuntime vendor and version
 * @param framework name and version of the OSGi framework; empty outside of one
 * @param processId of the operating system process
 * @param startedAt when the process was started
 */
public record HostFacts(
        HostRef host,
        String name,
        String operatingSystem,
        String architecture,
        Optional<String> processor,
        OptionalInt physicalCores,
        int availableProcessors,
        long memoryBytes,
        String javaRuntime,
        String framework,
        long processId,
        Instant startedAt) {

    public HostFacts {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(startedAt, "startedAt");
        if (availableProcessors < 1)
            throw new IllegalArgumentException(
                    "availableProcessors must be 1 or more, was " + availableProcessors);
        if (memoryBytes < 1)
            throw new IllegalArgumentException("memory must be above 0, was " + memoryBytes);
    }
}
