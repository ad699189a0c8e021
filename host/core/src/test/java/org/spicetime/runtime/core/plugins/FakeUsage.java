// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.PluginKind;

/** Domains of a test: a name of a plugin for each, and none that can lose it. Thread-safe. */
final class FakeUsage implements PluginUsage {
    final Map<DomainId, String> configured = new ConcurrentHashMap<>();

    @Override
    public List<DomainId> domains(PluginKind kind, String name) {
        return configured(kind, name);
    }

    @Override
    public List<DomainId> configured(PluginKind kind, String name) {
        return configured.entrySet().stream()
                .filter(one -> one.getValue().equals(name))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public boolean exists(DomainId domain) {
        return configured.containsKey(domain);
    }

    @Override
    public List<Ejection> eject(
            PluginKind kind, String name, @Nullable DomainId domain, String message) {
        return List.of();
    }
}
