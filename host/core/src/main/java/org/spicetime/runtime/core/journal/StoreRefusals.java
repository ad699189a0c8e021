// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.journal;

import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.StoreException;

/** What a caller is told when the store did not take a change. Thread-safe. */
public final class StoreRefusals {

    private StoreRefusals() {}

    /**
     * The refusal that tells of a failure of the store.
     *
     * @param domain the domain that was to be changed
     * @param failure what the store threw, or how its stage completed
     */
    public static RefusedException of(DomainId domain, Throwable failure) {
        Throwable cause = causeOf(failure);
        if (cause instanceof RefusedException refused) {
            return refused;
        }
        String text = "domain \"" + domain + "\": " + cause.getMessage();
        if (!(cause instanceof StoreException refused)) {
            return unknown(domain, String.valueOf(cause), "STORE");
        }
        String reason = refused.reason().name();
        return switch (refused.reason()) {
            case COMMIT_FAILED, FENCED ->
                    unknown(domain, String.valueOf(refused.getMessage()), reason);
            case OVERLOADED ->
                    refusal(RuntimeErrorCode.RESOURCE_EXHAUSTED, text, domain, "STORE_OVERLOADED");
            case DISK_FULL ->
                    refusal(
                            RuntimeErrorCode.RESOURCE_EXHAUSTED,
                            text,
                            domain,
                            "INSUFFICIENT_STORAGE");
            case STALE, DUPLICATE_KEY ->
                    refusal(RequestErrorCode.CONFLICT, text, domain, "CHANGED_MEANWHILE");
            case DAMAGED -> refusal(RuntimeErrorCode.SCHEDULER_ERROR, text, domain, reason);
            case CLOSED -> refusal(RequestErrorCode.SHUTTING_DOWN, text, domain, "STORE_CLOSED");
            case READ_ONLY, LOCKED, NEWER_SCHEMA, IO, TIMEOUT, NOT_SUPPORTED ->
                    refusal(RequestErrorCode.READ_ONLY, text, domain, reason);
        };
    }

    /** The store has not answered, or cannot say, whether the change holds. */
    static RefusedException unknown(DomainId domain, String why, String reason) {
        return new RefusedException(
                RequestErrorCode.REQUEST_TIMEOUT,
                "domain \""
                        + domain
                        + "\": "
                        + why
                        + "; whether the change holds is unknown: look, or send it again with the same"
                        + " idempotency key",
                Map.of("domain", domain.value(), "outcome", "UNKNOWN", "reason", reason));
    }

    private static RefusedException refusal(
            org.spicetime.runtime.api.error.ErrorCode code,
            String text,
            DomainId domain,
            String reason) {
        return new RefusedException(code, text, Map.of("domain", domain.value(), "reason", reason));
    }

    /** What is inside of the wrapping of a stage. */
    public static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
