// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.handlers;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.handler.TaskCancelledException;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.network.HttpCall;
import org.spicetime.runtime.api.network.HttpReply;
import org.spicetime.runtime.api.network.NetworkClient;

/** The surroundings of one attempt, made by hand; cancels itself at a given checkpoint. */
final class FakeContext implements TaskContext, AutoCloseable {

    static final MemoryMetrics POOL =
            new MemoryMetrics(100, 40, 60, 0, 0, 0, 60, OptionalDouble.of(0), 3);

    final List<HttpCall> calls = new ArrayList<>();
    final List<Double> progress = new ArrayList<>();
    final List<String> logged = new ArrayList<>();
    private final Arena arena = Arena.ofConfined();
    private final int cancelAt;
    private int checkpoints;
    private int status = 200;

    FakeContext() {
        this(Integer.MAX_VALUE);
    }

    FakeContext(int cancelAt) {
        this.cancelAt = cancelAt;
    }

    FakeContext answering(int answer) {
        status = answer;
        return this;
    }

    @Override
    public TaskId task() {
        return TaskId.of(Instant.EPOCH, new Random(1));
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
    public Optional<String> idempotencyKey() {
        return Optional.empty();
    }

    @Override
    public Map<TaskId, Payload> inputs() {
        return Map.of();
    }

    @Override
    public Arena arena() {
        return arena;
    }

    @Override
    public MemoryMetrics poolMetrics() {
        return POOL;
    }

    @Override
    public CollectionReport collectPool(boolean compact) {
        return new CollectionReport(
                16, compact ? 8 : 0, Duration.ofNanos(2_500), Duration.ofNanos(1_500), POOL);
    }

    @Override
    public NetworkClient network() {
        return call -> {
            calls.add(call);
            return new HttpReply(
                    status,
                    Map.of(),
                    new Payload(new byte[] {1, 2, 3}, "x/y"),
                    Duration.ofMillis(7));
        };
    }

    @Override
    public void checkpoint() {
        if (++checkpoints >= cancelAt) throw new TaskCancelledException("cancelled by the test");
    }

    @Override
    public boolean cancelled() {
        return checkpoints >= cancelAt;
    }

    @Override
    public void log(LogLevel level, String message) {
        logged.add(level + " " + message);
    }

    @Override
    public void progress(double ratio) {
        progress.add(ratio);
    }

    @Override
    public void close() {
        arena.close();
    }
}
