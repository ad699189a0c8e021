// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.error.RuntimeErrorCode;

/** How an attempt ended, as its worker saw it. Immutable. */
public sealed interface Outcome {
    /**
     * The handler returned.
     *
     * @param result what it returned; null: nothing
     */
    record Succeeded(@Nullable Payload result) implements Outcome {}

    /**
     * The handler failed.
     *
     * @param retryable whether a further attempt may do better
     */
    record Failed(
            RuntimeErrorCode code, String message, Map<String, Object> context, boolean retryable)
            implements Outcome {
        public Failed {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(message, "message");
            context = Map.copyOf(context);
        }
    }

    /** The attempt was ended by its time limit; a further attempt may follow. */
    record TimedOut(String message) implements Outcome {
        public TimedOut {
            Objects.requireNonNull(message, "message");
        }
    }

    /**
     * The handler gave up as asked.
     *
     * @param reason null: none told
     */
    record Cancelled(@Nullable String reason) implements Outcome {}

    /**
     * The host took the task off its worker, for example because the domain stops; it becomes ready
     * again, and uses up no retry.
     *
     * @param why for people who look at the attempt
     */
    record Requeued(String why) implements Outcome {
        public Requeued {
            Objects.requireNonNull(why, "why");
        }

        /** Because the domain stops. */
        public Requeued() {
            this("the domain stopped");
        }
    }
}
