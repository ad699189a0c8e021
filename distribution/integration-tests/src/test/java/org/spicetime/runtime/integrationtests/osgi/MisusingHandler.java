// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.PayloadField;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.memory.Lease;
import org.spicetime.runtime.api.memory.MovableBlock;
import org.spicetime.runtime.api.memory.Pin;
import org.spicetime.runtime.api.memory.TaskMemory;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

/** Makes one mistake with its memory, as its payload says. Thread-safe. */
public final class MisusingHandler
        implements TaskHandler<MisusingHandler.Order, MisusingHandler.Answer> {

    static final String NAME = "misusing";

    /** A handle that a task of some domain left to whoever finds it. */
    private volatile Lease found = new NoLease();

    /** Which mistake. */
    public record Order(
            @PayloadField("Which mistake.") String mistake,
            @PayloadField(value = "Id of a shared block.", defaultJson = "\"\"") String id) {}

    /** What was seen. */
    public record Answer(@PayloadField("What was seen.") String what) {}

    @Override
    public HandlerDescriptor<Order, Answer> descriptor() {
        return new HandlerDescriptor<>(
                NAME, "1.0.0", "Misuses memory.", Order.class, Answer.class, Set.of());
    }

    static TaskRequest order(String mistake, String id) {
        return TaskRequest.of(TaskType.COMPUTATION)
                .handler(NAME)
                .payload(Payload.json("{\"mistake\":\"" + mistake + "\",\"id\":\"" + id + "\"}"))
                .durability(Durability.VOLATILE)
                .build();
    }

    @Override
    public Answer run(Order order, TaskContext context) throws Exception {
        TaskMemory memory = context.memory();
        context.arena().allocate(100);
        switch (order.mistake()) {
            case "none" -> behave(memory);
            case "out of bounds" -> touch(memory.lease(100, 8).pin().segment(), 100);
            case "use after unpin" -> {
                Pin pin = memory.movable(100, 8).pin();
                pin.close();
                touch(pin.segment(), 0);
            }
            case "use after close" -> {
                Arena arena = memory.openArena();
                MemorySegment segment = arena.allocate(100);
                arena.close();
                touch(segment, 0);
            }
            case "double close" -> {
                Lease lease = memory.lease(100, 8);
                lease.close();
                lease.close();
            }
            case "double unpin" -> {
                Pin pin = memory.lease(100, 8).pin();
                pin.close();
                pin.close();
            }
            case "pin of a freed block" -> {
                MovableBlock block = memory.movable(100, 8);
                block.close();
                block.pin().close();
            }
            case "close while pinned" -> {
                MovableBlock block = memory.movable(100, 8);
                Pin pin = block.pin();
                block.close();
                pin.close();
            }
            case "wrong thread" -> {
                MemorySegment segment = memory.lease(100, 8).pin().segment();
                elsewhere(() -> touch(segment, 0));
            }
            case "memory on another thread" -> elsewhere(() -> memory.lease(100, 8).close());
            case "negative size" -> memory.lease(-1, 8).close();
            case "absurd alignment" -> memory.lease(8, 3).close();
            case "more than the pool" -> memory.movable(1L << 40, 8).close();
            case "unknown id" -> memory.attach("0123456789abcdef0123456789abcdef").close();
            case "no id" -> memory.attach("nonsense").close();
            case "attach" -> memory.attach(order.id()).close();
            case "leave a lease" -> found = memory.lease(100, 8);
            case "pin what is not its own" -> found.pin().close();
            case "leak" -> {
                memory.lease(1000, 8);
                memory.movable(2000, 8);
                memory.openArena().allocate(3000);
            }
            case "close the arena of the task" -> context.arena().close();
            default -> throw new IllegalArgumentException(order.mistake());
        }
        return new Answer(order.mistake());
    }

    private static void behave(TaskMemory memory) {
        try (Arena arena = memory.openArena();
                Lease lease = memory.lease(100, 8);
                Pin pin = lease.pin()) {
            touch(arena.allocate(100), 99);
            touch(pin.segment(), 99);
        }
    }

    private static void touch(MemorySegment segment, long offset) {
        segment.set(ValueLayout.JAVA_BYTE, offset, (byte) 1);
    }

    private static void elsewhere(Runnable mistake) throws Exception {
        try {
            CompletableFuture.runAsync(mistake, task -> Thread.ofPlatform().start(task)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Until a task left one. */
    private static final class NoLease implements Lease {
        @Override
        public long byteSize() {
            return 0;
        }

        @Override
        public Pin pin() {
            throw new IllegalStateException("nobody left a lease");
        }

        @Override
        public void close() {}
    }
}
