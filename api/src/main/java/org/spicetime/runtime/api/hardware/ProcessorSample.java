// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.hardware;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How busy the processors are, and what their sensors tell. Loads need two readings, so they are
 * absent in the first sample.
 *
 * <p>Immutable.
 *
 * @param loadRatio busy share of all logical processors, 0 to 1
 * @param loadRatioPerProcessor busy share of each logical processor, 0 to 1; empty: unknown
 * @param processLoadRatio share of all logical processors this process used, 0 to 1
 * @param loadAverageOneMinute runnable and running threads of the machine, averaged over a minute;
 *     on Linux, those that wait for a disk are counted too
 * @param temperatureCelsius temperature in degrees Celsius; empty: no sensor, as in most virtual
 *     machines
 * @param frequencyHertz present clock frequency, mean over the processors
 * @param contextSwitches context switches of the machine since it was started
 * @param interrupts interrupts of the machine since it was started
 */
public record ProcessorSample(
        OptionalDouble loadRatio,
        List<Double> loadRatioPerProcessor,
        OptionalDouble processLoadRatio,
        OptionalDouble loadAverageOneMinute,
        OptionalDouble temperatureCelsius,
        OptionalLong frequencyHertz,
        OptionalLong contextSwitches,
        OptionalLong interrupts) {

    /** Nothing is known. */
    public static final ProcessorSample UNKNOWN =
            new ProcessorSample(
                    OptionalDouble.empty(),
                    List.of(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty());

    /**
     * Checks the values that are present.
     *
     * @throws IllegalArgumentException if a ratio is not between 0 and 1, a counter is negative, a
     *     frequency is not positive, or a number is not finite
     */
    public ProcessorSample {
        Check.ratio("processor load", loadRatio);
        loadRatioPerProcessor = List.copyOf(loadRatioPerProcessor);
        for (Double ratio : loadRatioPerProcessor) {
            Check.ratio("processor load", OptionalDouble.of(ratio));
        }
        Check.ratio("process load", processLoadRatio);
        Check.notNegative("load average", loadAverageOneMinute);
        if (temperatureCelsius.isPresent() && !Double.isFinite(temperatureCelsius.getAsDouble())) {
            throw new IllegalArgumentException(
                    "temperature must be finite, was " + temperatureCelsius.getAsDouble());
        }
        Check.positive("frequency", frequencyHertz);
        Check.notNegative("context switches", contextSwitches);
        Check.notNegative("interrupts", interrupts);
    }
}
