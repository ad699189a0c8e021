// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.constantbandwidth;

import java.time.Duration;
import java.util.Arrays;
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

/** Offers {@code CONSTANT_BANDWIDTH}. Thread-safe. */
@Component(service = SchedulingPolicyFactory.class)
public final class ConstantBandwidthFactory implements SchedulingPolicyFactory {
    private static final String SERVER = "server";
    private static final String BUDGET = "budget";
    private static final String PERIOD = "period";
    private static final String HARD = "hard";

    private static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "CONSTANT_BANDWIDTH",
                    "1.0.0",
                    "Servers with a budget per period, by earliest deadline: each task type, priority or task has its share, and cannot take more from the others.",
                    Ordering.STRICT,
                    true,
                    false,
                    Optional.empty(),
                    List.of(
                            OptionSpec.choice(
                                    SERVER,
                                    Grouping.TYPE.name(),
                                    Arrays.stream(Grouping.values()).map(Enum::name).toList(),
                                    "What has a server of its own: each task type, each priority, or each task."),
                            OptionSpec.duration(
                                    BUDGET,
                                    Duration.ofMillis(10),
                                    Duration.ofNanos(100_000),
                                    Duration.ofSeconds(10),
                                    "Time of a server in each period; at most the period."),
                            OptionSpec.duration(
                                    PERIOD,
                                    Duration.ofMillis(40),
                                    Duration.ofNanos(100_000),
                                    Duration.ofSeconds(10),
                                    "Period of each server."),
                            OptionSpec.flag(
                                    HARD,
                                    false,
                                    "Whether a server without budget waits for its next period even if nobody else wants to run.")));

    /** Called by the service registry or the service loader. */
    public ConstantBandwidthFactory() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        long budget = options.duration(BUDGET).toNanos();
        long period = options.duration(PERIOD).toNanos();
        if (budget > period)
            throw RefusedException.outOfRange(
                    "scheduler.parameters." + BUDGET,
                    budget / 1e6,
                    "a number of milliseconds, 0.1 to the period, " + period / 1e6);
        return new ConstantBandwidth(
                context.clock(),
                Grouping.valueOf(options.text(SERVER)),
                new Reservation(budget, period, options.flag(HARD)),
                context.quantumNanos());
    }
}
