// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.core.journal.StoreRefusals;

/**
 * Answers those who ask a domain for something by stages. What is refused, at once or later, is a
 * stage that has failed with the very refusal, which names the domain. Immutable; the actions run
 * on the calling thread.
 */
final class Answers {

    private final DomainBody body;

    Answers(DomainBody body) {
        this.body = body;
    }

    /** A change of a domain that is there. */
    <T> CompletionStage<T> change(Supplier<T> action) {
        return answer(() -> {
            body.checkExists();
            return action.get();
        });
    }

    /** A change of tasks: the stage completes when it is stored. */
    <T> CompletionStage<T> stored(Supplier<CompletionStage<T>> action) {
        return stage(() -> {
            body.checkExists();
            return action.get();
        });
    }

    /** As above, of what the store does not take while it is only read. */
    <T> CompletionStage<T> growing(Supplier<CompletionStage<T>> action) {
        return stored(() -> {
            body.journal.checkWritable();
            return action.get();
        });
    }

    /** What is done when the action returns. */
    <T> CompletionStage<T> answer(Supplier<T> action) {
        return stage(() -> CompletableFuture.completedFuture(action.get()));
    }

    /* What fails later fails with the refusal itself, as what fails at once does. */
    private static <T> CompletionStage<T> unwrapped(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            return stage;
        }
        CompletableFuture<T> told = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                told.complete(value);
            } else {
                told.completeExceptionally(StoreRefusals.causeOf(failure));
            }
        });
        return told;
    }

    /** What the action says is done later, or refuses at once. */
    <T> CompletionStage<T> stage(Supplier<CompletionStage<T>> action) {
        try {
            return unwrapped(action.get());
        } catch (RefusedException refused) {
            boolean told =
                    refused.details().containsKey("domain")
                            || refused.code() == RequestErrorCode.NOT_FOUND;
            return CompletableFuture.failedFuture(
                    told ? refused : refused.with("domain", body.id().value()));
        }
    }
}
