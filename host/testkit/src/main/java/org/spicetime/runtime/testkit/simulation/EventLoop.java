// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
import org.spicetime.runtime.kernel.scheduling.PolicyEnvironment;
import org.spicetime.runtime.kernel.task.Admission;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.KernelListener;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.Outcome;
import org.spicetime.runtime.kernel.task.StopReason;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * One run. At each instant, in this order: what ran until now is charged, and ends or blocks;
 * timers fire; policies are swapped; waiting tasks wake, then tasks are released; idle slots are
 * filled; tasks that were asked to give way, and can, do so. Called by one thread at a time.
 */
final class EventLoop implements KernelListener {
    /** Instants in a row at which nobody runs and nobody comes, before the run is given up. */
    private static final int MOST_IDLE = 100_000;

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Outcome DONE = new Outcome.Succeeded(null);

    private final Simulation simulation;
    private final DomainKernel kernel;
    private final SplittableRandom policyRandom;
    private final SplittableRandom ids;
    private final @Nullable Job[] slots;
    private final PriorityQueue<Releases> releases = new PriorityQueue<>();
    private final PriorityQueue<Job> asleep =
            new PriorityQueue<>(
                    Comparator.comparingLong((Job job) -> job.wakeAt)
                            .thenComparingInt(job -> job.releases.index)
                            .thenComparingInt(job -> job.number));
    private final PriorityQueue<Simulation.Swap> swaps =
            new PriorityQueue<>(Comparator.comparingLong(Simulation.Swap::time));
    private final List<Job> arriving = new ArrayList<>();
    private final List<Admission> batch = new ArrayList<>();
    private final Trace trace;
    private @Nullable PolicyEjection ejection;
    private boolean someAsked;
    private Now now = new Now(0, START);

    EventLoop(Simulation simulation) {
        this.simulation = simulation;
        SplittableRandom random = new SplittableRandom(simulation.seed);
        policyRandom = random.split();
        ids = random.split();
        slots = new Job[simulation.slots];
        trace = new Trace(simulation.slots, simulation.unitNanos);
        int index = 0;
        for (SimulatedTask task : simulation.tasks) {
            releases.add(new Releases(task, index++, simulation.unitNanos));
        }
        swaps.addAll(simulation.swaps);
        kernel =
                new DomainKernel(
                        DomainId.of("simulation"), simulation.settings(), this, random.split());
        use(simulation.policy);
    }

    SimulationResult run(long horizon) {
        int idle = 0;
        while (true) {
            instant(horizon);
            if (kernel.unfinished() == 0 && nextRelease(horizon) == Long.MAX_VALUE) break;
            long next = next(horizon);
            boolean nobody = nobodyRuns() && asleep.isEmpty();
            idle = nobody && nextRelease(horizon) == Long.MAX_VALUE ? idle + 1 : 0;
            if (next == Long.MAX_VALUE || idle > MOST_IDLE) throw stuck();
            now = new Now(next, START.plusNanos(next));
        }
        kernel.audit(now);
        requireTheSamePolicy();
        return new SimulationResult(simulation, trace, now.nanos());
    }

    private void instant(long horizon) {
        proceed();
        kernel.advance(now);
        swap();
        wake();
        release(horizon);
        do {
            if (kernel.nextTimerNanos() <= now.nanos()) kernel.advance(now);
            fill();
            if (someAsked) giveWay();
            requireTheSamePolicy();
        } while (operate() || kernel.nextTimerNanos() <= now.nanos());
    }

    /* Charges everybody before anybody ends, for policies look at all of them. */
    private void proceed() {
        for (Job job : slots) if (job != null) charge(job);
        for (Job job : slots) if (job != null && !job.runs()) stepDone(job);
    }

