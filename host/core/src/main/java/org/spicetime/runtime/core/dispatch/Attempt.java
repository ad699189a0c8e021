// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.handler.HeldLock;
import org.spicetime.runtime.api.handler.TaskCancelledException;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.network.NetworkClient;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.history.TaskLogs;
import org.spicetime.runtime.core.memory.TaskArena;
import org.spicetime.runtime.core.poll.PollContext;
import org.spicetime.runtime.core.waiting.SlotHolder;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * One attempt of a task, and what its handler sees of the host. The worker that runs it owns the
 * arena; a stop may be asked for by any thread; it is settled once, under the guard.
 */
final class Attempt extends PollContext implements TaskContext, SlotHolder {

    /** No slot: it waits for one at a checkpoint, or ends without. */
    static final int NO_SLOT = -1;

    /** Who runs the attempt. */
    interface Runner {
        /** Told of progress. Any thread. */
        void progress(Attempt attempt, double ratio);

        /** Where the lines of its log go; null: it is over. Any thread. */
        TaskLogs.@Nullable AttemptLog log(Attempt attempt);

        /**
         * The handler is at a safe point and was asked to give way; returns when it may go on. On
         * the worker of the attempt.
         */
        void giveWay(Attempt attempt, Meter meter);

        /**
         * The handler is about to wait. On the worker of the attempt.
         *
         * @return whether it has left its slot
         */
        boolean leaveSlot(Attempt attempt, Meter meter, WaitReason why, @Nullable String resource);

        /**
         * The handler, which left its slot, has waited; returns when it may go on. On the worker of
         * the attempt.
         */
        void takeSlot(Attempt attempt, Meter meter);
    }

    /* Set at the pick, under the guard. */
    final TaskEntry entry;
    final int number;
    final Worker worker;
    private final Surroundings surroundings;
    private final Map<TaskId, Payload> inputs;
    private final Runner runner;

    /* Guarded by the domain's guard. */
    boolean settled;
    int slot;
    long graceEnds = Long.MAX_VALUE;

    /* Owned by the worker; read by the timer for the last word on an attempt left behind. */
    volatile long cpuAtStart;
    private volatile @Nullable TaskArena arena;
    private volatile @Nullable StopCause stop;
    private volatile TaskLogs.@Nullable AttemptLog log;
    private @Nullable Meter meter;
    private int waitsNested;
    private boolean offSlot;

    /* Set by any thread, cleared by the worker at a checkpoint. */
    private volatile boolean toGiveWay;

    /* Written under the guard; read by the worker without. */
    private volatile boolean waiting;

    /* Guarded by this: a thread is interrupted only while it works for this attempt. */
    private boolean over;

    Attempt(
            TaskEntry entry,
            int slot,
            Worker worker,
            Surroundings surroundings,
            Map<TaskId, Payload> inputs,
            Runner runner) {
        this.entry = entry;
        this.number = entry.attempt();
        this.slot = slot;
        this.worker = worker;
        this.surroundings = surroundings;
        this.inputs = inputs;
        this.runner = runner;
    }

    /** The handler is about to be called. On the worker. */
    void begin(Meter itsMeter) {
        meter = itsMeter;
        cpuAtStart = itsMeter.start();
    }

    /**
     * Asks the handler to give way at its next checkpoint, or at its next poll if that is first.
     */
    void askToGiveWay(boolean atPolls) {
        toGiveWay = true;
        if (atPolls) {
            askGiveWay();
        }
    }

    /** It has no slot from now on, and waits for one. Under the guard. */
    void loseSlot() {
        slot = NO_SLOT;
        waiting = true;
    }

    /** It has a slot again, or goes on without one, to end; its thread is to be woken. */
    void goOn(int newSlot) {
        slot = newSlot;
        waiting = false;
    }

    /** Whether it waits for a slot. */
    boolean waits() {
        return waiting;
    }

