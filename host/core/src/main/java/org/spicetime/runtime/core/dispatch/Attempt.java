// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.handler.HeldLock;
import org.spicetime.runtime.api.handler.TaskCancelledException;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.memory.TaskMemory;
import org.spicetime.runtime.api.network.NetworkClient;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.history.TaskLogs;
import org.spicetime.runtime.core.memory.TaskArena;
import org.spicetime.runtime.core.memory.handle.MemoryUser;
import org.spicetime.runtime.kernel.task.Measured;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * One attempt of a task, and what its handler sees of the host. The worker that runs it owns the
 * arena; a stop may be asked for by any thread; it is settled once, under the guard.
 */
final class Attempt extends Run implements TaskContext, MemoryUser {

    /** Who runs the attempt. */
    interface Runner extends Slots {
        /** Told of progress. Any thread. */
        void progress(Attempt attempt, double ratio);

        /** Where the lines of its log go; null: it is over. Any thread. */
        TaskLogs.@Nullable AttemptLog log(Attempt attempt);

        /** The locks of the domain. */
        LockPoints locks();
    }

    /* Set at the pick, under the guard. */
    final TaskEntry entry;
    final int number;
    private final int priority;
    private final Surroundings surroundings;
    private final Map<TaskId, Payload> inputs;
    private final Runner runner;

    private final @Nullable CompletableFuture<Boolean> startHolds;

    /* Owned by the worker. */
    private volatile @Nullable TaskArena arena;
    private volatile TaskLogs.@Nullable AttemptLog log;
    private @Nullable Meter meter;

    Attempt(
            TaskEntry entry,
            int slot,
            Worker worker,
            Surroundings surroundings,
            Map<TaskId, Payload> inputs,
            @Nullable CompletableFuture<Boolean> startHolds,
            Runner runner) {
        super(worker, slot, runner);
        this.entry = entry;
        this.number = entry.attempt();
        this.priority = entry.priority();
        this.surroundings = surroundings;
        this.inputs = inputs;
        this.startHolds = startHolds;
        this.runner = runner;
    }

    /** Measured by this from now on. On the worker. */
    void meter(Meter itsMeter) {
        meter = itsMeter;
    }

    @Override
    TaskEntry sliced() {
        return entry;
    }

    @Override
    String what() {
        return "the handler " + entry.handler() + " of task " + entry.taskId();
    }

    @Override
    void keepBack() {
        TaskArena open = arena;
        if (open != null) {
            surroundings.pool().quarantine(open);
        }
    }

    @Override
    void begin() {
        cpuAtStart = requireMeter().start();
    }

    @Override
    Measured measure() {
        return requireMeter().stop(poolPeakBytes());
    }

    private Meter requireMeter() {
        return Objects.requireNonNull(meter, "meter");
    }

    Surroundings surroundings() {
        return surroundings;
    }

    /**
     * Waits, without a slot, until the store has the start of this attempt, if the handler must not
     * run before that. On the worker.
     *
     * @return false: the store will never have it, so the handler must not run
     * @throws InterruptedException if the attempt is to end meanwhile
     */
    boolean awaitStart() throws InterruptedException {
        CompletableFuture<Boolean> holds = startHolds;
        if (holds == null) {
            return true;
        }
        if (!holds.isDone()) {
            leaveSlot(WaitReason.IO, "task store");
            try {
                return holds.get();
            } catch (ExecutionException impossible) {
                throw new IllegalStateException(
                        "a commit is only ever told as held or not", impossible);
            } finally {
                takeSlot();
            }
        }
        return holds.join();
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
        return surroundings.lease().epoch();
    }

    @Override
    public UUID incarnation() {
        return surroundings.lease().incarnation();
    }

    @Override
    public Optional<String> idempotencyKey() {
        return Optional.ofNullable(entry.request().idempotencyKey());
    }

    @Override
    public Optional<String> traceId() {
        return Optional.ofNullable(entry.request().traceId());
    }

    @Override
    public Map<TaskId, Payload> inputs() {
        return inputs;
    }

    @Override
    public Arena arena() {
        return openArena();
    }

    private TaskArena openArena() {
        checkThread();
        TaskArena open = arena;
        if (open == null) {
            open = surroundings.pool().openArena(task());
            arena = open;
        }
        return open;
    }

    @Override
    public TaskMemory memory() {
        return openArena().handles(priority);
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
        if (isToGiveWay()) {
            giveWay();
            endIfAsked();
        }
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
    public HeldLock lock(String name) throws InterruptedException {
        checkThread();
        return runner.locks().take(this, name, LockPoints.FOR_EVER).orElseThrow();
    }

    @Override
    public Optional<HeldLock> tryLock(String name, Duration atMost) throws InterruptedException {
        checkThread();
        return runner.locks().take(this, name, Now.saturatedNanos(atMost));
    }

    void endIfAsked() {
        StopCause why = stop();
        if (why != null) {
            throw new TaskCancelledException(why.message());
        }
    }

    @Override
    public boolean cancelled() {
        return stop() != null;
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

    void checkThread() {
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