    private void charge(Job job) {
        long elapsed = now.nanos() - job.since;
        if (elapsed == 0) return;
        job.since = now.nanos();
        job.left -= elapsed;
        job.ran += elapsed;
        kernel.charge(
                entry(job),
                new Measured(
                        elapsed,
                        MeasurementAccuracy.EXACT,
                        0,
                        OptionalLong.empty(),
                        OptionalLong.empty()));
    }

    /* The end and a wait follow at once; everything else when the task is next to run. */
    private void stepDone(Job job) {
        job.nextStep();
        if (job.step == null) end(job);
        else if (job.step instanceof Step.Block(long span)) block(job, span);
    }

    private void end(Job job) {
        TaskEntry entry = entry(job);
        trace.slice(job, now.nanos(), SliceEnd.FINISHED);
        slots[job.slot] = null;
        kernel.finished(entry, DONE, now);
        trace.done(job, now.nanos(), entry.deadlineMissed());
    }

    private void block(Job job, long span) {
        trace.slice(job, now.nanos(), SliceEnd.BLOCKED);
        kernel.leave(entry(job), SliceEnd.BLOCKED, now);
        leaveSlot(job);
        job.wakeAt = Math.addExact(now.nanos(), Math.multiplyExact(span, simulation.unitNanos));
        asleep.add(job);
    }

    private void swap() {
        while (nextSwap() <= now.nanos()) {
            use(swaps.remove().policy());
        }
    }

    private void use(SimulatedPolicy policy) {
        PolicyEnvironment context =
                new PolicyEnvironment(
                        () -> now.nanos(),
                        policyRandom.split(),
                        simulation.slots,
                        simulation.priorities.min(),
                        simulation.priorities.max(),
                        simulation.quantumNanos());
        kernel.usePolicy(
                PolicyBinding.of(policy.create(context), policy.factory().descriptor(), null), now);
    }

    private void wake() {
        while (!asleep.isEmpty() && asleep.element().wakeAt <= now.nanos()) {
            Job job = asleep.remove();
            job.nextStep();
            kernel.woken(entry(job), now);
        }
    }

    private void release(long horizon) {
        if (nextRelease(horizon) > now.nanos()) return;
        while (nextRelease(horizon) <= now.nanos()) {
            Releases due = releases.remove();
            arriving.add(due.release());
            batch.add(due.admission(TaskId.of(now.instant(), ids)));
            if (due.next() != Long.MAX_VALUE) releases.add(due);
        }
        List<TaskEntry> entries = kernel.admit(batch, now);
        for (int i = 0; i < entries.size(); i++) {
            Job job = arriving.get(i);
            job.entry = entries.get(i);
            job.entry.attach(job);
        }
        arriving.clear();
        batch.clear();
    }

    private void fill() {
        for (int slot = 0; slot < slots.length && kernel.ready() > 0; slot++) {
            if (slots[slot] != null) continue;
            trace.decisions++;
            TaskEntry picked = kernel.pick(slot, now);
            if (picked == null) return;
            place(jobOf(picked), slot);
        }
    }

    private void place(Job job, int slot) {
        slots[slot] = job;
        job.slot = slot;
        job.since = now.nanos();
        job.sliceStart = now.nanos();
        job.asked = false;
        if (job.start < 0) job.start = now.nanos();
    }

    private void leaveSlot(Job job) {
        slots[job.slot] = null;
        job.slot = Job.NO_SLOT;
        job.asked = false;
    }

    private void giveWay() {
        boolean later = false;
        for (int slot = 0; slot < slots.length; slot++) {
            Job job = slots[slot];
            if (job == null || !job.asked) continue;
            if (job.toCheckpoint() == 0) rotate(job, slot);
            else later = true;
        }
        someAsked = later;
    }

