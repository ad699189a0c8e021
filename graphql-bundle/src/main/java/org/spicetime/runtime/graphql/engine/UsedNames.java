// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainListener;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.DomainsListener;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * Tells when a domain takes up the name of a policy or a strategy, or lets go of one: a name that
 * is deployed no more is served as long as it is used. Thread-safe.
 */
final class UsedNames implements DomainsListener {
    private final Runnable changed;
    private final Map<DomainId, Watch> watches = new HashMap<>();

    private UsedNames(Runnable changed) {
        this.changed = changed;
    }

    /**
     * Watches all domains there are and will be.
     *
     * @param changed must return at once
     */
    static Watch watch(Domains domains, Runnable changed) {
        UsedNames used = new UsedNames(changed);
        Watch comings = domains.watch(used);
        return () -> {
            comings.close();
            used.closeAll();
        };
    }

    @Override
    public synchronized void created(Domain domain) {
        try {
            Watch before = watches.put(domain.id(), domain.watch(new Names(changed)));
            if (before != null) before.close();
        } catch (RefusedException _) {
            // Deleted meanwhile, which is told next.
            changed.run();
        }
    }

    @Override
    public synchronized void deleted(DomainId id) {
        Watch watch = watches.remove(id);
        if (watch != null) watch.close();
        changed.run();
    }

    private synchronized void closeAll() {
        watches.values().forEach(Watch::close);
        watches.clear();
    }

    /** The names of one domain. Thread-safe. */
    private static final class Names implements DomainListener {
        private final Runnable changed;
        private final AtomicReference<List<String>> last = new AtomicReference<>(List.of());

        Names(Runnable changed) {
            this.changed = changed;
        }

        @Override
        public void changed(DomainState state) {
            List<String> names =
                    List.of(
                            state.config().scheduler().policy(),
                            state.activePolicy(),
                            state.config().memory().allocationType(),
                            state.activeAllocator());
            if (!names.equals(last.getAndSet(names))) changed.run();
        }
    }
}
