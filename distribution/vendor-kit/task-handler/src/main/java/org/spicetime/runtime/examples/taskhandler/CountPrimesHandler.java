// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.examples.taskhandler;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.PayloadField;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;

/**
 * Counts the primes up to a limit by the sieve of Eratosthenes, in memory of the domain's pool: one
 * byte per number. Thread-safe.
 */
@Component(service = TaskHandler.class)
public final class CountPrimesHandler
        implements TaskHandler<CountPrimesHandler.Request, CountPrimesHandler.Result> {

    private static final int CHECK_EVERY = 1 << 16;

    private static final HandlerDescriptor<Request, Result> DESCRIPTOR =
            new HandlerDescriptor<>(
                    "example.count-primes",
                    "1.0.0",
                    "Counts the primes up to a limit, in memory of the domain's pool.",
                    Request.class,
                    Result.class,
                    Set.of());

    /** How far to count. */
    public record Request(
            @PayloadField(
                            value = "Largest number looked at; as many bytes of the pool are used.",
                            minimum = 2,
                            maximum = 1 << 30,
                            defaultJson = "100000")
                    int limit) {}

    /** What was found. */
    public record Result(
            @PayloadField("How many primes there are up to the limit.") int count,
            @PayloadField("The largest of them.") int largest) {}

    /** Called by the service registry or the service loader. */
    public CountPrimesHandler() {}

    @Override
    public HandlerDescriptor<Request, Result> descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Result run(Request request, TaskContext context) {
        int limit = request.limit();
        // Reclaimed by the host when this method returns, whichever way.
        MemorySegment composite = context.arena().allocate(limit + 1L);
        int count = 0;
        int largest = 0;
        for (int number = 2; number <= limit; number++) {
            if (number % CHECK_EVERY == 0) {
                context.checkpoint();
                context.progress((double) number / limit);
            }
            if (composite.get(ValueLayout.JAVA_BYTE, number) == 0) {
                count++;
                largest = number;
                mark(composite, number, limit, context);
            }
        }
        return new Result(count, largest);
    }

    private static void mark(MemorySegment composite, int prime, int limit, TaskContext context) {
        int marked = 0;
        for (long multiple = (long) prime * prime; multiple <= limit; multiple += prime) {
            composite.set(ValueLayout.JAVA_BYTE, multiple, (byte) 1);
            if (++marked % CHECK_EVERY == 0) {
                context.checkpoint();
            }
        }
    }
}