    private void rotate(Job job, int slot) {
        TaskEntry entry = entry(job);
        long quantum = kernel.quantumNanos(entry);
        boolean over = quantum > 0 && now.nanos() - job.sliceStart >= quantum;
        SliceEnd why = over ? SliceEnd.QUANTUM : SliceEnd.PREEMPTED;
        job.asked = false;
        trace.decisions++;
        TaskEntry next = kernel.rotate(entry, slot, now);
        if (entry.equals(next)) {
            if (entry.dispatchedAtNanos() != now.nanos()) return;
            trace.slice(job, now.nanos(), why);
            job.sliceStart = now.nanos();
            return;
        }
        trace.slice(job, now.nanos(), why);
        job.preemptions++;
        leaveSlot(job);
        if (next != null) place(jobOf(next), slot);
    }

    /* Steps that take no time, of tasks that are next to run. True: somebody else may run now. */
    private boolean operate() {
        boolean changed = false;
        for (Job job : slots) {
            if (job == null) continue;
            switch (job.step) {
                case Step.Run run -> {
                    continue;
                }
                case Step.Block(long span) -> block(job, span);
                case Step.Lock(String name) -> lock(job, name);
                case Step.Unlock(String name) -> {
                    kernel.locks().giveBack(entry(job), name, now);
                    job.nextStep();
                }
                case null -> end(job);
            }
            changed = true;
        }
        return changed;
    }

    private void lock(Job job, String name) {
        TaskEntry entry = entry(job);
        if (job.awaitsLock || kernel.locks().take(entry, name, now)) {
            job.awaitsLock = false;
            job.nextStep();
            return;
        }
        kernel.locks().await(entry, name, now);
        trace.slice(job, now.nanos(), SliceEnd.BLOCKED);
        leaveSlot(job);
        job.awaitsLock = true;
    }

    private long next(long horizon) {
        long next = Math.min(nextRelease(horizon), kernel.nextTimerNanos());
        next = Math.min(next, nextSwap());
        if (!asleep.isEmpty()) next = Math.min(next, asleep.element().wakeAt);
        for (Job job : slots) {
            if (job == null) continue;
            next = Math.min(next, job.since + job.left);
            if (job.asked) next = Math.min(next, job.since + job.toCheckpoint());
        }
        return next;
    }

    private long nextRelease(long horizon) {
        Releases first = releases.peek();
        return first == null || first.next() >= horizon ? Long.MAX_VALUE : first.next();
    }

    private long nextSwap() {
        Simulation.Swap first = swaps.peek();
        return first == null
                ? Long.MAX_VALUE
                : Math.multiplyExact(first.time(), simulation.unitNanos);
    }

    private boolean nobodyRuns() {
        for (Job job : slots) if (job != null) return false;
        return true;
    }

    private IllegalStateException stuck() {
        List<String> left = new ArrayList<>();
        kernel.forEach(entry -> {
            if (!entry.isFinal()) left.add(jobOf(entry).releases.task.name());
        });
        return new IllegalStateException(
                "at "
                        + now.nanos() / simulation.unitNanos
                        + " nothing will happen any more, and these have not ended: "
                        + left);
    }

    private void requireTheSamePolicy() {
        PolicyEjection seen = ejection;
        if (seen != null) {
            throw new IllegalStateException(
                    "at "
                            + now.nanos() / simulation.unitNanos
                            + " the host would take the policy out of service: "
                            + seen);
        }
    }

    private static TaskEntry entry(Job job) {
        return requireNonNull(job.entry, "admitted");
    }

    private static Job jobOf(TaskEntry entry) {
        return (Job) requireNonNull(entry.attachment(), "released");
    }

    @Override
    public void giveWay(TaskEntry entry) {
        jobOf(entry).asked = true;
        someAsked = true;
    }

    @Override
    public void policyEjected(PolicyEjection seen) {
        ejection = seen;
    }

    @Override
    public void changed(TaskEntry entry) {}

    @Override
    public void becameReady(int count) {}

    @Override
    public void stopRequested(TaskEntry entry, StopReason why) {}

    @Override
    public void finished(TaskEntry entry) {}

    @Override
    public void missedDeadline(TaskEntry entry) {}
}
