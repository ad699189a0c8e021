// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a reader has not taken yet: of states the newest, of events the last {@value #RING}.
 * Thread-safe.
 */
final class EventBuffer {
    static final int RING = 1024;

    private final boolean states;

    @GuardedBy("this")
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private long skipped;

    @GuardedBy("this")
    private @Nullable Object taken;

    @GuardedBy("this")
    private boolean ended;

    EventBuffer(EventSource.Kind kind) {
        states = kind == EventSource.Kind.STATES;
    }

    synchronized void put(Object value) {
        if (ended) return;
        if (states) {
            waiting.clear();
            if (value.equals(taken)) return;
        } else if (waiting.size() == RING) {
            waiting.removeFirst();
            skipped++;
        }
        waiting.addLast(value);
    }

    synchronized void end() {
        ended = true;
    }

    /** The next value; null: none waits. */
    synchronized @Nullable Item take() {
        Object value = waiting.pollFirst();
        if (value == null) return null;
        if (states) taken = value;
        Item item = new Item(value, skipped);
        skipped = 0;
        return item;
    }

    /** Whether nothing will follow. */
    synchronized boolean exhausted() {
        return ended && waiting.isEmpty();
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /**
     * A value and how many before it were left out. Immutable.
     *
     * @param skipped events that fell out of the buffer since the item before
     */
    record Item(Object value, long skipped) {}
}
