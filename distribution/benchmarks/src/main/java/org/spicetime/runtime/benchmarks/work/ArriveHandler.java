// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.work;

import java.util.Set;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;

/** Tells how long it took from an instant until it ran. */
public final class ArriveHandler implements TaskHandler<ArriveHandler.Sent, ArriveHandler.Arrived> {
    /** Name by which it is asked for. */
    public static final String NAME = "benchmark.arrive";

    /**
     * When it was sent off.
     *
     * @param nanos on {@link System#nanoTime}, as text since it is longer than JSON numbers
     */
    public record Sent(String nanos) {}

    /**
     * How long it took.
     *
     * @param nanos from then on
     */
    public record Arrived(long nanos) {}

    /** For the activator. */
    public ArriveHandler() {}

    @Override
    public HandlerDescriptor<Sent, Arrived> descriptor() {
        return new HandlerDescriptor<>(
                NAME,
                "1.0.0",
                "Tells how long it took until it ran.",
                Sent.class,
                Arrived.class,
                Set.of());
    }

    @Override
    public Arrived run(Sent payload, TaskContext context) {
        return new Arrived(System.nanoTime() - Long.parseLong(payload.nanos()));
    }
}
