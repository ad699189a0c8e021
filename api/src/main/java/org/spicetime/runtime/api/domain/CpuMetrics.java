// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Processor use of a domain. Immutable.
 *
 * @param utilization share in use of the processors its workers can get at a time, 0.0 to 1.0;
 *     absent before the first sample
 * @param load runnable tasks per worker, averaged over one minute
 * @param temperatureCelsius of the processor; absent without a sensor
 * @param frequencyMegahertz of the processor; absent where the host does not tell
 * @param cores guaranteed to the domain; if none are, those that its workers can get at a time
 */
public record CpuMetrics(
        OptionalDouble utilization,
        double load,
        OptionalDouble temperatureCelsius,
        OptionalInt frequencyMegahertz,
        double cores) {}
