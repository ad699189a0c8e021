// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.work;

import java.util.Set;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;

/** Does nothing, so that what remains is the cost of the task itself. Thread-safe. */
public final class NothingHandler
        implements TaskHandler<NothingHandler.Filler, NothingHandler.Done> {
    /** Name by which it is asked for. */
    public static final String NAME = "benchmark.nothing";

    /**
     * What is stored with the task.
     *
     * @param filler as long as the payload is to be
     */
    public record Filler(String filler) {}

    /**
     * What is stored with its end.
     *
     * @param length of the filler
     */
    public record Done(long length) {}

    /** For the activator. */
    public NothingHandler() {}

    @Override
    public HandlerDescriptor<Filler, Done> descriptor() {
        return new HandlerDescriptor<>(
                NAME, "1.0.0", "Does nothing.", Filler.class, Done.class, Set.of());
    }

    @Override
    public Done run(Filler payload, TaskContext context) {
        return new Done(payload.filler().length());
    }
}
