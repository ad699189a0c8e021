// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.stream;

import org.spicetime.runtime.api.Watch;

/** What a subscription listens to. Thread-safe; opened at most once. */
public interface EventSource {

    /** Starts listening. The listener may be called before this returns. */
    Watch open(Listener listener);

    /** Whether what it listens to does not exist any more, so that nothing will follow. */
    default boolean gone() {
        return false;
    }

    /** Whether its values are states, of which only the newest counts, or events. */
    Kind kind();

    /** The thing that a state is the state of; by default all are of one. */
    default Object key(Object value) {
        return Kind.STATES;
    }

    /** The value as it is sent; called for each value sent, in order, by one thread at a time. */
    default Object sent(Object value) {
        return value;
    }

    /** What the values of a source are. */
    enum Kind {
        /** States: a slow reader gets the newest. Equal ones in a row are told once. */
        STATES,
        /** Events: a slow reader is told how many were skipped. */
        EVENTS
    }

    /** Receives values; returns at once. */
    interface Listener {
        /** A value. */
        void next(Object value);

        /** The last value; the stream completes after it. */
        default void last(Object value) {
            next(value);
            end();
        }

        /** Nothing follows; the stream completes after what waits. */
        void end();

        /** Nothing follows but this error; the stream tells it after what waits and completes. */
        void fail(RuntimeException cause);
    }
}
