// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import java.util.SplittableRandom;
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
 * Takes blocks of many sizes from the pool, fills each with numbers of its own, and finds them
 * again. Thread-safe.
 */
public final class StampingHandler
        implements TaskHandler<StampingHandler.Request, StampingHandler.Result>, AutoCloseable {

    private static final int BLOCKS = 60;
    private static final int LARGEST = 4000;

    private final String name;
    private final ServiceRegistration<?> registration;

    /** Nothing to ask for. */
    public record Request() {}

    /** What was stamped. */
    public record Result(@PayloadField("Numbers found as they were written.") long numbers) {}

    private StampingHandler(BundleContext context, String name) {
        this.name = name;
        this.registration = context.registerService(TaskHandler.class, this, null);
    }

    static StampingHandler register(BundleContext context, String name) {
        return new StampingHandler(context, name);
    }

    @Override
    public HandlerDescriptor<Request, Result> descriptor() {
        return new HandlerDescriptor<>(
                name, "1.0.0", "Stamps blocks of the pool.", Request.class, Result.class, Set.of());
    }

    @Override
    public Result run(Request request, TaskContext context) {
        long stamp = context.task().hashCode() * 0x9E3779B97F4A7C15L;
        SplittableRandom random = new SplittableRandom(stamp);
        MemorySegment[] blocks = new MemorySegment[BLOCKS];
        for (int i = 0; i < BLOCKS; i++) {
            blocks[i] = context.arena().allocate(8L * (1 + random.nextInt(LARGEST / 8)), 8);
            for (long at = 0; at < blocks[i].byteSize(); at += 8) {
                blocks[i].set(ValueLayout.JAVA_LONG, at, stamp + i ^ at);
            }
            context.checkpoint();
        }
        long numbers = 0;
        for (int i = 0; i < BLOCKS; i++) {
            for (long at = 0; at < blocks[i].byteSize(); at += 8) {
                if (blocks[i].get(ValueLayout.JAVA_LONG, at) != (stamp + i ^ at)) {
                    throw new IllegalStateException("block " + i + " was overwritten at " + at);
                }
                numbers++;
            }
        }
        return new Result(numbers);
    }

    TaskRequest request() {
        return TaskRequest.of(TaskType.COMPUTATION)
                .handler(name)
                .payload(Payload.json("{}"))
                .durability(Durability.VOLATILE)
                .build();
    }

    @Override
    public void close() {
        registration.unregister();
    }
}
