// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.core.poll.PollContext;
import org.spicetime.runtime.core.poll.PolledThread;
import org.spicetime.runtime.core.recovery.InFlight;
import org.spicetime.runtime.kernel.task.Outcome;
import org.spicetime.runtime.kernel.task.TaskEntry;

/** Calls the handler of an attempt. Thread-safe. */
final class HandlerCall {

    private static final int LARGEST_RESULT = 256 * 1024;

    private HandlerCall() {}

    /** The outcome of an attempt, whatever its handler does. On the worker of the attempt. */
    static Outcome run(Attempt attempt, HandlerSource handlers) {
        PolledThread thread = attempt.worker.thread();
        PollContext before = thread.enter(attempt);
        LogContext.enter(attempt.task(), attempt.traceId());
        try {
            return call(attempt, handlers);
        } finally {
            // What the handler put there goes too: the next one is not to be logged with it.
            LogContext.of(attempt.domain().value());
            thread.enter(before);
        }
    }

    private static Outcome call(Attempt attempt, HandlerSource handlers) {
        TaskEntry entry = attempt.entry;
        try {
            attempt.checkpoint();
            if (!attempt.awaitStart()) {
                return new Outcome.Requeued();
            }
            Optional<HandlerSource.Bound> handler = handlers.find(entry.handler());
            if (handler.isEmpty()) {
                // It was there when the task was picked. Until it is back the task is not picked.
                return new Outcome.Requeued(
                        "handler " + entry.handler() + " was taken away as the attempt began");
            }
            attempt.reserveMemory();
            Payload result = invoke(handler.get(), attempt);
            if (result != null && result.size() > LARGEST_RESULT) {
                return Failures.failed(
                        RuntimeErrorCode.RESOURCE_EXHAUSTED,
                        "the result must have at most "
                                + LARGEST_RESULT
                                + " bytes, had "
                                + result.size(),
                        Map.of("requested", result.size(), "available", LARGEST_RESULT));
            }
            return new Outcome.Succeeded(result);
        } catch (Throwable thrown) {
            // Whatever a handler throws ends its attempt and nothing else.
            return Failures.of(attempt, thrown);
        }
    }

    private static @Nullable Payload invoke(HandlerSource.Bound handler, Attempt attempt)
            throws Exception {
        TaskEntry entry = attempt.entry;
        if (entry.durability() != Durability.DURABLE) {
            return handler.invoke(entry.request().payload(), attempt);
        }
        InFlight inFlight = attempt.surroundings().inFlight();
        int mark = inFlight.begin(entry.taskId());
        try {
            return handler.invoke(entry.request().payload(), attempt);
        } finally {
            inFlight.end(mark);
        }
    }
}
