// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.PluginKind;

/** Who uses what. Thread-safe. */
public interface PluginUsage {

    /** Nobody uses anything. */
    PluginUsage NONE =
            new PluginUsage() {
                @Override
                public List<DomainId> domains(PluginKind kind, String name) {
                    return List.of();
                }

                @Override
                public List<DomainId> configured(PluginKind kind, String name) {
                    return List.of();
                }

                @Override
                public boolean exists(DomainId domain) {
                    return false;
                }

                @Override
                public List<Ejection> eject(
                        PluginKind kind, String name, @Nullable DomainId domain, String message) {
                    return List.of();
                }
            };

    /** Domains that use the plugin of this name now. */
    List<DomainId> domains(PluginKind kind, String name);

    /** Domains whose configuration names the plugin, whether it is there or not. */
    List<DomainId> configured(PluginKind kind, String name);

    /** Whether there is such a domain. */
    boolean exists(DomainId domain);

    /**
     * Takes a plugin out of the domains that use it now, as an operator wants. May wait for locks
     * of domains.
     *
     * @param domain only there; null: everywhere
     * @return an incident for each domain; they are on the record already
     */
    List<Ejection> eject(PluginKind kind, String name, @Nullable DomainId domain, String message);
}
