// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import static org.spicetime.runtime.testkit.scheduling.Promise.require;

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
import org.spicetime.runtime.api.domain.PreemptionConfig;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
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
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
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
    private static final int RECENT = 2_048;

    final RecordingListener listener = new RecordingListener();
    final VirtualClock clock = new VirtualClock();
    final DomainKernel kernel;

    private final SplittableRandom random;
    private final PolicyContext context;
    private final int mostUnfinished;
    private final TaskId[] recent = new TaskId[RECENT];
    private final List<TaskEntry> onWorkers = new ArrayList<>();
    private final List<TaskEntry> blocked = new ArrayList<>();
    private final PolicyDescriptor descriptor;
    private final Function<PolicyContext, Policy> maker;
    private final @Nullable OrderModel model;
    private long admitted;
    private Now now;

    /**
     * A run that has not begun.
     *
     * @param mostUnfinished tasks there are at a time
     * @param checked whether each pick of a keyed policy is compared with a model
     */
    RandomRun(
            PolicyDescriptor descriptor,
            Function<PolicyContext, Policy> maker,
            PolicyContext context,
            long seed,
            int mostUnfinished,
            boolean checked) {
        this.descriptor = descriptor;
        this.maker = maker;
        this.context = context;
        this.mostUnfinished = mostUnfinished;
        this.random = new SplittableRandom(seed);
        this.now = new Now(clock.nanos(), clock.instant());
        QueuePolicy ties = TIES.get(random.nextInt(TIES.size()));
        kernel =
                new DomainKernel(
                        DomainId.of("contract"),
                        settings(ties).with(preemption()),
                        listener,
                        new SplittableRandom(seed));
        model = checked && make() instanceof KeyedPolicy keyed ? new OrderModel(keyed, ties) : null;
        listener.model = model;
        useTested();
    }

    private KernelSettings settings(QueuePolicy ties) {
        return new KernelSettings(
                new PriorityConfig(
                        context.minPriority(),
                        context.maxPriority(),
                        context.minPriority(),
                        PriorityProtocol.INHERITANCE),
                ties,
                0,
                context.slots(),
                context.quantumNanos(),
                100,
                Durability.VOLATILE,
                false);
    }

    private PreemptionConfig preemption() {
        return new PreemptionConfig(random.nextBoolean(), PreemptionMode.FULL);
    }

    private Policy make() {
        return maker.apply(new ClockedContext(context, clock::nanos, random.split()));
    }

    void useTested() {
        kernel.usePolicy(PolicyBinding.of(make(), descriptor, "tested"), now);
    }

    void useFallback() {
        kernel.usePolicy(SafeFifo.BINDING, now);
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

    /** Has the kernel compare what the policy holds with what is queued. */
    void audit() {
        kernel.audit(now);
        requireInCharge();
    }

    /** Runs everything that is left to its end; each task that was admitted has ended once then. */
    void finish() {
        audit();
        drain();
        audit();
        require(
                listener.ends == admitted,
                "%d tasks were admitted and %d have ended",
                admitted,
                listener.ends);
    }

    private void drain() {
        List<TaskEntry> held = new ArrayList<>();
        kernel.forEach(entry -> {
            if (entry.phase() == TaskPhase.SUSPENDED) held.add(entry);
        });
        for (TaskEntry entry : held) kernel.resume(entry.taskId(), now);
        while (kernel.unfinished() > 0) {
            while (!blocked.isEmpty()) wake();
            TaskEntry picked = pickOne();
            if (picked != null) onWorkers.add(picked);
            if (!onWorkers.isEmpty()) {
                end(onWorkers.removeLast(), new Outcome.Succeeded(null));
                continue;
            }
            if (picked == null) {
                long next = kernel.nextTimerNanos();
                require(
                        next < Long.MAX_VALUE,
                        "%d tasks are left and nothing will happen any more",
                        kernel.unfinished());
                pass(Math.max(1, next - clock.nanos()));
            }
        }
    }

    private void admit() {
        if (kernel.unfinished() > mostUnfinished) return;
        List<Admission> batch = new ArrayList<>();
        int size = 1 + random.nextInt(4);
        for (int i = 0; i < size; i++) {
            TaskId id = TaskId.of(clock.instant(), random);
            batch.add(new Admission(id, request(i, size), "contract"));
        }
        for (TaskEntry entry : kernel.admit(batch, now)) {
            recent[(int) (admitted++ % RECENT)] = entry.taskId();
        }
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
        TaskEntry entry = pickOne();
        if (entry == null) return;
        listener.note(entry.seq());
        onWorkers.add(entry);
    }

    private @Nullable TaskEntry pickOne() {
        TaskEntry expected = expected(null);
        TaskEntry entry = kernel.pick(onWorkers.size(), now);
        requireInCharge();
        if (entry != null) requireOnWorker(entry);
        requireOrder(expected, entry);
        return entry;
    }

    private @Nullable TaskEntry expected(@Nullable TaskEntry more) {
        return model == null ? null : model.next(kernel, atCap(), more);
    }

    /* Then only started ones are picked. */
    private boolean atCap() {
        int[] started = {0};
        kernel.forEach(entry -> {
            if (entry.started()) started[0]++;
        });
        return started[0] >= kernel.settings().maxStarted();
    }

    private void requireOrder(@Nullable TaskEntry expected, @Nullable TaskEntry picked) {
        OrderModel order = model;
        if (order == null) return;
        boolean right =
                expected == null || picked == null
                        ? expected == picked
                        : order.alike(expected, picked);
        require(
                right,
                "the task picked is %s; by key, tie and turn it should be %s. A key must be a"
                        + " function of the view alone",
                picked,
                expected);
    }

    private void requireInCharge() {
        if (listener.ejections.isEmpty()) return;
        PolicyEjection ejection = listener.ejections.getFirst();
        throw new AssertionError(
                "the host ejected the policy for "
                        + ejection.reason()
                        + ": "
                        + ejection.message()
                        + ". "
                        + ejection.report());
    }

    private static void requireOnWorker(TaskEntry entry) {
        require(
                entry.phase() == TaskPhase.RUNNING || entry.phase() == TaskPhase.CANCELLING,
                "%s was picked and does not run",
                entry);
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
            case 0 -> leave(entry, SliceEnd.PREEMPTED, EnqueueReason.PREEMPTED);
            case 1 -> leave(entry, SliceEnd.QUANTUM, EnqueueReason.EXPIRED);
            case 2 -> leave(entry, SliceEnd.YIELDED, EnqueueReason.YIELDED);
            case 3 -> {
                charge(entry);
                kernel.leave(entry, SliceEnd.BLOCKED, now);
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
        boolean asked = entry.stopReason() == null && kernel.ready() > 0;
        TaskEntry expected = entry;
        if (asked && model != null) {
            long quantum = kernel.quantumNanos(entry);
            boolean over = quantum > 0 && clock.nanos() - entry.dispatchedAtNanos() >= quantum;
            model.queued(entry, over ? EnqueueReason.EXPIRED : EnqueueReason.PREEMPTED);
            expected = expected(entry);
        }
        TaskEntry next = kernel.rotate(entry, slot, now);
        requireInCharge();
        requireOrder(expected, next);
        if (next == null) {
            onWorkers.remove(slot);
            return;
        }
        onWorkers.set(slot, next);
        requireOnWorker(next);
        listener.note(next.seq());
    }

    private void leave(TaskEntry entry, SliceEnd why, EnqueueReason back) {
        charge(entry);
        if (model != null) model.queued(entry, back);
        kernel.leave(entry, why, now);
    }

    private void end(TaskEntry entry, Outcome outcome) {
        charge(entry);
        kernel.finished(entry, outcome, now);
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
        TaskEntry entry = blocked.remove(random.nextInt(blocked.size()));
        if (model != null) model.queued(entry, EnqueueReason.WOKEN);
        kernel.woken(entry, now);
    }

    private void changePriority() {
        TaskEntry entry = anyUnfinished();
        if (entry == null) return;
        int priority = random.nextInt(context.minPriority(), context.maxPriority() + 1);
        kernel.changePriority(entry.taskId(), priority, now);
    }

    private void cancel() {
        TaskEntry entry = anyUnfinished();
        if (entry != null) kernel.cancel(entry.taskId(), null, now);
    }

    private void suspendOrResume() {
        TaskEntry entry = anyUnfinished();
        if (entry == null || entry.started()) return;
        if (entry.phase() == TaskPhase.SUSPENDED) kernel.resume(entry.taskId(), now);
        else kernel.suspend(entry.taskId(), now);
    }

    private void pass(long nanos) {
        clock.advance(Duration.ofNanos(nanos));
        now = new Now(clock.nanos(), clock.instant());
        kernel.advance(now);
    }

    private @Nullable TaskEntry anyUnfinished() {
        for (int tries = 0; tries < 5 && admitted > 0; tries++) {
            long back = random.nextLong(Math.min(admitted, RECENT));
            TaskId id = recent[(int) ((admitted - 1 - back) % RECENT)];
            TaskEntry entry = kernel.entry(id).orElse(null);
            if (entry != null && !entry.isFinal()) return entry;
        }
        return null;
    }
}
