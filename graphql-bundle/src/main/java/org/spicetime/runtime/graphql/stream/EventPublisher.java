// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.stream;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.spicetime.runtime.api.Watch;

/**
 * Publishes the values of one source to one subscriber, rendered when there is demand for them, by
 * one thread of the executor at a time. Cancelling closes the watch. Thread-safe.
 *
 * @param <R> what a value is rendered to
 */
public final class EventPublisher<R> implements Publisher<R> {
    private static final Watch CLOSED = () -> {};

    private final EventSource source;
    private final Renderer<R> renderer;
    private final Executor executor;
    private final OpenStreams open;
    private final AtomicBoolean taken = new AtomicBoolean();

    public EventPublisher(
            EventSource source, Renderer<R> renderer, Executor executor, OpenStreams open) {
        this.source = source;
        this.renderer = renderer;
        this.executor = executor;
        this.open = open;
    }

    @Override
    public void subscribe(Subscriber<? super R> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        if (!taken.compareAndSet(false, true)) {
            subscriber.onSubscribe(Nothing.INSTANCE);
            subscriber.onError(new IllegalStateException("this stream has a subscriber already"));
            return;
        }
        new Reader(subscriber).start();
    }

    /** Makes a response of a value, and of a failure. Thread-safe. */
    public interface Renderer<R> {
        /**
         * The response to a value.
         *
         * @param event {@link EventSource#event} of it
         * @param skipped events left out before it
         */
        R render(@Nullable Object event, Object value, long skipped);

        /** The last response of a stream that could not be opened, or that failed later. */
        R failure(Throwable cause);

        /** The schema that values are rendered with. */
        default int generation() {
            return 0;
        }

        /** A reader begins. */
        default void opened() {}

        /** That reader has ended; called once. */
        default void closed() {}

        /** Why values cannot be rendered any more, so that the stream ends; null: they can. */
        default @Nullable RuntimeException cut() {
            return null;
        }
    }

    private enum Nothing implements Subscription {
        INSTANCE;

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    private final class Reader implements Subscription, EventSource.Listener, OpenStreams.Stream {
        private final Subscriber<? super R> subscriber;
        private final EventBuffer buffer = new EventBuffer(source);
        private final AtomicLong demand = new AtomicLong();
        private final AtomicInteger work = new AtomicInteger();
        private final AtomicReference<@Nullable Watch> watch = new AtomicReference<>();
        private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        private volatile boolean cancelled;
        private volatile boolean invalidDemand;

        Reader(Subscriber<? super R> subscriber) {
            this.subscriber = subscriber;
        }

        void start() {
            // onSubscribe comes before the first value, whatever the source does.
            work.incrementAndGet();
            renderer.opened();
            open.add(this);
            subscriber.onSubscribe(this);
            if (!cancelled) {
                try {
                    Watch opened = source.open(this);
                    if (!watch.compareAndSet(null, opened)) opened.close();
                } catch (RuntimeException e) {
                    failure.set(e);
                    buffer.end();
                }
            }
            if (work.decrementAndGet() > 0) {
                // Nobody was started for what came meanwhile, and nobody is until it reads 0.
                work.set(0);
                wake();
            } else if (failure.get() != null) {
                wake();
            }
        }

        @Override
        public void next(Object value) {
            buffer.put(value);
            wake();
        }

        @Override
        public void end() {
            buffer.end();
            wake();
        }

        @Override
        public void fail(RuntimeException cause) {
            failure.compareAndSet(null, cause);
            end();
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                invalidDemand = true;
            } else {
                demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
            }
            wake();
        }

        @Override
        public void cancel() {
            cancelled = true;
            release();
        }

        @Override
        public @Nullable RuntimeException cut() {
            return renderer.cut();
        }

        @Override
        public int generation() {
            return renderer.generation();
        }

        private void wake() {
            if (!cancelled && work.getAndIncrement() == 0) executor.execute(this::drain);
        }

        private void drain() {
            int seen = work.get();
            do {
                emit();
                seen = work.addAndGet(-seen);
            } while (seen != 0);
        }

        private void emit() {
            if (cancelled) return;
            if (invalidDemand) {
                finish();
                subscriber.onError(new IllegalArgumentException("request(n) needs n of 1 or more"));
                return;
            }
            while (!cancelled && demand.get() > 0 && sendNext()) {}
            RuntimeException failed = failure.get();
            if (failed != null && buffer.exhausted() && demand.get() > 0 && !cancelled) {
                failure.set(null);
                subtractOne();
                subscriber.onNext(renderer.failure(failed));
                failed = null;
            }
            if (failed == null && buffer.exhausted() && !cancelled) {
                finish();
                subscriber.onComplete();
            }
        }

        /** Sends a value, or the failure to get one; false: there is none. */
        private boolean sendNext() {
            EventBuffer.Item item;
            Object value;
            Object event;
            try {
                item = next();
                if (item == null) return false;
                event = source.event(item.value());
                value = source.sent(item.value(), item.skipped());
            } catch (RuntimeException | Error e) {
                subtractOne();
                finish();
                subscriber.onNext(renderer.failure(e));
                subscriber.onComplete();
                return false;
            }
            subtractOne();
            subscriber.onNext(renderer.render(event, value, item.skipped()));
            return true;
        }

        // A source is pulled without the lock of the buffer, which its host may wait for.
        private EventBuffer.@Nullable Item next() {
            if (source.kind() != EventSource.Kind.PULLED) return buffer.take();
            Object value = source.pull();
            return value == null ? null : new EventBuffer.Item(value, 0);
        }

        private void subtractOne() {
            demand.updateAndGet(left -> left == Long.MAX_VALUE ? left : left - 1);
        }

        private void finish() {
            cancelled = true;
            release();
        }

        private void release() {
            if (open.remove(this)) renderer.closed();
            Watch opened = watch.getAndSet(CLOSED);
            if (opened != null) opened.close();
        }
    }
}
