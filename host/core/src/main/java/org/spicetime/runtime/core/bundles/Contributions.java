// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.bundles;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.catalogue.DeployedBundle;
import org.spicetime.runtime.api.catalogue.PluginKind;

/** Which bundle provides which plugins now. Thread-safe. */
final class Contributions {

    /** A bundle, as the catalogue names it. */
    record Owner(String symbolicName, String version) {}

    private final Catalogue catalogue;

    Contributions(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    Map<Owner, List<DeployedBundle.Contribution>> byOwner() {
        Map<Owner, List<DeployedBundle.Contribution>> byOwner = new HashMap<>();
        add(byOwner, PluginKind.SCHEDULING_POLICY, catalogue.policies());
        add(byOwner, PluginKind.ALLOCATOR, catalogue.allocators());
        add(byOwner, PluginKind.TASK_HANDLER, catalogue.handlers());
        return byOwner;
    }

    private static void add(
            Map<Owner, List<DeployedBundle.Contribution>> byOwner,
            PluginKind kind,
            List<? extends CatalogueEntry> entries) {
        for (CatalogueEntry entry : entries) {
            CatalogueEntry.Facts facts = entry.facts();
            if (facts.bundle() != null
                    && facts.bundleVersion() != null
                    && facts.state() != CatalogueState.UNAVAILABLE) {
                byOwner.computeIfAbsent(
                                new Owner(facts.bundle(), facts.bundleVersion()),
                                owner -> new ArrayList<>())
                        .add(new DeployedBundle.Contribution(kind, facts.name()));
            }
        }
    }
}
