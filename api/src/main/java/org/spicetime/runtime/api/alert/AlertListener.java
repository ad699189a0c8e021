// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.alert;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told of alerts, by one host thread at a time and without a lock held; must return quickly. One
 * that is behind by more than a thousand misses the oldest.
 */
@ConsumerType
public interface AlertListener {
    /**
     * An alert was raised, changed its severity, or was cleared; also once for each one that holds
     * when the watch begins.
     *
     * @param alert as it is now
     */
    void changed(Alert alert);

    /** The domain that was watched is deleted, its alerts are cleared; nothing follows. */
    default void deleted() {}
}
