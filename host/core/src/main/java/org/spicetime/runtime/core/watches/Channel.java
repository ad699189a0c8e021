// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.watches;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.Watch;

/**
 * Brings values to one listener, in order, one at a time, on the notifier thread. Of values that
 * wait for a slow listener the newest {@value #MOST_WAITING} are kept. Thread-safe; values offered
 * under one lock arrive in the order of the offers.
 */
public final class Channel<T> implements Watch {

    private static final Logger LOG = LoggerFactory.getLogger(Channel.class);

    /** Values that wait for a slow listener. */
    public static final int MOST_WAITING = 1024;

    private final Executor notifier;
    private final Consumer<? super T> listener;
    private final Queue<T> values = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean closed;

    /** Tells this listener, on that thread. */
    public Channel(Executor notifier, Consumer<? super T> listener) {
        this.notifier = notifier;
        this.listener = listener;
    }

    /** Tells a value soon; one that is closed is told nothing. */
    public void offer(T value) {
        if (closed) {
            return;
        }
        values.add(value);
        int waiting = pending.getAndIncrement();
        if (waiting >= MOST_WAITING) {
            values.poll();
        }
        if (waiting == 0) {
            try {
                notifier.execute(this::drain);
            } catch (RejectedExecutionException hostStops) {
                closed = true;
            }
        }
    }

    /** Whether nothing is told any more: closed, failed, or the host stops. */
    public boolean closed() {
        return closed;
    }

    private void drain() {
        do {
            T value = values.poll();
            if (value != null && !closed) {
                try {
                    listener.accept(value);
                } catch (RuntimeException e) {
                    LOG.warn("a listener failed and is told nothing more", e);
                    closed = true;
                }
            }
        } while (pending.decrementAndGet() > 0);
    }

    @Override
    public void close() {
        closed = true;
    }
}