    /** Waits until it may go on. On the worker. */
    void awaitSlot() {
        boolean interrupted = false;
        while (waiting) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    Surroundings surroundings() {
        return surroundings;
    }

    @Nullable StopCause stop() {
        return stop;
    }

    /** Asks the attempt to end. The first reason counts. */
    void requestStop(StopCause why) {
        if (stop == null) {
            stop = why;
        }
        askEnd();
    }

    /** Interrupts the handler, unless it has returned. */
    synchronized void interrupt() {
        if (!over) {
            worker.thread().interrupt();
        }
    }

    /** The handler has returned: no interrupt of it may reach the next attempt. */
    synchronized void over() {
        over = true;
        Thread.interrupted();
    }

    /**
     * Has the memory kept that the task asked for; waits until there is enough. On the worker.
     *
     * @throws InterruptedException if the attempt is to end meanwhile
     */
    void reserveMemory() throws InterruptedException {
        OptionalLong wanted = entry.request().memory();
        if (wanted.isPresent()) {
            arena = surroundings.pool().reservations().openArena(task(), wanted.getAsLong());
        }
    }

    @Nullable TaskArena arenaIfOpen() {
        return arena;
    }

    long poolPeakBytes() {
        TaskArena open = arena;
        return open == null ? 0 : open.peakBytes();
    }

    @Override
    public TaskId task() {
        return entry.taskId();
    }

    @Override
    public DomainId domain() {
        return surroundings.domain();
    }

    @Override
    public int attempt() {
        return number;
    }

    @Override
    public long epoch() {
        return surroundings.epoch();
    }

    @Override
    public Optional<String> idempotencyKey() {
        return Optional.ofNullable(entry.request().idempotencyKey());
    }

    @Override
    public Map<TaskId, Payload> inputs() {
        return inputs;
    }

    @Override
    public Arena arena() {
        checkThread();
        TaskArena open = arena;
        if (open == null) {
            open = surroundings.pool().openArena(task());
            arena = open;
        }
        return open;
    }

    @Override
    public MemoryMetrics poolMetrics() {
        return surroundings.pool().metrics();
    }

    @Override
    public CollectionReport collectPool(boolean compact) {
        checkThread();
        return surroundings.pool().collect(compact);
    }

    @Override
    public NetworkClient network() {
        return surroundings.network();
    }

    @Override
    public void checkpoint() {
        endIfAsked();
        if (toGiveWay && Thread.currentThread().equals(worker.thread())) {
            giveWay();
            endIfAsked();
        }
    }

    /** At a checkpoint or a poll, on the thread of the worker: others have no context. */
    @Override
    protected void giveWay() {
        answered();
        if (waitsNested == 0) {
            runner.giveWay(this, meter());
        }
    }

    private void answered() {
        toGiveWay = false;
        quiet();
    }

    @Override
    protected RuntimeException ending() {
        return new TaskCancelledException(Objects.requireNonNull(stop, "stop").message());
    }

    @Override
    public <T extends @Nullable Object> T blocking(Callable<T> call) throws Exception {
        checkThread();
        endIfAsked();
        leaveSlot(WaitReason.IO, null);
        try {
            return call.call();
        } finally {
            takeSlot();
        }
    }

    @Override
    public void leaveSlot(WaitReason why, @Nullable String resource) {
        if (waitsNested == 0) {
            answered();
            offSlot = runner.leaveSlot(this, meter(), why, resource);
        }
        waitsNested++;
    }

    @Override
    public void takeSlot() {
        waitsNested--;
        if (waitsNested == 0 && offSlot) {
            offSlot = false;
            runner.takeSlot(this, meter());
        }
    }

    private Meter meter() {
        return Objects.requireNonNull(meter, "meter");
    }

    @Override
    public HeldLock lock(String name) {
        throw locksAreNotThere();
    }

    @Override
    public Optional<HeldLock> tryLock(String name, Duration atMost) {
        throw locksAreNotThere();
    }

    private static RefusedException locksAreNotThere() {
        return RefusedException.notAvailable("lock", "a lock of the domain", List.of());
    }

    private void endIfAsked() {
        StopCause why = stop;
        if (why != null) {
            throw new TaskCancelledException(why.message());
        }
    }

    @Override
    public boolean cancelled() {
        return stop != null;
    }

    @Override
    public void progress(double ratio) {
        checkThread();
        if (!Double.isNaN(ratio)) {
            runner.progress(this, Math.clamp(ratio, 0.0, 1.0));
        }
    }

    @Override
    public void log(LogLevel level, String message) {
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(message, "message");
        TaskLogs.AttemptLog open = log;
        if (open == null) {
            open = runner.log(this);
            log = open;
        }
        if (open != null) {
            open.add(level, message);
        }
    }

    private void checkThread() {
        if (!Thread.currentThread().equals(worker.thread())) {
            throw new IllegalStateException(
                    "the context of task "
                            + task()
                            + " belongs to thread "
                            + worker.thread().getName()
                            + ", was used by "
                            + Thread.currentThread().getName());
        }
    }
}
