// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
 * Fills blocks of the pool, holds them until told to go on, and fails if another task wrote into
 * them meanwhile. Thread-safe.
 */
public final class HoldingHandler
        implements TaskHandler<HoldingHandler.Request, HoldingHandler.Result>, AutoCloseable {

    private static final long SECONDS = 120;
    private static final int[] SIZES = {24, 100, 4096, 70_000};

    private final String name;
    private final CountDownLatch holding;
    private final CountDownLatch released = new CountDownLatch(1);
    private final ServiceRegistration<?> registration;

    /** Nothing to ask for. */
    public record Request() {}

    /** What was held. */
    public record Result(@PayloadField("Bytes found as they were written.") long bytes) {}

    private HoldingHandler(BundleContext context, String name, int tasks) {
        this.name = name;
        this.holding = new CountDownLatch(tasks);
        this.registration = context.registerService(TaskHandler.class, this, null);
    }

    static HoldingHandler register(BundleContext context, String name, int tasks) {
        return new HoldingHandler(context, name, tasks);
    }

    /** Bytes each task asks for and holds. */
    static long heldBytes() {
        return Arrays.stream(SIZES).asLongStream().sum();
    }

    @Override
    public HandlerDescriptor<Request, Result> descriptor() {
        return new HandlerDescriptor<>(
                name, "1.0.0", "Holds blocks of the pool.", Request.class, Result.class, Set.of());
    }

    @Override
    public Result run(Request request, TaskContext context) throws InterruptedException {
        MemorySegment[] blocks = new MemorySegment[SIZES.length];
        byte mark = (byte) (1 + Math.floorMod(context.task().hashCode(), 127));
        for (int i = 0; i < SIZES.length; i++) {
            blocks[i] = context.arena().allocate(SIZES[i]);
            blocks[i].fill((byte) (mark + i));
        }
        holding.countDown();
        if (!released.await(SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nobody let go");
        }
        // One more on whatever lays out the pool now.
        context.arena().allocate(SIZES[0]).fill(mark);
        long bytes = 0;
        for (int i = 0; i < SIZES.length; i++) {
            for (long offset = 0; offset < SIZES[i]; offset++) {
                if (blocks[i].get(ValueLayout.JAVA_BYTE, offset) != (byte) (mark + i)) {
                    throw new IllegalStateException(
                            "byte " + offset + " of block " + i + " was overwritten");
                }
                bytes++;
            }
        }
        return new Result(bytes);
    }

    TaskRequest request() {
        return TaskRequest.of(TaskType.COMPUTATION)
                .handler(name)
                .payload(Payload.json("{}"))
                .durability(Durability.VOLATILE)
                .build();
    }

    /** One for which so many bytes are kept. */
    TaskRequest request(long memory) {
        return TaskRequest.of(TaskType.COMPUTATION)
                .handler(name)
                .payload(Payload.json("{}"))
                .durability(Durability.VOLATILE)
                .memory(memory)
                .build();
    }

    void awaitAllHold() throws InterruptedException {
        assertThat(holding.await(SECONDS, TimeUnit.SECONDS)).as("all tasks hold blocks").isTrue();
    }

    void letGo() {
        released.countDown();
    }

    @Override
    public void close() {
        letGo();
        registration.unregister();
    }
}
