// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.stream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams that are open, so that those whose fields left the schema can be ended. Thread-safe.
 */
public final class OpenStreams {
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();

    /** Ends the streams whose fields left the schema. */
    public void sweep() {
        streams.forEach(Stream::sweep);
    }

    /** Cancels all streams, as their readers could. */
    public void cancelAll() {
        streams.forEach(Stream::cancel);
    }

    /** How many are open. */
    public int count() {
        return streams.size();
    }

    void add(Stream stream) {
        streams.add(stream);
    }

    void remove(Stream stream) {
        streams.remove(stream);
    }

    /** An open stream. */
    interface Stream {
        void sweep();

        void cancel();

        void fail(RuntimeException cause);
    }
}
