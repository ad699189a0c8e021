// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.alerts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.Facts;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.AlertSeverity;

/** Which plugins are kept away from all domains. Stateless. */
final class QuarantineRule {
    private QuarantineRule() {}

    static List<Finding> findings(Catalogue catalogue) {
        return Stream.of(
                        of(PluginKind.SCHEDULING_POLICY, catalogue.policies()),
                        of(PluginKind.ALLOCATOR, catalogue.allocators()),
                        of(PluginKind.TASK_HANDLER, catalogue.handlers()))
                .flatMap(found -> found)
                .toList();
    }

    private static Stream<Finding> of(PluginKind kind, List<? extends CatalogueEntry> entries) {
        return entries.stream()
                .map(CatalogueEntry::facts)
                .filter(facts -> facts.state() == CatalogueState.QUARANTINED)
                .map(facts -> finding(kind, facts));
    }

    private static Finding finding(PluginKind kind, Facts facts) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("kind", kind.name());
        details.put("plugin", facts.name());
        details.put("until", Objects.toString(facts.quarantinedUntil()));
        if (facts.bundle() != null) {
            details.put("bundle", facts.bundle());
        }
        String why = "";
        if (!facts.ejections().isEmpty()) {
            Ejection last = facts.ejections().getFirst();
            details.put("incident", last.id().toString());
            details.put("reason", last.reason().name());
            why = " (" + last.reason() + "): " + last.message();
        }
        return new Finding(
                AlertCode.PLUGIN_QUARANTINED,
                null,
                kind + " " + facts.name(),
                AlertSeverity.WARNING,
                facts.name() + " is in quarantine until " + facts.quarantinedUntil() + why,
                details);
    }
}
