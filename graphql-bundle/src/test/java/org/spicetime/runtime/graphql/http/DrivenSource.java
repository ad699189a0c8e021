// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.spicetime.runtime.graphql.engine.Answer;

/** A source that the test drives, and that tells how much was asked for. */
final class DrivenSource implements Publisher<Answer>, Subscription {
    final CountDownLatch cancelled = new CountDownLatch(1);
    private final BlockingQueue<Long> requests = new LinkedBlockingQueue<>();
    private final CompletableFuture<Subscriber<? super Answer>> subscriber =
            new CompletableFuture<>();

    Subscriber<? super Answer> to() {
        return subscriber.join();
    }

    long asked() throws InterruptedException {
        Long count = requests.poll(60, TimeUnit.SECONDS);
        if (count == null) throw new AssertionError("nothing was asked for");
        return count + requests.size();
    }

    /** Whether more is asked for within a moment. */
    boolean askedSoon() throws InterruptedException {
        return requests.poll(50, TimeUnit.MILLISECONDS) != null;
    }

    @Override
    public void subscribe(Subscriber<? super Answer> added) {
        subscriber.complete(added);
        added.onSubscribe(this);
    }

    @Override
    public void request(long count) {
        requests.add(count);
    }

    @Override
    public void cancel() {
        cancelled.countDown();
    }
}
