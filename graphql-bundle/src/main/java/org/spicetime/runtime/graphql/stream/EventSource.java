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

    /**
     * What a response to this value depends on, besides the request; equal for two readers if both
     * may get the same response. Null: each reader needs its own. By default the value itself, by
     * identity, which is right for values that a source gives to all its readers.
     */
    default @Nullable Object event(Object value) {
        return kind() == Kind.PULLED ? null : new Same(value);
    }

    /** The value as it is sent; called for each value sent, in order, by one thread at a time. */
    default Object sent(Object value) {
        return value;
    }

    /**
     * As {@link #sent(Object)}, for values that tell themselves how many were left out before them.
     *
     * @param skipped events of this reader that fell out of its buffer before this one
     */
    default Object sent(Object value, long skipped) {
        return sent(value);
    }

    /**
     * What a reader that lost its connection after a value gives back to miss nothing; null: the
     * source cannot go on where it left off.
     *
     * @param value as it was {@link #sent}
     */
    default @Nullable String cursor(Object value) {
        return null;
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

    /** A thing by its identity. Immutable. */
    final class Same {
        private final Object thing;

        public Same(Object thing) {
            this.thing = thing;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // that is what it is for
        public boolean equals(@Nullable Object other) {
            return other instanceof Same same && same.thing == thing;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(thing);
        }
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
