// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import org.spicetime.runtime.api.domain.PreemptionConfig;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.kernel.task.KernelSettings;

/**
 * A domain of so many slots, a set of tasks and a policy, run in virtual time on the kernel that
 * ships:
 *
 * <pre>{@code
 * SimulationResult seen = Simulation.under(new EarliestDeadlineFactory())
 *         .tasks(SimulatedTask.periodic("A", 2, 5), SimulatedTask.periodic("B", 4, 7))
 *         .run(35);
 * seen.trace();  // A0-2 B2-6 A6-8 …
 * }</pre>
 *
 * <p>Times are integers in units; a unit is a microsecond unless {@link #unitNanos} says otherwise.
 * At each instant, in this order: work that is done ends or waits, then timers fire, then policies
 * are swapped, then waiting tasks wake, then tasks are released in the order in which they were
 * given, then idle slots are filled, then tasks that were asked to give way do. A running task
 * keeps its slot on an equal rank. Switches take no time. The same settings give the same run, in
 * every process. Called by one thread at a time.
 */
public final class Simulation {
    record Swap(long time, SimulatedPolicy policy) {}

    final SimulatedPolicy policy;
    final List<SimulatedTask> tasks = new ArrayList<>();
    final List<Swap> swaps = new ArrayList<>();
    int slots = 1;
    long unitNanos = 1_000;
    long seed = 1;
    PriorityConfig priorities = new PriorityConfig(0, 100, 0, PriorityProtocol.INHERITANCE);
    private long quantum;
    private int maxStarted = Integer.MAX_VALUE;
    private QueuePolicy ties = QueuePolicy.FIFO;
    private PreemptionConfig preemption;

    private Simulation(SimulatedPolicy policy) {
        this.policy = policy;
        this.preemption =
                new PreemptionConfig(
                        policy.factory().descriptor().preemptive(), PreemptionMode.FULL);
    }

    /** One slot, no quantum, preemption if the policy asks for it, priorities 0 to 100. */
    public static Simulation under(SchedulingPolicyFactory factory) {
        return under(SimulatedPolicy.of(factory));
    }

    /** One slot, no quantum, preemption if the policy asks for it, priorities 0 to 100. */
    public static Simulation under(SimulatedPolicy policy) {
        return new Simulation(policy);
    }

    /** Adds tasks; the order counts for those released at the same instant. */
    public Simulation tasks(SimulatedTask... more) {
        return tasks(List.of(more));
    }

    /** Adds tasks; the order counts for those released at the same instant. */
    public Simulation tasks(List<SimulatedTask> more) {
        tasks.addAll(more);
        return this;
    }

    /** How many tasks run at a time, 1 or more. */
    public Simulation slots(int count) {
        slots = count;
        return this;
    }

    /** Time slice of the domain in units; 0: none. */
    public Simulation quantum(long units) {
        quantum = units;
        return this;
    }

    /** Whether an urgent arrival preempts. */
    public Simulation preemptive(boolean yes) {
        return preemption(new PreemptionConfig(yes, PreemptionMode.FULL));
    }

    /** When running tasks are asked to give way. */
    public Simulation preemption(PreemptionConfig config) {
        preemption = config;
        return this;
    }

    /** Range of the priorities, inheritance and aging. */
    public Simulation priorities(PriorityConfig config) {
        priorities = config;
        return this;
    }

    /** Order among tasks the policy ranks equal. */
    public Simulation ties(QueuePolicy order) {
        ties = order;
        return this;
    }

    /** Most tasks that are started and unfinished. */
    public Simulation maxStarted(int most) {
        maxStarted = most;
        return this;
    }

    /** Another seed for the policy's random numbers. */
    public Simulation seed(long value) {
        seed = value;
        return this;
    }

    /** Length of a unit in nanoseconds, 1 or more. */
    public Simulation unitNanos(long nanos) {
        if (nanos < 1) throw new IllegalArgumentException("unit must be 1 or more, was " + nanos);
        unitNanos = nanos;
        return this;
    }

    /** Puts another policy in charge at this time, as a host does. */
    public Simulation swap(long time, SimulatedPolicy successor) {
        swaps.add(new Swap(time, successor));
        return this;
    }

    /**
     * Releases tasks before the horizon, and runs all of them to their ends.
     *
     * @throws IllegalStateException if the policy breaks its contract, or the tasks wait for ever
     */
    public SimulationResult run(long horizon) {
        return new EventLoop(this).run(Math.multiplyExact(horizon, unitNanos));
    }

    /**
     * Runs tasks that are released once to their ends.
     *
     * @throws IllegalStateException if a task is periodic, the policy breaks its contract, or the
     *     tasks wait for ever
     */
    public SimulationResult run() {
        for (SimulatedTask task : tasks) {
            if (task.period() > 0) {
                throw new IllegalStateException(
                        "task " + task.name() + " is periodic, so a horizon is needed");
            }
        }
        return new EventLoop(this).run(Long.MAX_VALUE);
    }

    long quantumNanos() {
        return Math.multiplyExact(quantum, unitNanos);
    }

    KernelSettings settings() {
        return new KernelSettings(
                priorities,
                ties,
                0,
                slots,
                quantumNanos(),
                0,
                Durability.VOLATILE,
                false,
                maxStarted,
                preemption,
                List.of());
    }
}
