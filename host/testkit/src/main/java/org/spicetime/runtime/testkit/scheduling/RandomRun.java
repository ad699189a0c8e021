// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;
import org.spicetime.runtime.kernel.scheduling.SafeFifo;
import org.spicetime.runtime.kernel.task.Admission;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.KernelSettings;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.Outcome;
import org.spicetime.runtime.kernel.task.TaskEntry;
import org.spicetime.runtime.testkit.VirtualClock;

/**
 * A domain under random operations: everything that clients, workers and time can do to it. Called
 * by one thread at a time.
 */
final class RandomRun {
    private static final List<TaskType> TYPES = List.of(TaskType.values());
    private static final List<QueuePolicy> TIES = List.of(QueuePolicy.values());
    private static final int MOST_UNFINISHED = 2_000;

    final RecordingListener listener = new RecordingListener();
    final VirtualClock clock = new VirtualClock();
    final DomainKernel kernel;

    private final SplittableRandom random;
    private final PolicyContext context;
    private final List<TaskId> admitted = new ArrayList<>();
    private final List<TaskEntry> onWorkers = new ArrayList<>();
    private final List<TaskEntry> blocked = new ArrayList<>();
    private final PolicyDescriptor descriptor;
    private final Function<PolicyContext, Policy> maker;

    RandomRun(
            PolicyDescriptor descriptor,
            Function<PolicyContext, Policy> maker,
            PolicyContext context,
            long seed) {
        this.descriptor = descriptor;
        this.maker = maker;
        this.context = context;
        this.random = new SplittableRandom(seed);
        KernelSettings settings =
                new KernelSettings(
                        new PriorityConfig(
                                context.minPriority(),
                                context.maxPriority(),
                                context.minPriority(),
                                PriorityProtocol.INHERITANCE),
                        TIES.get(random.nextInt(TIES.size())),
                        0,
                        context.slots(),
                        context.quantumNanos(),
                        100,
                        Durability.VOLATILE,
                        false);
        kernel =
                new DomainKernel(
                        DomainId.of("contract"), settings, listener, new SplittableRandom(seed));
        useTested();
    }

    void useTested() {
        Policy policy = maker.apply(new ClockedContext(context, clock::nanos, random.split()));
        kernel.usePolicy(PolicyBinding.of(policy, descriptor, "tested"), now());
    }

    void useFallback() {
        kernel.usePolicy(SafeFifo.BINDING, now());
    }

    Now now() {
        return new Now(clock.nanos(), clock.instant());
    }

    List<TaskId> admitted() {
        return admitted;
    }

    /** One random operation. */
    void step() {
        int dice = random.nextInt(100);
        if (dice < 30) admit();
        else if (dice < 60) pick();
        else if (dice < 85) endOrLeave();
        else if (dice < 88) wake();
        else if (dice < 91) changePriority();
        else if (dice < 93) cancel();
        else if (dice < 95) suspendOrResume();
        else pass(random.nextLong(5_000_000));
    }

