// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A reader of a stream in a test's hands. */
final class Probe implements Subscriber<Answer> {
    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<Answer> items = new LinkedBlockingQueue<>();
    private final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();
    private @Nullable Subscription subscription;

    void request(long n) {
        Objects.requireNonNull(subscription).request(n);
    }

    void cancel() {
        Objects.requireNonNull(subscription).cancel();
    }

    Map<String, @Nullable Object> next() {
        return nextAnswer().map();
    }

    Answer nextAnswer() {
        try {
            Answer item = items.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (item == null) throw new AssertionError("no item came; end: " + end);
            return item;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Nothing comes within a moment; a wrong item would be there at once. */
    void expectNothing() {
        try {
            assertThat(items.poll(100, TimeUnit.MILLISECONDS)).isNull();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(end).isNotDone();
    }

    void awaitCompletion() {
        assertThat(end.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join()).isNull();
        assertThat(items).isEmpty();
    }

    @Nullable Throwable awaitError() {
        return end.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
    }

    @Override
    public void onNext(Answer item) {
        items.add(item);
    }

    @Override
    public void onError(Throwable error) {
        end.complete(error);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }
}
