// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.hardware;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the machine is; fixed while it is up.
 *
 * <p>Immutable.
 *
 * @param machineName name of the machine in the network
 * @param operatingSystem name and version of the operating system
 * @param processorName model of the processor, as its maker calls it
 * @param processorPackages processor packages, also called sockets
 * @param physicalCores physical cores of the machine
 * @param logicalProcessors logical processors of the machine, before container limits
 * @param maxFrequencyHertz highest clock frequency
 * @param memoryBytes main memory of the machine, before container limits
 */
public record HardwareFacts(
        Optional<String> machineName,
        Optional<String> operatingSystem,
        Optional<String> processorName,
        OptionalInt processorPackages,
        OptionalInt physicalCores,
        OptionalInt logicalProcessors,
        OptionalLong maxFrequencyHertz,
        OptionalLong memoryBytes) {

    /** Nothing is known. */
    public static final HardwareFacts UNKNOWN =
            new HardwareFacts(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty());

    /**
     * Checks the values that are present.
     *
     * @throws IllegalArgumentException if a text is blank or a number is not positive
     */
    public HardwareFacts {
        Check.notBlank("machine name", machineName);
        Check.notBlank("operating system", operatingSystem);
        Check.notBlank("processor name", processorName);
        Check.positive("processor packages", processorPackages);
        Check.positive("physical cores", physicalCores);
        Check.positive("logical processors", logicalProcessors);
        Check.positive("highest frequency", maxFrequencyHertz);
        Check.positive("main memory", memoryBytes);
    }
}
