// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.alert;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;

/**
 * The alerts of the host and its domains: those that hold, and the last {@value #KEPT} that were
 * cleared since the host started; nothing of them outlives the host. Thread-safe; answers from
 * memory.
 */
@ProviderType
public interface Alerts {
    /** Cleared alerts that are kept. */
    int KEPT = 500;

    /**
     * Alerts, the one raised last first.
     *
     * @param domain only those about this domain; null: all, those about the host included
     * @param active only those that still hold
     * @param first most alerts wanted, 0 or more
     * @return a snapshot
     * @throws IllegalArgumentException if {@code first} is negative
     */
    List<Alert> list(@Nullable DomainId domain, boolean active, int first);

    /**
     * Tells the alerts that hold at once, the oldest first, then each one whenever it is raised,
     * changes its severity, or is cleared, in order. Those of a domain are cleared when it is
     * deleted.
     *
     * @param domain only those about this domain; null: all, those about the host included
     * @param listener told of each change
     * @return ends the observation when closed
     */
    Watch watch(@Nullable DomainId domain, AlertListener listener);
}
