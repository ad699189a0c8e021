// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import static org.spicetime.runtime.testkit.scheduling.Promise.require;

import java.util.ArrayList;
import java.util.List;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.StarvationBound;
import org.spicetime.runtime.testkit.simulation.SimulatedSlice;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

/**
 * One task that nobody cares for beside a stream of urgent ones that never leaves the slot idle.
 * Called by one thread at a time.
 */
final class StarvationCheck {
    private static final int STREAM = 20;
    private static final long LONGEST = 200_000;
    private static final String POOR = "poor";

    private final SchedulingPolicyFactory factory;
    private final Options options;

    StarvationCheck(SchedulingPolicyFactory factory, Options options) {
        this.factory = factory;
        this.options = options;
    }

    void run(StarvationBound bound) {
        long promised = bound.picks(STREAM + 1);
        if (promised > LONGEST) return;
        List<SimulatedTask> tasks = new ArrayList<>();
        tasks.add(SimulatedTask.once(POOR, 1).withPriority(0).withEstimate(1_000));
        for (int i = 0; i < STREAM; i++) {
            tasks.add(
                    SimulatedTask.periodic("urgent", 1, STREAM).withPriority(100).withEstimate(1));
        }
        SimulationResult seen =
                Simulation.under(new Fixed(factory, options))
                        .preemptive(false)
                        .tasks(tasks)
                        .run(promised + 2L * STREAM);
        long passedOver =
                seen.slices().stream()
                        .map(SimulatedSlice::task)
                        .takeWhile(name -> !name.equals(POOR))
                        .count();
        require(
                passedOver <= promised,
                "a task of the lowest priority was passed over %d times beside %d urgent ones; the"
                        + " descriptor promises at most %d",
                passedOver,
                STREAM,
                promised);
    }

    /** The factory with the options of the test, whatever it is given. */
    private record Fixed(SchedulingPolicyFactory factory, Options options)
            implements SchedulingPolicyFactory {
        @Override
        public PolicyDescriptor descriptor() {
            return factory.descriptor();
        }

        @Override
        public Policy create(PolicyContext context, Options ignored) {
            return factory.create(context, options);
        }
    }
}
