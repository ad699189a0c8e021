// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.testkit.simulation.Step.lock;
import static org.spicetime.runtime.testkit.simulation.Step.run;
import static org.spicetime.runtime.testkit.simulation.Step.unlock;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.scheduler.earliestdeadline.EarliestDeadlineFactory;
import org.spicetime.runtime.scheduler.fixedpriority.FixedPriorityFactory;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

/**
 * Priority inversion: H (most urgent, deadline 10) and L (least urgent) share a lock, M does not
 * need it and delays both.
 */
final class OracleO7Test {

    private static final SimulatedTask[] TASKS = {
        SimulatedTask.once("H", run(1), lock("a"), run(2), unlock("a"), run(1))
                .withPriority(3)
                .releasedAt(2)
                .withDeadline(8),
        SimulatedTask.once("M", run(10)).withPriority(2).releasedAt(3),
        SimulatedTask.once("L", run(1), lock("a"), run(4), unlock("a"), run(1)).withPriority(1)
    };

    private static SimulationResult simulate(
            SchedulingPolicyFactory policy,
            PriorityProtocol protocol,
            @Nullable Integer ceiling,
            SimulatedTask... tasks) {
        return Simulation.under(policy)
                .priorities(new PriorityConfig(0, 10, 1, protocol, Duration.ZERO, 1, ceiling))
                .tasks(tasks)
                .run();
    }

    private static SimulationResult simulate(PriorityProtocol protocol, @Nullable Integer ceiling) {
        return simulate(new FixedPriorityFactory(), protocol, ceiling, TASKS);
    }

    private static void assertRun(
            SimulationResult seen, String units, int switches, long h, long m, long l) {
        assertThat(seen.units()).isEqualTo(units);
        assertThat(seen.switches()).isEqualTo(switches);
        assertThat(seen.end("H")).isEqualTo(h);
        assertThat(seen.end("M")).isEqualTo(m);
        assertThat(seen.end("L")).isEqualTo(l);
        assertThat(seen.allMisses()).isEqualTo(h > 10 ? 1 : 0);
    }

    @Test
    void withoutAProtocolTheUrgentTaskWaitsForTheOneInBetween() {
        assertRun(simulate(PriorityProtocol.NONE, null), "LLHMMMMMMMMMMLLLHHHL", 5, 19, 13, 20);
    }

    @Test
    void underInheritanceTheHolderRunsOnInPlaceOfTheOneInBetween() {
        assertRun(
                simulate(PriorityProtocol.INHERITANCE, null), "LLHLLLHHHMMMMMMMMMML", 5, 9, 19, 20);
    }

    @Test
    void underAFixedCeilingTheUrgentTaskNeverBlocks() {
        assertRun(simulate(PriorityProtocol.CEILING, 3), "LLLLLHHHHMMMMMMMMMML", 3, 9, 19, 20);
    }

    @Test
    void underACeilingFromTheDeclaredUsersTheRunIsTheSame() {
        assertRun(simulate(PriorityProtocol.CEILING, null), "LLLLLHHHHMMMMMMMMMML", 3, 9, 19, 20);
    }

    /* The same tasks with deadlines in the order of their priorities, all of the same priority. */
    @ParameterizedTest
    @ValueSource(strings = {"NONE", "INHERITANCE"})
    void underEarliestDeadlineFirstTheHolderInheritsTheDeadline(PriorityProtocol protocol) {
        SimulationResult seen =
                simulate(
                        new EarliestDeadlineFactory(),
                        protocol,
                        null,
                        TASKS[0].withPriority(1),
                        TASKS[1].withPriority(1).withDeadline(20),
                        TASKS[2].withPriority(1).withDeadline(40));
        assertThat(seen.units())
                .isEqualTo(
                        protocol == PriorityProtocol.NONE
                                ? "LLHMMMMMMMMMMLLLHHHL"
                                : "LLHLLLHHHMMMMMMMMMML");
        assertThat(seen.misses().get("H")).isEqualTo(protocol == PriorityProtocol.NONE ? 1 : 0);
    }
}
