// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import java.time.Duration;

/** Runs short actions later. Thread-safe. */
public interface Timer extends AutoCloseable {
    /**
     * Runs an action once, unless it is cancelled before.
     *
     * @return cancels it; harmless afterwards
     */
    Runnable after(Duration delay, Runnable action);

    /** Runs nothing any more. */
    @Override
    void close();
}
