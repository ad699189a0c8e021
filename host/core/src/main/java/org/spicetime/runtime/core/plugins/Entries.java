// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.AllocatorEntry;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.Facts;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.HandlerEntry;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.PolicyEntry;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.catalogue.Ejection;

/** Makes entries of the catalogue. Stateless. */
final class Entries {

    private Entries() {}

    /** An entry that tells what the plugin told, used by nobody and without incidents. */
    static CatalogueEntry of(Plugin plugin, CatalogueState state, @Nullable Instant until) {
        return switch (plugin) {
            case PolicyPlugin policy -> policy(policy, facts(policy, state, until));
            case AllocatorPlugin allocator -> allocator(allocator, facts(allocator, state, until));
            case HandlerPlugin handler -> handler(handler, facts(handler, state, until));
        };
    }

    static PolicyEntry policy(PolicyPlugin plugin, Facts facts) {
        return new PolicyEntry(facts, plugin.descriptor(), plugin.schedulabilityTest().isPresent());
    }

    static AllocatorEntry allocator(AllocatorPlugin plugin, Facts facts) {
        return new AllocatorEntry(facts, plugin.descriptor());
    }

    static HandlerEntry handler(HandlerPlugin plugin, Facts facts) {
        return new HandlerEntry(facts, plugin.descriptor().defaultFor(), plugin.resultSchema());
    }

    /** What the plugin tells of itself. */
    static Facts facts(Plugin plugin, CatalogueState state, @Nullable Instant until) {
        String description;
        String schema;
        switch (plugin) {
            case PolicyPlugin policy -> {
                description = policy.descriptor().description();
                schema = OptionSchema.text(policy.descriptor().options());
            }
            case AllocatorPlugin allocator -> {
                description = allocator.descriptor().description();
                schema = OptionSchema.text(allocator.descriptor().options());
            }
            case HandlerPlugin handler -> {
                description = handler.descriptor().description();
                schema = handler.payloadSchema();
            }
        }
        return new Facts(
                plugin.name(),
                plugin.pluginVersion(),
                description,
                plugin.bundle(),
                plugin.version(),
                state,
                until,
                schema,
                List.of(),
                List.of());
    }

    static Facts with(Facts facts, List<DomainId> usedBy, List<Ejection> ejections) {
        return new Facts(
                facts.name(),
                facts.version(),
                facts.description(),
                facts.bundle(),
                facts.bundleVersion(),
                facts.state(),
                facts.quarantinedUntil(),
                facts.parametersSchema(),
                usedBy,
                ejections);
    }
}
