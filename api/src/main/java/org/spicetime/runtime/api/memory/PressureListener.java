// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Gives memory back when a pool fills up: a cache that drops what it can make again, a source that
 * holds back. An OSGi service; all listeners hear of all domains.
 *
 * <p>Told of every change of level, at most once a second per domain; when levels change faster, of
 * the newest one. What is told comes from the past: the level may have changed since. When a pool
 * becomes scarcer, listeners are told before the host collects, swaps and refuses tasks.
 *
 * <p>Called by one thread at a time, a thread of its own. The host waits for it for {@value
 * #LIMIT_MILLIS} ms at most: one that takes longer is interrupted, reported in the log, and told
 * nothing more until it has returned. One that throws is reported; the others are told all the
 * same.
 */
@FunctionalInterface
@ConsumerType
public interface PressureListener {
    /** Time for one call, milliseconds. */
    int LIMIT_MILLIS = 100;

    /**
     * The level of a domain's pool has changed, upwards or downwards.
     *
     * @param pressure of which domain, and how much
     */
    void pressureChanged(MemoryPressure pressure);
}
