// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.work;

import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;

/** Takes blocks, and holds them without a slot until it is asked to end. Thread-safe. */
public final class HoldHandler implements TaskHandler<HoldHandler.Held, HoldHandler.Done> {
    /** Name by which it is asked for. */
    public static final String NAME = "benchmark.hold";

    /**
     * What to hold.
     *
     * @param blocks how many
     * @param bytes of each
     */
    public record Held(long blocks, long bytes) {}

    /**
     * What was held.
     *
     * @param blocks how many
     */
    public record Done(long blocks) {}

    /** For the activator. */
    public HoldHandler() {}

    @Override
    public HandlerDescriptor<Held, Done> descriptor() {
        return new HandlerDescriptor<>(
                NAME, "1.0.0", "Holds blocks until it is ended.", Held.class, Done.class, Set.of());
    }

    @Override
    public Done run(Held payload, TaskContext context) throws Exception {
        for (long i = 0; i < payload.blocks(); i++) context.arena().allocate(payload.bytes(), 16);
        CountDownLatch never = new CountDownLatch(1);
        context.blocking(() -> {
            never.await();
            return 0;
        });
        return new Done(payload.blocks());
    }
}
