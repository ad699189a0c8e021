// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.store.StoreException;

/** What a question to the store that fails means to those who asked. Thread-safe. */
final class StoreReads {

    private static final Logger LOG = LoggerFactory.getLogger(StoreReads.class);

    private StoreReads() {}

    /** Asks the store; its refusals as answers of the host. */
    static <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (StoreException failed) {
            throw refusal(failed);
        }
    }

    private static RefusedException refusal(StoreException failed) {
        return switch (failed.reason()) {
            case TIMEOUT ->
                    new RefusedException(
                            RequestErrorCode.REQUEST_TIMEOUT,
                            "too many stored tasks would have to be looked through; name narrower"
                                    + " conditions, such as a span of createdAfter and"
                                    + " createdBefore",
                            Map.of("reason", "STORE_TIMEOUT"));
            case CLOSED ->
                    new RefusedException(
                            RequestErrorCode.SHUTTING_DOWN, "the host stops", Map.of());
            case DAMAGED -> {
                LOG.error("what is stored is damaged", failed);
                yield new RefusedException(
                        RequestErrorCode.INTERNAL_SERVER_ERROR,
                        "what is stored is damaged: " + failed.getMessage(),
                        Map.of("reason", "DAMAGED"));
            }
            default -> {
                LOG.error("the store cannot be read", failed);
                yield new RefusedException(
                        RequestErrorCode.INTERNAL_SERVER_ERROR,
                        "the store cannot be read now; systemHealth tells its state",
                        Map.of("reason", failed.reason().name()));
            }
        };
    }
}
