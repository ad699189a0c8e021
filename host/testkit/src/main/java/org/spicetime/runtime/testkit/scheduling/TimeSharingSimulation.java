// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.PreemptionConfig;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;
import org.spicetime.runtime.kernel.scheduling.PolicyEnvironment;
import org.spicetime.runtime.kernel.task.Admission;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.KernelSettings;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.Outcome;
import org.spicetime.runtime.kernel.task.TaskEntry;
import org.spicetime.runtime.testkit.DefaultOptions;

/**
 * Jobs that only compute, on a few processors, under a policy and a time slice, on the kernel that
 * ships: who has a turn when, and how evenly. Jobs give way at their checkpoints only, as handlers
 * do. Called by one thread at a time.
 */
public final class TimeSharingSimulation {
    private static final long UNIT_NANOS = 1_000;

    private final RecordingListener listener = new RecordingListener();
    private final DomainKernel kernel;
    private final SplittableRandom random = new SplittableRandom(1);
    private final Map<TaskEntry, Running> jobs = new HashMap<>();
    private final List<Running> all = new ArrayList<>();
    private final @Nullable TaskEntry[] slots;
    private final StringBuilder trace = new StringBuilder();
    private final Map<String, Long> ends = new LinkedHashMap<>();
    private final Instant start = Instant.parse("2026-01-01T00:00:00Z");
    private long time;
    private long widest;

    /**
     * Work to do. Immutable.
     *
     * @param name one letter, for traces
     * @param arrival when it is admitted, in units
     * @param cost processor time it needs, in units, 1 or more
     * @param checkpoint it reaches a checkpoint after every so many units, 1 or more
     * @param priority its priority, 0 to 10
     * @param estimate what it tells of its cost, in units; 0: nothing
     */
    public record Job(
            String name, long arrival, int cost, int checkpoint, int priority, int estimate) {
        /** Admitted at 0 with a checkpoint after every unit, and no estimate. */
        public static Job of(String name, int cost) {
            return new Job(name, 0, cost, 1, 5, 0);
        }
    }

    /**
     * What was seen. Immutable.
     *
     * @param trace who had the first processor in each unit, {@code -} for nobody
     * @param ends when each job was done, in units, in the order of their ends
     * @param widestGap largest difference, at any time, between what two unfinished jobs that were
     *     admitted together had received
     */
    public record Outcomes(String trace, Map<String, Long> ends, long widestGap) {}

    private static final class Running {
        final Job job;
        int done;

        Running(Job job) {
            this.job = job;
        }
    }

    /**
     * A simulation at time 0, the policy with its default options.
     *
     * @param processors how many jobs run at a time
     * @param quantum time slice of the domain in units; 0: none
     * @param preemptive whether an urgent arrival preempts
     */
    public TimeSharingSimulation(
            SchedulingPolicyFactory factory, int processors, long quantum, boolean preemptive) {
        slots = new TaskEntry[processors];
        KernelSettings settings =
                new KernelSettings(
                                new PriorityConfig(0, 10, 5, PriorityProtocol.INHERITANCE),
                                QueuePolicy.FIFO,
                                0,
                                processors,
                                quantum * UNIT_NANOS,
                                1000,
                                Durability.VOLATILE,
                                false)
                        .with(new PreemptionConfig(preemptive, PreemptionMode.COOPERATIVE));
        kernel = new DomainKernel(DomainId.of("simulation"), settings, listener, random);
        PolicyEnvironment context =
                new PolicyEnvironment(this::nanos, random, processors, 0, 10, quantum * UNIT_NANOS);
        kernel.usePolicy(
                PolicyBinding.of(
                        factory.create(context, new DefaultOptions(factory.descriptor().options())),
                        factory.descriptor(),
                        null),
                now());
    }

    /** Runs all jobs to their ends. */
    public Outcomes run(List<Job> work) {
        int left = work.size();
        while (left > 0 || kernel.unfinished() > 0) {
            kernel.advance(now());
            for (Job job : work) {
                if (job.arrival() == time) {
                    admit(job);
                    left--;
                }
            }
            checkpoints();
            fill();
            runOneUnit();
            time++;
            finish();
        }
        kernel.audit(now());
        if (!listener.ejections.isEmpty()) {
            throw new AssertionError("the policy was ejected: " + listener.ejections);
        }
        return new Outcomes(trace.toString(), Collections.unmodifiableMap(ends), widest);
    }

    private void admit(Job job) {
        TaskRequest.Builder request =
                TaskRequest.of(TaskType.COMPUTATION).name(job.name()).priority(job.priority());
        if (job.estimate() > 0) {
            request.estimatedDuration(Duration.ofNanos(job.estimate() * UNIT_NANOS));
        }
        TaskId id = TaskId.of(now().instant(), random);
        Admission admission = new Admission(id, request.build(), "simulated");
        Running running = new Running(job);
        all.add(running);
        jobs.put(kernel.admit(List.of(admission), now()).getFirst(), running);
    }

    private void checkpoints() {
        for (int slot = 0; slot < slots.length; slot++) {
            TaskEntry entry = slots[slot];
            if (entry == null || !listener.toGiveWay.contains(entry)) continue;
            Running running = of(entry);
            if (running.done % running.job.checkpoint() == 0) {
                listener.toGiveWay.remove(entry);
                slots[slot] = kernel.rotate(entry, slot, now());
            }
        }
    }

    private void fill() {
        for (int slot = 0; slot < slots.length; slot++) {
            if (slots[slot] == null) slots[slot] = kernel.pick(slot, now());
        }
    }

    private void runOneUnit() {
        TaskEntry first = slots[0];
        trace.append(first == null ? "-" : of(first).job.name());
        for (TaskEntry entry : slots) {
            if (entry == null) continue;
            of(entry).done++;
            kernel.charge(
                    entry,
                    new Measured(
                            UNIT_NANOS,
                            MeasurementAccuracy.EXACT,
                            0,
                            OptionalLong.empty(),
                            OptionalLong.empty()));
        }
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (Running running : all) {
            if (running.done == running.job.cost() || running.job.arrival() > 0) continue;
            least = Math.min(least, running.done);
            most = Math.max(most, running.done);
        }
        widest = Math.max(widest, most - least);
    }

    private void finish() {
        for (int slot = 0; slot < slots.length; slot++) {
            TaskEntry entry = slots[slot];
            if (entry == null || of(entry).done < of(entry).job.cost()) continue;
            ends.put(of(entry).job.name(), time);
            listener.toGiveWay.remove(entry);
            kernel.finished(entry, new Outcome.Succeeded(null), now());
            slots[slot] = null;
        }
    }

    private Running of(TaskEntry entry) {
        return Objects.requireNonNull(jobs.get(entry));
    }

    private long nanos() {
        return time * UNIT_NANOS;
    }

    private Now now() {
        return new Now(nanos(), start.plusNanos(nanos()));
    }
}
