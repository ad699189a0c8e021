// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.stream;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Watch;

/** What a subscription listens to. Thread-safe; opened at most once. */
public interface EventSource {

    /** Starts listening. The listener may be called before this returns. */
    Watch open(Listener listener);

    /** Whether its values are states, of which only the newest counts, or events. */
    Kind kind();

    /** The thing that a state is the state of; by default all are of one. */
    default Object key(Object value) {
        return Kind.STATES;
    }

    /**
     * Takes the next value of a source that is pulled; null: none waits. By one thread at a time.
     */
    default @Nullable Object pull() {
        return null;
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
        EVENTS,
        /**
         * Values that wait at the source until they are pulled; those told only wake the reader.
         */
        PULLED
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
