// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.stream;

import org.spicetime.runtime.api.Watch;

/** What a subscription listens to. Thread-safe; opened at most once. */
public interface EventSource {

    /** Starts listening. The listener may be called before this returns. */
    Watch open(Listener listener);

    /** Whether what it listens to does not exist any more, so that nothing will follow. */
    boolean gone();

    /** Whether its values are states, of which only the newest counts, or events. */
    Kind kind();

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
        void last(Object value);
    }
}
