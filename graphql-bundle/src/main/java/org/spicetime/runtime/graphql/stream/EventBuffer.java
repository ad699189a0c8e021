// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a reader has not taken yet: of states the newest of each thing, of events the last {@value
 * #RING}; what is pulled waits at its source. Thread-safe.
 */
final class EventBuffer {
    static final int RING = 1024;

    private final EventSource source;

    @GuardedBy("this")
    private final ArrayDeque<Object> events = new ArrayDeque<>();

    @GuardedBy("this")
    private final Map<Object, Object> newest = new LinkedHashMap<>();

    @GuardedBy("this")
    private long skipped;

    @GuardedBy("this")
    private @Nullable Object taken;

    @GuardedBy("this")
    private boolean ended;

    EventBuffer(EventSource source) {
        this.source = source;
    }

    synchronized void put(Object value) {
        if (ended) return;
        switch (source.kind()) {
            case STATES -> {
                Object key = source.key(value);
                newest.remove(key);
                if (!value.equals(taken)) newest.put(key, value);
            }
            case EVENTS -> {
                if (events.size() == RING) {
                    events.removeFirst();
                    skipped++;
                }
                events.addLast(value);
            }
            case PULLED -> {}
        }
    }

    synchronized void end() {
        ended = true;
    }

    /** The next value; null: none waits. */
    synchronized @Nullable Item take() {
        Object value =
                switch (source.kind()) {
                    case STATES -> firstState();
                    case EVENTS -> events.pollFirst();
                    case PULLED -> null;
                };
        if (value == null) return null;
        taken = value;
        Item item = new Item(value, skipped);
        skipped = 0;
        return item;
    }

    @GuardedBy("this")
    private @Nullable Object firstState() {
        Iterator<Object> waiting = newest.values().iterator();
        if (!waiting.hasNext()) return null;
        Object value = waiting.next();
        waiting.remove();
        return value;
    }

    /** Whether nothing will follow. */
    synchronized boolean exhausted() {
        return ended && events.isEmpty() && newest.isEmpty();
    }

    /**
     * A value and how many before it were left out. Immutable.
     *
     * @param skipped events that fell out of the buffer since the item before
     */
    record Item(Object value, long skipped) {}
}
