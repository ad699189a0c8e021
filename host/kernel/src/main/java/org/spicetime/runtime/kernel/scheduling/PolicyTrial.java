// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * The operation checker: puts a policy in charge of a queue that nobody needs, on a clock that
 * passes only when told to, and does to it whatever a domain does, with the same checks. Of the
 * tasks it is given some look like those it is meant for. The same policy sees the same trial each
 * time. Used once, by one thread, which a policy that hangs does not come back from.
 */
public final class PolicyTrial {
    /** Most tasks of the real queue that the trial imitates. */
    public static final int MOST_SHOWN = 256;

    private static final int OPERATIONS = 4_000;
    private static final int MADE_UP = 64;
    private static final int AUDIT_EVERY = 200;
    private static final int WAITS = 10_000;
    private static final int MOST_QUEUED = 1_000;

    private final PolicyContext domain;
    private final SplittableRandom random;
    private final List<PolicyEjection> faults = new ArrayList<>();
    private final PolicySeat seat = new PolicySeat(QueuePolicy.FIFO, faults::add);
    private final List<TrialTask> queued = new ArrayList<>();
    private final List<TrialTask> running = new ArrayList<>();
    private final ArrayDeque<TrialTask> blocked = new ArrayDeque<>();
    private long now;

    /**
     * A trial for a domain.
     *
     * @param domain its slots, priorities and quantum count; its clock and chance do not
     * @param seed of the operations
     */
    public PolicyTrial(PolicyContext domain, long seed) {
        this.domain = domain;
        this.random = new SplittableRandom(seed);
    }

    /** What the instance on trial is to be made with: the clock and the chance of the trial. */
    public PolicyContext context() {
        LongSupplier clock = () -> now;
        RandomGenerator rng = random.split();
        return new PolicyEnvironment(
                clock,
                rng,
                domain.slots(),
                domain.minPriority(),
                domain.maxPriority(),
                domain.quantumNanos());
    }

    /**
     * Tries an instance.
     *
     * @param binding made with {@link #context}
     * @param shown tasks of the real queue, as they were; the first {@link #MOST_SHOWN} count
     * @return what it is at fault for; null: nothing was found
     */
    public @Nullable PolicyEjection run(PolicyBinding binding, List<? extends TaskView> shown) {
        shown.stream()
                .limit(MOST_SHOWN)
                .forEach(view -> enqueue(TrialTask.like(view), EnqueueReason.NEW));
        for (int i = 0; i < MADE_UP; i++) enqueue(madeUp(), EnqueueReason.NEW);
        seat.use(binding, now);
        finishChange();
        for (int i = 0; i < OPERATIONS && faults.isEmpty(); i++) {
            now += random.nextInt(20_000);
            operate();
            if (i % AUDIT_EVERY == 0) seat.audit(now);
        }
        if (faults.isEmpty()) drain(binding);
        return faults.isEmpty() ? null : faults.getFirst();
    }

    private void finishChange() {
        while (seat.changing()) {
            now = Math.max(now, seat.nextDecision());
            seat.takeOver(now);
        }
    }

    private void operate() {
        int dice = random.nextInt(100);
        if (dice < 34) {
            if (queued.size() < MOST_QUEUED) enqueue(madeUp(), EnqueueReason.NEW);
        } else if (dice < 64) pick(random.nextInt(8) == 0);
        else if (dice < 84) leaveSlot();
        else if (dice < 88) wake();
        else if (dice < 92) remove();
        else if (dice < 97) change();
        else if (dice < 98) compare();
        else if (dice < 99) seat.foresee(now);
        else seat.describe(now);
    }

    private TrialTask madeUp() {
        return TrialTask.madeUp(random, now, domain.minPriority(), domain.maxPriority());
    }

    private void enqueue(TrialTask task, EnqueueReason reason) {
        if (task.seq == 0) task.seq = seat.nextSeq();
        queued.add(task);
        seat.enqueue(task, reason, now);
    }

