// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** What became of a request. */
public sealed interface Outcome {

    /**
     * Refused before anything ran: a response of {@code errors} without {@code data}.
     *
     * @param errors the entries of {@code errors}, at least one
     * @param kind why
     */
    record Refused(List<Map<String, @Nullable Object>> errors, Refusal kind) implements Outcome {
        public Refused {
            errors = List.copyOf(errors);
        }
    }

    /**
     * A query or a mutation, or a subscription whose source could not be opened.
     *
     * @param response completes with the response, never exceptionally
     */
    record Executed(CompletionStage<Answer> response) implements Outcome {}

    /**
     * A subscription. It starts when subscribed to, which can be done once; cancelling gives back
     * all it holds. A failure after the start is a last item with {@code errors} and {@code data:
     * null}, then completion; {@code onError} is signalled only for an invalid {@code request(n)}.
     *
     * @param responses the responses; as many as requested
     */
    record Stream(Publisher<Answer> responses) implements Outcome {}
}
