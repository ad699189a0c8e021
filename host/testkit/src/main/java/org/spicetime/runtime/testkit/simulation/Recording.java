// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.PreemptionConfig;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.scheduler.ExecutionSlice;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.task.Task;

/**
 * What a domain did for a while: when tasks were released, how long each had a slot, and how it was
 * set up. Replayed under another policy it answers what would have been:
 *
 * <pre>{@code
 * Recording recording = Recording.of(domain.state().config(), tasks, List.of());
 * System.out.println(recording.whatIf(new FifoFactory(), new EarliestDeadlineFactory()));
 * }</pre>
 *
 * <p>A replay has no switching cost, gives way at any instant, and releases tasks when they were
 * released in the run, whatever they depended on. Times are in nanoseconds. Immutable.
 *
 * @param slots how many tasks run at a time
 * @param quantum time slice of the domain; 0: none
 * @param maxStarted most tasks that are started and unfinished
 * @param minPriority smallest priority
 * @param maxPriority largest priority
 * @param preemptive whether urgent arrivals preempt
 * @param ties order among tasks a policy ranks equal
 * @param tasks in the order of their releases
 */
public record Recording(
        int slots,
        long quantum,
        int maxStarted,
        int minPriority,
        int maxPriority,
        boolean preemptive,
        QueuePolicy ties,
        List<RecordedTask> tasks) {
    /** Copies the tasks. */
    public Recording {
        Objects.requireNonNull(ties, "ties");
        tasks = List.copyOf(tasks);
    }

    /**
     * The tasks of a domain that have run and ended; others are left out. A task is released when
     * it was admitted, at its {@code runAt}, or when the last task it depended on ended, whichever
     * came last; those released at one instant keep the order in which they are given. It runs for
     * as long as it had a slot.
     *
     * @param config of the domain
     * @param tasks as the domain answers them
     * @param slices the timeline of the domain, which tells runs from waits; of tasks without any
     *     the time from start to end counts as one run, less the time spent ready
     * @throws IllegalArgumentException if no task has run and ended
     */
    public static Recording of(
            DomainConfig config, Collection<Task> tasks, Collection<ExecutionSlice> slices) {
        return new Recorder(tasks, slices).record(config);
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException naming the line that cannot be read
     */
    public static Recording parse(String text) {
        return RecordingText.parse(text);
    }

    /**
     * The recording as text. Lines that begin with {@code #} are comments; settings are a name and
     * a value, such as {@code slots 2}. Each other line is a task, with a tab between: release,
     * relative deadline or {@code -}, estimate or {@code -}, priority, type, end, {@code late} or
     * {@code ok}, steps such as {@code run:1000,block:500,run:200}, URL-encoded name. Times are
     * nanoseconds.
     */
    public String text() {
        return RecordingText.write(this);
    }

    /** The recorded tasks in virtual time, in units of a nanosecond, in the same domain. */
    public Simulation simulation(SimulatedPolicy policy) {
        List<SimulatedTask> released = new ArrayList<>(tasks.size());
        for (RecordedTask recorded : tasks) released.add(recorded.task());
        return Simulation.under(policy)
                .unitNanos(1)
                .slots(slots)
                .quantum(quantum)
                .maxStarted(maxStarted)
                .priorities(
                        new PriorityConfig(
                                minPriority,
                                maxPriority,
                                minPriority,
                                PriorityProtocol.INHERITANCE))
                .preemption(new PreemptionConfig(preemptive, PreemptionMode.FULL))
                .ties(ties)
                .tasks(released);
    }

    /** The recorded run and what it would have been under these policies, side by side. */
    public WhatIf whatIf(SchedulingPolicyFactory... policies) {
        WhatIf answer = WhatIf.recorded(this);
        for (SchedulingPolicyFactory factory : policies) {
            SimulatedPolicy policy = SimulatedPolicy.of(factory);
            answer = answer.with(factory.descriptor().name(), simulation(policy).run());
        }
        return answer;
    }
}
