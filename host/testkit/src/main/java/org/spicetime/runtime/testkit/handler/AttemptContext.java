// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.handler;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.HeldLock;
import org.spicetime.runtime.api.handler.TaskCancelledException;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.memory.TaskMemory;
import org.spicetime.runtime.api.network.NetworkClient;

/**
 * One attempt of a task as a handler sees it: real memory, a network that the test answers, a
 * cancellation at a checkpoint of choice. Called by one thread at a time; closing it takes the
 * memory back, as the host does when the handler returns.
 */
public final class AttemptContext implements TaskContext, AutoCloseable {

    private static final UUID INCARNATION = new UUID(0, 1);

    private final TaskId task = TaskId.of(Instant.EPOCH, new Random(1));
    private final Arena arena = Arena.ofConfined();
    private final TestMemory memory = new TestMemory();
    private final List<Double> progress = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private NetworkClient network =
            call -> {
                throw new UnsupportedOperationException("the test answers no network call");
            };
    private CollectionReport collection =
            new CollectionReport(
                    0,
                    0,
                    Duration.ZERO,
                    Duration.ZERO,
                    new MemoryMetrics(0, 0, 0, 0, 0, 0, 0, OptionalDouble.empty(), 0));
    private Map<TaskId, Payload> inputs = Map.of();
    private final Map<String, Integer> held = new LinkedHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private long cancelAt = Long.MAX_VALUE;
    private long checkpoints;

    /** An attempt that nobody cancels. */
    public AttemptContext() {}

    /**
     * Is cancelled at a checkpoint.
     *
     * @param number of the checkpoint, from 1
     * @return this
     */
    public AttemptContext cancelledAtCheckpoint(long number) {
        cancelAt = number;
        return this;
    }

    /**
     * Has a network.
     *
     * @param client answers the calls
     * @return this
     */
    public AttemptContext withNetwork(NetworkClient client) {
        network = client;
        return this;
    }

    /**
     * Runs in a pool.
     *
     * @param report what each collection answers, and the measures of the pool with it
     * @return this
     */
    public AttemptContext withPool(CollectionReport report) {
        collection = report;
        return this;
    }

    /**
     * Waited for other tasks.
     *
     * @param results of these, by id
     * @return this
     */
    public AttemptContext withInputs(Map<TaskId, Payload> results) {
        inputs = Map.copyOf(results);
        return this;
    }

    /**
     * Finds a lock in the hands of another task: {@link #tryLock} answers nothing, and {@link
     * #lock}, which would wait for ever, fails the test.
     *
     * @param name of the lock
     * @return this
     */
    public AttemptContext withTakenLock(String name) {
        taken.add(name);
        return this;
    }

    /**
     * The locks that the handler holds now; what is left when it has returned the host gives back.
     *
     * @return names, in the order in which they were taken
     */
    public List<String> heldLocks() {
        return List.copyOf(held.keySet());
    }

    /**
     * The arenas, leases, shared and movable blocks that the handler has open now; what is left
     * when it has returned leaks.
     *
     * @return the number
     */
    public int openHandles() {
        return memory.open();
    }

    /**
     * How often a checkpoint was passed.
     *
     * @return the number
     */
    public long checkpoints() {
        return checkpoints;
    }

    /**
     * What was told of progress, in order.
     *
     * @return ratios
     */
    public List<Double> progress() {
        return List.copyOf(progress);
    }

    /**
     * What was logged, in order.
     *
     * @return lines, each with its level before it
     */
    public List<String> log() {
        return List.copyOf(log);
    }

    @Override
    public TaskId task() {
        return task;
    }

    @Override
    public DomainId domain() {
        return DomainId.of("test");
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public long epoch() {
        return 1;
    }

    @Override
    public UUID incarnation() {
        return INCARNATION;
    }

    @Override
    public Optional<String> idempotencyKey() {
        return Optional.empty();
    }

    @Override
    public Optional<String> traceId() {
        return Optional.empty();
    }

    @Override
    public Map<TaskId, Payload> inputs() {
        return inputs;
    }

    @Override
    public Arena arena() {
        return arena;
    }

    @Override
    public TaskMemory memory() {
        return memory;
    }

    @Override
    public MemoryMetrics poolMetrics() {
        return collection.memory();
    }

    @Override
    public CollectionReport collectPool(boolean compact) {
        return collection;
    }

    @Override
    public NetworkClient network() {
        return network;
    }

    @Override
    public void checkpoint() {
        if (++checkpoints >= cancelAt) {
            throw new TaskCancelledException("cancelled by the test");
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>Calls it; there are no slots here.
     */
    @Override
    public <T extends @Nullable Object> T blocking(Callable<T> call) throws Exception {
        if (cancelled()) {
            throw new TaskCancelledException("cancelled by the test");
        }
        return call.call();
    }

    @Override
    public HeldLock lock(String name) {
        return tryLock(name, Duration.ZERO)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "the test keeps lock \""
                                        + name
                                        + "\" taken: the handler would wait for ever"));
    }

    @Override
    public Optional<HeldLock> tryLock(String name, Duration atMost) {
        if (!HandlerDescriptor.isLockName(name)) {
            throw RefusedException.badInput(
                    "lock", "\"" + name + "\" is no name of a lock; letters, digits, . _ : / -");
        }
        checkEnd();
        if (taken.contains(name)) {
            return Optional.empty();
        }
        if (held.size() == MAX_LOCKS && !held.containsKey(name)) {
            throw RefusedException.exhausted(
                    "a task holds at most " + MAX_LOCKS + " locks", MAX_LOCKS + 1L, MAX_LOCKS);
        }
        held.merge(name, 1, Integer::sum);
        return Optional.of(new Held(name));
    }

    private final class Held implements HeldLock {
        private final String name;
        private boolean closed;

        Held(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                held.computeIfPresent(name, (key, times) -> times == 1 ? null : times - 1);
            }
        }
    }

    private void checkEnd() {
        if (cancelled()) {
            throw new TaskCancelledException("cancelled by the test");
        }
    }

    @Override
    public boolean cancelled() {
        return checkpoints >= cancelAt;
    }

    @Override
    public void progress(double ratio) {
        if (!Double.isNaN(ratio)) {
            progress.add(Math.clamp(ratio, 0.0, 1.0));
        }
    }

    @Override
    public void log(LogLevel level, String message) {
        log.add(level + " " + message);
    }

    @Override
    public void close() {
        arena.close();
    }
}
