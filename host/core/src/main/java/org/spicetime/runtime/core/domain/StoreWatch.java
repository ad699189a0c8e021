// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.StoreHealth;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * Tells the domains of a store that does not take what it should: they are DEGRADED by it until it
 * does again. Called by the sampler alone.
 */
final class StoreWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

    private HealthStatus status = HealthStatus.HEALTHY;
    private boolean readOnly;
    private @Nullable String why;

    /** Compares the store with what was told last. */
    void look(StoreHealth health, Collection<HostedDomain> domains) {
        if (health.status() != status || health.readOnly() != readOnly) {
            status = health.status();
            readOnly = health.readOnly();
            // Told as it began: the sentence holds figures that change all the time.
            why = refuses(health) ? "the task store: " + health.message() : null;
        }
        for (HostedDomain domain : domains) {
            try {
                domain.body().storeIs(why);
            } catch (RefusedException hangs) {
                LOG.debug("domain={} is not told of the store", domain.id(), hangs);
            }
        }
    }

    private static boolean refuses(StoreHealth health) {
        return health.readOnly()
                || health.status() == HealthStatus.DEGRADED
                || health.status() == HealthStatus.UNHEALTHY;
    }
}
