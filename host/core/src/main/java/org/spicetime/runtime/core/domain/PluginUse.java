// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.core.plugins.PluginUsage;

/** Which domains use which plugins. Thread-safe. */
final class PluginUse implements PluginUsage {

    private final Supplier<Collection<HostedDomain>> domains;

    PluginUse(Supplier<Collection<HostedDomain>> domains) {
        this.domains = domains;
    }

    @Override
    public List<DomainId> domains(PluginKind kind, String name) {
        return those(domain -> domain.body().seats.uses(kind, name));
    }

    @Override
    public List<DomainId> configured(PluginKind kind, String name) {
        return those(domain -> {
            DomainConfig config = domain.body().config();
            return switch (kind) {
                case SCHEDULING_POLICY -> config.scheduler().policy().equals(name);
                case ALLOCATOR -> config.memory().allocationType().equals(name);
                case TASK_HANDLER -> false;
            };
        });
    }

    /** A domain that hangs is left out: nobody may wait for it. */
    private List<DomainId> those(Predicate<HostedDomain> which) {
        return domains.get().stream()
                .filter(domain -> domain.body().hangs() == null)
                .filter(which)
                .map(HostedDomain::id)
                .toList();
    }

    @Override
    public boolean exists(DomainId domain) {
        return domains.get().stream().anyMatch(one -> one.id().equals(domain));
    }

    @Override
    public List<Ejection> eject(
            PluginKind kind, String name, @Nullable DomainId domain, String message) {
        List<Ejection> ejections = new ArrayList<>();
        for (HostedDomain one : domains.get()) {
            if (domain == null || one.id().equals(domain)) {
                Ejection ejection = one.body().seats.eject(kind, name, message);
                if (ejection != null) {
                    ejections.add(ejection);
                }
            }
        }
        return ejections;
    }
}
