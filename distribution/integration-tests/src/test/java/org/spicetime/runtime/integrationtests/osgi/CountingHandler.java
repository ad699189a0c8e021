// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.PayloadField;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

/**
 * Counts how often each numbered task ran, so that lost and doubled ones show. A task whose number
 * is below the count of gates waits until the gate opens. Thread-safe.
 */
public final class CountingHandler
        implements TaskHandler<CountingHandler.Mark, CountingHandler.Marked>, AutoCloseable {

    private static final long GATE_SECONDS = 120;

    private final String name;
    private final AtomicIntegerArray runs;
    private final CountDownLatch allRan;
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch gatesReached;
    private final int gates;
    private final ServiceRegistration<?> registration;

    /** Which task this is. */
    public record Mark(@PayloadField("Number of the task, from 0.") int number) {}

    /** The number again. */
    public record Marked(@PayloadField("Number of the task.") int number) {}

    private CountingHandler(BundleContext context, String name, int tasks, int gates) {
        this.name = name;
        this.runs = new AtomicIntegerArray(tasks);
        this.allRan = new CountDownLatch(tasks);
        this.gates = gates;
        this.gatesReached = new CountDownLatch(gates);
        this.registration = context.registerService(TaskHandler.class, this, null);
    }

    /** Registers one for so many tasks, the first of which wait at the gate. */
    static CountingHandler register(BundleContext context, String name, int tasks, int gates) {
        return new CountingHandler(context, name, tasks, gates);
    }

    @Override
    public HandlerDescriptor<Mark, Marked> descriptor() {
        return new HandlerDescriptor<>(
                name, "1.0.0", "Counts its tasks.", Mark.class, Marked.class, Set.of());
    }

    @Override
    public Marked run(Mark mark, TaskContext context) throws InterruptedException {
        if (mark.number() < gates) {
            gatesReached.countDown();
            // In short waits, so that it keeps its slot: who waits for long loses it to others.
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(GATE_SECONDS);
            while (!gate.await(50, TimeUnit.MICROSECONDS)) {
                if (System.nanoTime() - end > 0) {
                    throw new IllegalStateException("the gate stayed shut");
                }
            }
        }
        if (runs.incrementAndGet(mark.number()) == 1) {
            allRan.countDown();
        }
        return new Marked(mark.number());
    }

    /** The request for the task of this number. */
    TaskRequest request(int number) {
        return TaskRequest.of(TaskType.COMPUTATION)
                .handler(name)
                .payload(Payload.json("{\"number\":" + number + "}"))
                .durability(Durability.VOLATILE)
                .build();
    }

    void awaitGates() throws InterruptedException {
        assertThat(gatesReached.await(GATE_SECONDS, TimeUnit.SECONDS))
                .as("the workers hold their first tasks")
                .isTrue();
    }

    void openGate() {
        gate.countDown();
    }

    void awaitAllRan(Duration limit) throws InterruptedException {
        boolean inTime = allRan.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(inTime)
                .as("tasks that did not run within %s: %s", limit, allRan.getCount())
                .isTrue();
    }

    /** Fails naming the tasks that did not run exactly once. */
    void requireEachRanOnce() {
        assertThat(IntStream.range(0, runs.length()).filter(number -> runs.get(number) != 1))
                .as("tasks that did not run exactly once")
                .isEmpty();
    }

    @Override
    public void close() {
        openGate();
        registration.unregister();
    }
}
