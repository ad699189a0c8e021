// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.spicetime.runtime.graphql.engine.Answer;

/** A source the test drives. Called by one thread at a time. */
final class FakeSource implements Publisher<Answer>, Subscription {
    long requested;
    boolean cancelled;
    private @Nullable Subscriber<? super Answer> subscriber;

    @Override
    public void subscribe(Subscriber<? super Answer> added) {
        subscriber = added;
        added.onSubscribe(this);
    }

    void emit(int value) {
        if (requested <= 0) throw new AssertionError("not asked for");
        requested--;
        to().onNext(Answer.of(Map.of("data", value)));
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

    private Subscriber<? super Answer> to() {
        Subscriber<? super Answer> it = subscriber;
        if (it == null) throw new AssertionError("nobody has subscribed");
        return it;
    }
}
