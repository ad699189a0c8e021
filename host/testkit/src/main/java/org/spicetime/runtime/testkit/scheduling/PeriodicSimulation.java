// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;
import org.spicetime.runtime.kernel.scheduling.PolicyEnvironment;
import org.spicetime.runtime.kernel.task.Admission;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.KernelSettings;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.Outcome;
import org.spicetime.runtime.kernel.task.TaskEntry;
import org.spicetime.runtime.testkit.DefaultOptions;

/**
 * One processor, a set of periodic tasks and a policy, on the kernel that ships: for schedules that
 * are known in advance. A policy that asks for preemption gets it at every release; a running task
 * keeps the processor on an equal rank. Late releases run to their end. Called by one thread at a
 * time.
 */
public final class PeriodicSimulation {
    private static final long UNIT_NANOS = 1_000;

    private final List<PeriodicTask> tasks;
    private final boolean preemptive;
    private final RecordingListener listener = new RecordingListener();
    private final DomainKernel kernel;
    private final SplittableRandom random = new SplittableRandom(1);
    private final Map<TaskEntry, Job> jobs = new LinkedHashMap<>();
    private final StringBuilder trace = new StringBuilder();
    private final Instant start = Instant.parse("2026-01-01T00:00:00Z");
    private long time;
    private @Nullable TaskEntry running;

    private static final class Job {
        final PeriodicTask task;
        final long release;
        int left;
        long end;

        Job(PeriodicTask task, long release) {
            this.task = task;
            this.release = release;
            this.left = task.cost();
        }
    }

    /**
     * What was seen. Immutable.
     *
     * @param trace who had the processor in each unit of time, {@code -} for nobody
     * @param responses response times of the releases of each task, in order
     * @param misses deadlines missed by each task
     */
    public record Outcomes(
            String trace, Map<String, List<Long>> responses, Map<String, Integer> misses) {
        /** The response times of a task. */
        public List<Long> responsesOf(String task) {
            return responses.getOrDefault(task, List.of());
        }

        /** The longest response time of a task. */
        public long longestResponse(String task) {
            return responsesOf(task).stream().mapToLong(Long::longValue).max().orElseThrow();
        }

        /** Deadlines missed in all. */
        public int allMisses() {
            return misses.values().stream().mapToInt(Integer::intValue).sum();
        }

        /** Number of releases. */
        public int releases() {
            return responses.values().stream().mapToInt(List::size).sum();
        }
    }

    /** A simulation at time 0, the policy with its default options. */
    public PeriodicSimulation(SchedulingPolicyFactory factory, List<PeriodicTask> tasks) {
        this.tasks = List.copyOf(tasks);
        this.preemptive = factory.descriptor().preemptive();
        int most = tasks.stream().mapToInt(PeriodicTask::priority).max().orElse(0);
        KernelSettings settings =
                new KernelSettings(
                        new PriorityConfig(0, most, 0, PriorityProtocol.INHERITANCE),
                        QueuePolicy.FIFO,
                        0,
                        1,
                        0,
                        0,
                        Durability.VOLATILE,
                        false);
        kernel = new DomainKernel(DomainId.of("simulation"), settings, listener, random);
        PolicyEnvironment context = new PolicyEnvironment(this::nanos, random, 1, 0, most, 0);
        kernel.usePolicy(
                PolicyBinding.of(
                        factory.create(context, new DefaultOptions(factory.descriptor().options())),
                        factory.descriptor(),
                        null),
                now());
    }

    /** Releases tasks until the horizon and runs all of them to their end. */
    public Outcomes run(long horizon) {
        while (time < horizon || kernel.unfinished() > 0) {
            kernel.advance(now());
            if (time < horizon) release();
            if (running == null) running = kernel.pick(0, now());
            runOneUnit();
            time++;
            finishRunning();
        }
        if (!listener.ejections.isEmpty()) {
            throw new AssertionError("the policy was ejected: " + listener.ejections);
        }
        return outcomes();
    }

    private void release() {
        for (PeriodicTask task : tasks) {
            if (time % task.period() != 0) continue;
            TaskRequest request =
                    TaskRequest.of(TaskType.COMPUTATION)
                            .priority(task.priority())
                            .relativeDeadline(Duration.ofNanos(task.period() * UNIT_NANOS))
                            .build();
            Admission admission =
                    new Admission(TaskId.of(now().instant(), random), request, "simulated");
            TaskEntry arrived = kernel.admit(List.of(admission), now()).getFirst();
            jobs.put(arrived, new Job(task, time));
            if (preemptive && running != null) preemptFor(arrived);
        }
    }

    private void preemptFor(TaskEntry arrived) {
        TaskEntry victim = kernel.victim(arrived, now());
        if (victim == null) return;
        kernel.leave(victim, SliceEnd.PREEMPTED, now());
        running = null;
    }

    private void runOneUnit() {
        Job job = running == null ? null : jobs.get(running);
        if (job == null) {
            trace.append('-');
            return;
        }
        trace.append(job.task.name());
        job.left--;
        job.end = time + 1;
    }

    private void finishRunning() {
        TaskEntry entry = running;
        Job job = entry == null ? null : jobs.get(entry);
        if (entry == null || job == null || job.left > 0) return;
        kernel.finished(entry, new Outcome.Succeeded(null), now());
        running = null;
    }

    private Outcomes outcomes() {
        Map<String, List<Long>> responses = new LinkedHashMap<>();
        Map<String, Integer> misses = new LinkedHashMap<>();
        for (PeriodicTask task : tasks) {
            responses.put(task.name(), new ArrayList<>());
            misses.put(task.name(), 0);
        }
        jobs.forEach((entry, job) -> {
            String name = job.task.name();
            responses.computeIfAbsent(name, none -> new ArrayList<>()).add(job.end - job.release);
            if (entry.deadlineMissed()) misses.merge(name, 1, Integer::sum);
        });
        return new Outcomes(trace.toString(), Map.copyOf(responses), Map.copyOf(misses));
    }

    private long nanos() {
        return time * UNIT_NANOS;
    }

    private Now now() {
        return new Now(nanos(), start.plusNanos(nanos()));
    }
}