    private void pick(boolean startedOnly) {
        if (running.size() >= domain.slots()) {
            leaveSlot();
            return;
        }
        if (!(seat.pick(running.size(), now, startedOnly) instanceof TrialTask task)) return;
        queued.remove(task);
        task.started = true;
        running.add(task);
        seat.quantum(task, now);
    }

    private void leaveSlot() {
        if (running.isEmpty()) return;
        TrialTask task = running.remove(random.nextInt(running.size()));
        long used = 1L + random.nextInt(200_000);
        task.consumed += used;
        int dice = random.nextInt(10);
        SliceEnd end =
                switch (dice) {
                    case 0 -> SliceEnd.PREEMPTED;
                    case 1 -> SliceEnd.QUANTUM;
                    case 2 -> SliceEnd.YIELDED;
                    case 3 -> SliceEnd.BLOCKED;
                    default -> SliceEnd.FINISHED;
                };
        seat.charge(task, used, used + random.nextInt(1_000), end, now);
        switch (end) {
            case PREEMPTED -> enqueue(task, EnqueueReason.PREEMPTED);
            case QUANTUM -> enqueue(task, EnqueueReason.EXPIRED);
            case YIELDED -> enqueue(task, EnqueueReason.YIELDED);
            case BLOCKED -> blocked.add(task);
            case FINISHED -> {}
        }
    }

    private void wake() {
        TrialTask task = blocked.poll();
        if (task != null) enqueue(task, EnqueueReason.WOKEN);
    }

    private void remove() {
        if (queued.isEmpty()) return;
        TrialTask task = queued.remove(random.nextInt(queued.size()));
        seat.remove(task, now);
        if (random.nextBoolean()) enqueue(task, EnqueueReason.WOKEN);
        else seat.forget(task);
    }

    private void change() {
        TrialTask task = anyOf(random.nextInt(4) == 0 ? running : queued);
        if (task == null) return;
        switch (random.nextInt(3)) {
            case 0 -> {
                task.priority = random.nextInt(domain.minPriority(), domain.maxPriority() + 1);
                seat.changed(task, Change.PRIORITY, now);
            }
            case 1 -> {
                task.deadline = now + random.nextLong(1_000_000_000L);
                seat.changed(task, Change.DEADLINE, now);
            }
            default -> {
                task.estimated = random.nextLong(10_000_000);
                seat.changed(task, Change.ESTIMATE, now);
            }
        }
    }

    private void compare() {
        TrialTask left = anyOf(running);
        TrialTask right = anyOf(queued);
        if (left != null && right != null) seat.moreUrgent(left, right, now);
    }

    private @Nullable TrialTask anyOf(List<TrialTask> tasks) {
        return tasks.isEmpty() ? null : tasks.get(random.nextInt(tasks.size()));
    }

    /* Everything is run to its end; a policy may let time pass in between, but not for ever. */
    private void drain(PolicyBinding binding) {
        while (!blocked.isEmpty()) wake();
        for (TrialTask task : running) seat.charge(task, 1, 1, SliceEnd.FINISHED, now);
        running.clear();
        int waits = 0;
        while (faults.isEmpty() && seat.size() > 0) {
            if (seat.pick(0, now, false) instanceof TrialTask task) {
                seat.quantum(task, now);
                seat.charge(task, 1_000, 1_000, SliceEnd.FINISHED, now);
                now += 1_000;
            } else if (faults.isEmpty()) {
                now = Math.max(now, seat.nextDecision());
                seat.decisionDue(now);
                if (++waits > WAITS) {
                    seat.fallBack(
                            EjectionReason.STARVATION,
                            binding.name()
                                    + " put off "
                                    + seat.size()
                                    + " ready tasks "
                                    + WAITS
                                    + " times",
                            now);
                }
            }
        }
        if (faults.isEmpty()) seat.audit(now);
    }
}
