// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.multilevelfeedback;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.OptionSpec;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;

/** Offers {@code MLFQ}. Thread-safe. */
@Component(service = SchedulingPolicyFactory.class)
public final class MultilevelFeedbackFactory implements SchedulingPolicyFactory {
    private static final String LEVELS = "levels";
    private static final String SLICE = "slice";
    private static final String GROWTH = "growth";
    private static final String ALLOTMENT = "allotment";
    private static final String BOOST = "boost";

    private static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "MLFQ",
                    "1.0.0",
                    "Short tasks first without knowing them: whoever uses its time sinks a level, and now and then all rise again.",
                    Ordering.STRICT,
                    true,
                    false,
                    Optional.empty(),
                    List.of(
                            OptionSpec.number(LEVELS, 8, 2, 64, "levels", "Number of levels."),
                            OptionSpec.duration(
                                    SLICE,
                                    Duration.ofMillis(10),
                                    Duration.ofNanos(100_000),
                                    Duration.ofSeconds(60),
                                    "Time slice at the highest level in a domain that has no quantum."),
                            OptionSpec.number(
                                    GROWTH,
                                    2,
                                    1,
                                    4,
                                    "times",
                                    "Slice of a level in slices of the one above it."),
                            OptionSpec.number(
                                    ALLOTMENT,
                                    1,
                                    1,
                                    1000,
                                    "slices",
                                    "What a task may use at a level before it sinks, in slices of that level."),
                            OptionSpec.duration(
                                    BOOST,
                                    Duration.ofSeconds(1),
                                    Duration.ofMillis(1),
                                    Duration.ofHours(1),
                                    "Every task rises to the highest level once in this time; more than the slice.")));

    /** Called by the service registry or the service loader. */
    public MultilevelFeedbackFactory() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        long quantum = context.quantumNanos();
        long slice = quantum > 0 ? quantum : options.duration(SLICE).toNanos();
        Duration boost = options.duration(BOOST);
        if (boost.toNanos() <= slice)
            throw RefusedException.outOfRange(
                    "scheduler.parameters." + BOOST,
                    boost.toNanos() / 1e6,
                    "a number of milliseconds, more than the slice of the highest level, "
                            + slice / 1e6
                            + ", to 3600000");
        return new MultilevelFeedback(
                context.clock(),
                (int) options.number(LEVELS),
                slice,
                (int) options.number(GROWTH),
                options.number(ALLOTMENT),
                boost.toNanos());
    }
}
