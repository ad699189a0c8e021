// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A source the test drives. Called by one thread at a time. */
final class FakeSource implements Publisher<Map<String, @Nullable Object>>, Subscription {
    long requested;
    boolean cancelled;
    private @Nullable Subscriber<? super Map<String, @Nullable Object>> subscriber;

    @Override
    public void subscribe(Subscriber<? super Map<String, @Nullable Object>> added) {
        subscriber = added;
        added.onSubscribe(this);
    }

    void emit(int value) {
        if (requested <= 0) throw new AssertionError("not asked for");
        requested--;
        to().onNext(Map.of("data", value));
    }

    void complete() {
        to().onComplete();
    }

    void fail() {
        to().onError(new IllegalStateException("a test"));
    }

    @Override
    public void request(long count) {
        requested += count;
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    private Subscriber<? super Map<String, @Nullable Object>> to() {
        Subscriber<? super Map<String, @Nullable Object>> it = subscriber;
        if (it == null) throw new AssertionError("nobody has subscribed");
        return it;
    }
}
