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
 * #RING}. Thread-safe.
 */
final class EventBuffer {
    static final int RING = 1024;

    /** Most things whose states wait; a reader that is further behind has to begin anew. */
    static final int MOST_KEYS = 8192;

    private final EventSource source;
    private final boolean states;

    @GuardedBy("this")
    private final ArrayDeque<Object> events = new ArrayDeque<>();

    @GuardedBy("this")
    private final Map<Object, Object> newest = new LinkedHashMap<>();

    @GuardedBy("this")
    private long skipped;

    @GuardedBy("this")
    private @Nullable Object taken;

    @GuardedBy("this")
    private boolean tooFarBehind;

    @GuardedBy("this")
    private boolean ended;

    EventBuffer(EventSource source) {
        this.source = source;
        states = source.kind() == EventSource.Kind.STATES;
    }

    /** Keeps a value; false: the reader is too far behind, and nothing is kept any more. */
    synchronized boolean put(Object value) {
        if (ended) return true;
        if (states) return putState(value);
        if (events.size() == RING) {
            events.removeFirst();
            skipped++;
        }
        events.addLast(value);
        return true;
    }

    @GuardedBy("this")
    private boolean putState(Object value) {
        Object key = source.key(value);
        // What changed last is told last, so that a cursor sent covers all that was sent before.
        newest.remove(key);
        if (value.equals(taken)) return true;
        if (newest.size() == MOST_KEYS) tooFarBehind = true;
        if (tooFarBehind) {
            newest.clear();
            return false;
        }
        newest.put(key, value);
        return true;
    }

    synchronized void end() {
        ended = true;
    }

    /** The next value; null: none waits. */
    synchronized @Nullable Item take() {
        Object value = states ? firstState() : events.pollFirst();
        if (value == null) return null;
        if (states) taken = value;
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
