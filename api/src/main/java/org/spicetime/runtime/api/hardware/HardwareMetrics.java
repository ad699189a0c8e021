// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.hardware;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Measures the machine. A service; the host works without one, and then knows nothing of the
 * machine.
 *
 * <p>Readings can take hundreds of milliseconds, so an implementation takes them on a thread of its
 * own, about once a second, and answers from memory.
 *
 * <p>Thread-safe. Called on every metrics request; neither method blocks or throws.
 */
@ConsumerType
public interface HardwareMetrics {

    /**
     * The latest sample.
     *
     * @return the sample; all values absent before the first one was taken
     */
    HardwareSample sample();

    /**
     * What does not change while the machine is up.
     *
     * @return the facts known by now; the slower ones appear shortly after the start
     */
    HardwareFacts facts();
}