    /** Admits so many tasks at once that wait for nothing. */
    void admitIndependent(int count) {
        List<Admission> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TaskRequest request =
                    TaskRequest.of(TaskType.COMPUTATION)
                            .priority(
                                    random.nextInt(
                                            context.minPriority(), context.maxPriority() + 1))
                            .relativeDeadline(micros(1, 50_000))
                            .estimatedDuration(micros(1, 5_000))
                            .build();
            batch.add(new Admission(TaskId.of(clock.instant(), random), request, "contract"));
        }
        kernel.admit(batch, now());
    }

    /** Runs the next task to its end. */
    TaskEntry runOne() {
        TaskEntry entry = requireNonNull(kernel.pick(0, now()), "a task is ready");
        kernel.finished(entry, new Outcome.Succeeded(null), now());
        return entry;
    }

    /** Runs everything that is left to its end. */
    void drain() {
        for (TaskEntry entry : entries()) {
            if (entry.phase() == TaskPhase.SUSPENDED) kernel.resume(entry.taskId(), now());
        }
        while (kernel.unfinished() > 0) {
            while (!blocked.isEmpty()) wake();
            TaskEntry picked = kernel.pick(0, now());
            if (picked != null) onWorkers.add(picked);
            if (!onWorkers.isEmpty()) {
                end(onWorkers.removeLast(), new Outcome.Succeeded(null));
                continue;
            }
            if (picked == null) {
                long next = kernel.nextTimerNanos();
                assertThat(next)
                        .as("%d tasks are left and nothing will happen", kernel.unfinished())
                        .isLessThan(Long.MAX_VALUE);
                pass(Math.max(1, next - clock.nanos()));
            }
        }
    }

    private void admit() {
        if (kernel.unfinished() > MOST_UNFINISHED) return;
        List<Admission> batch = new ArrayList<>();
        int size = 1 + random.nextInt(4);
        for (int i = 0; i < size; i++) {
            TaskId id = TaskId.of(clock.instant(), random);
            batch.add(new Admission(id, request(i, size), "contract"));
        }
        for (TaskEntry entry : kernel.admit(batch, now())) admitted.add(entry.taskId());
    }

    private TaskRequest request(int index, int size) {
        TaskRequest.Builder request = TaskRequest.of(TYPES.get(random.nextInt(TYPES.size())));
        request.priority(random.nextInt(context.minPriority(), context.maxPriority() + 1));
        if (random.nextInt(3) == 0) request.relativeDeadline(micros(1, 50_000));
        if (random.nextInt(3) == 0) request.estimatedDuration(micros(1, 5_000));
        if (random.nextInt(10) == 0) request.runAt(clock.instant().plus(micros(1, 5_000)));
        if (random.nextInt(10) == 0) request.timeout(micros(1, 20_000));
        if (random.nextInt(4) == 0) request.maxRetries(2);
        if (index + 1 < size && random.nextInt(3) == 0) {
            request.dependsOn(DependencyRequest.success(new TaskRef.InBatch(index + 1)));
        }
        return request.build();
    }

    private Duration micros(int least, int beyond) {
        return Duration.ofNanos(1_000L * random.nextInt(least, beyond));
    }

    private void pick() {
        if (onWorkers.size() >= context.slots()) return;
        TaskEntry entry = kernel.pick(onWorkers.size(), now());
        if (entry == null) return;
        assertThat(entry.phase()).isIn(TaskPhase.RUNNING, TaskPhase.CANCELLING);
        listener.note(entry.seq());
        assertThat(kernel.quantumNanos(entry)).isNotNegative();
        onWorkers.add(entry);
    }

    private void endOrLeave() {
        if (onWorkers.isEmpty()) return;
        int slot = random.nextInt(onWorkers.size());
        int dice = random.nextInt(24);
        if (dice >= 20) {
            rotate(slot);
            return;
        }
        TaskEntry entry = onWorkers.remove(slot);
        switch (dice) {
            case 0 -> leave(entry, SliceEnd.PREEMPTED);
            case 1 -> leave(entry, SliceEnd.QUANTUM);
            case 2 -> leave(entry, SliceEnd.YIELDED);
            case 3 -> {
                leave(entry, SliceEnd.BLOCKED);
                blocked.add(entry);
            }
            case 4, 5 ->
                    end(
                            entry,
                            new Outcome.Failed(
                                    RuntimeErrorCode.SCHEDULER_ERROR, "by chance", Map.of(), true));
            case 6 -> end(entry, new Outcome.Requeued());
            default -> end(entry, new Outcome.Succeeded(null));
        }
    }

    private void rotate(int slot) {
        TaskEntry entry = onWorkers.get(slot);
        charge(entry);
        TaskEntry next = kernel.rotate(entry, slot, now());
        if (next == null) onWorkers.remove(slot);
        else onWorkers.set(slot, next);
        if (next != null) {
            assertThat(next.phase()).isIn(TaskPhase.RUNNING, TaskPhase.CANCELLING);
            listener.note(next.seq());
        }
    }

    private void leave(TaskEntry entry, SliceEnd why) {
        charge(entry);
        kernel.leave(entry, why, now());
    }

    private void end(TaskEntry entry, Outcome outcome) {
        charge(entry);
        kernel.finished(entry, outcome, now());
    }

    private void charge(TaskEntry entry) {
        kernel.charge(
                entry,
                new Measured(
                        random.nextInt(1, 100_000),
                        MeasurementAccuracy.EXACT,
                        0,
                        OptionalLong.empty(),
                        OptionalLong.empty()));
    }

    private void wake() {
        if (blocked.isEmpty()) return;
        kernel.woken(blocked.remove(random.nextInt(blocked.size())), now());
    }

    private void changePriority() {
        TaskEntry entry = anyUnfinished();
        if (entry == null) return;
        int priority = random.nextInt(context.minPriority(), context.maxPriority() + 1);
        kernel.changePriority(entry.taskId(), priority, now());
    }

    private void cancel() {
        TaskEntry entry = anyUnfinished();
        if (entry != null) kernel.cancel(entry.taskId(), null, now());
    }

    private void suspendOrResume() {
        TaskEntry entry = anyUnfinished();
        if (entry == null || entry.started()) return;
        if (entry.phase() == TaskPhase.SUSPENDED) kernel.resume(entry.taskId(), now());
        else kernel.suspend(entry.taskId(), now());
    }

    private void pass(long nanos) {
        clock.advance(Duration.ofNanos(nanos));
        kernel.advance(now());
    }

    private @Nullable TaskEntry anyUnfinished() {
        for (int tries = 0; tries < 5 && !admitted.isEmpty(); tries++) {
            int recent = Math.min(admitted.size(), MOST_UNFINISHED);
            TaskId id = admitted.get(admitted.size() - 1 - random.nextInt(recent));
            TaskEntry entry = kernel.entry(id).orElse(null);
            if (entry != null && !entry.isFinal()) return entry;
        }
        return null;
    }

    private List<TaskEntry> entries() {
        return admitted.stream().flatMap(id -> kernel.entry(id).stream()).toList();
    }
}
