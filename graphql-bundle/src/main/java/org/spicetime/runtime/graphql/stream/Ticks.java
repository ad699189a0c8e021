// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.stream;

import java.time.Duration;
import org.spicetime.runtime.api.Watch;

/** A steady pace for streams of measurements. Thread-safe. */
public interface Ticks {
    /**
     * Runs a short action every interval, the first time after one, never twice at a time.
     *
     * @return ends it
     */
    Watch every(Duration interval, Runnable tick);
}
