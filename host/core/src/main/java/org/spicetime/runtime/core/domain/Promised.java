// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.core.dispatch.DomainGuard;

/**
 * What everybody who asks is promised until it comes about, or turns out not to; then it can be
 * promised anew. Guarded by the domain's guard, after whose release the answer is given.
 *
 * @param <T> what they are told
 */
final class Promised<T> {

    private final DomainGuard guard;
    private final Supplier<T> outcome;
    private @Nullable CompletableFuture<T> promise;

    /**
     * Nothing is promised.
     *
     * @param outcome what is told, asked for when the promise is kept
     */
    Promised(DomainGuard guard, Supplier<T> outcome) {
        this.guard = guard;
        this.outcome = outcome;
    }

    /** What is promised now; null: nothing. */
    @Nullable CompletionStage<T> pending() {
        return promise;
    }

    /** The promise, which is made if there is none. */
    CompletionStage<T> stage() {
        CompletableFuture<T> made = promise == null ? new CompletableFuture<>() : promise;
        promise = made;
        return made;
    }

    /** It has come about. */
    void kept() {
        CompletableFuture<T> told = promise;
        promise = null;
        if (told != null) {
            T now = outcome.get();
            guard.afterwards(() -> told.complete(now));
        }
    }

    /** It does not come about: a CONFLICT, which says why. */
    void broken(String why) {
        CompletableFuture<T> told = promise;
        promise = null;
        if (told != null) {
            guard.afterwards(() -> told.completeExceptionally(RefusedException.conflict(why)));
        }
    }
}
