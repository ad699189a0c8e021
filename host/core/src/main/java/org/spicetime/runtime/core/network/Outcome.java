// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.network.HttpReply;
import org.spicetime.runtime.api.network.NetworkException;
import org.spicetime.runtime.api.network.RetryCondition;

/** How one attempt ended. Immutable. */
sealed interface Outcome {

    /** By which it may be tried again; null: it may not. */
    @Nullable RetryCondition condition();

    /** The reply, or why there is none. */
    HttpReply reply() throws NetworkException;

    /** A whole answer, of any status. */
    record Answered(HttpReply reply) implements Outcome {
        private static final int TOO_MANY_REQUESTS = 429;
        private static final int UNAVAILABLE = 503;

        @Override
        public @Nullable RetryCondition condition() {
            if (reply.status() == TOO_MANY_REQUESTS || reply.status() == UNAVAILABLE) {
                return RetryCondition.THROTTLED;
            }
            return reply.status() >= 500 ? RetryCondition.SERVER_ERROR : null;
        }

        /** What the server asks for; empty: nothing. */
        String retryAfter() {
            List<String> values = reply.headers().getOrDefault("retry-after", List.of());
            return values.isEmpty() ? "" : values.getFirst();
        }
    }

    /** No answer. */
    record Failed(@Nullable RetryCondition condition, NetworkException why) implements Outcome {
        @Override
        public HttpReply reply() throws NetworkException {
            throw why;
        }
    }
}
