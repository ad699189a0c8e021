// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import java.util.List;
import java.util.stream.Stream;
import org.spicetime.runtime.api.OptionSpec;

/**
 * Whose admission rests on the policy's {@link SchedulabilityTest}: what cannot be guaranteed is
 * refused and changes nothing. A policy offers the choice by declaring {@link #option}; without
 * that option a policy with a test works as under {@link #PERIODIC}.
 *
 * <p>Thread-safe.
 */
public enum AdmissionMode {
    /** Nobody's: everything is admitted. */
    OFF,
    /**
     * Schedules, which have to tell an expected run time. Single tasks are admitted, and with a
     * deadline they can disturb what was guaranteed.
     */
    PERIODIC,
    /** Schedules and single tasks with a deadline; both have to tell an expected run time. */
    ALL;

    /** Name of the option. */
    public static final String OPTION = "admission";

    /**
     * The option to declare.
     *
     * @param initial its default
     * @return a choice of the three
     */
    public static OptionSpec option(AdmissionMode initial) {
        List<String> names = Stream.of(values()).map(Enum::name).toList();
        return OptionSpec.choice(
                OPTION,
                initial.name(),
                names,
                "What is refused unless all deadlines are guaranteed: OFF nothing, PERIODIC schedules, ALL single tasks with a deadline too.");
    }
}
