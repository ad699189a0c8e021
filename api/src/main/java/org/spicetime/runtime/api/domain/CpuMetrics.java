// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Processor use of a domain. Immutable.
 *
 * @param utilization share of the domain's allowance in use, 0.0 to 1.0; absent before the first
 *     sample
 * @param load runnable tasks per worker, averaged over one minute
 * @param temperatureCelsius of the processor; absent without a sensor
 * @param frequencyMegahertz of the processor; absent where the host does not tell
 * @param cores granted to the domain
 */
public record CpuMetrics(
        OptionalDouble utilization,
        double load,
        OptionalDouble temperatureCelsius,
        OptionalInt frequencyMegahertz,
        double cores) {}
