// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.catalogue;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.task.TaskType;

/** A plugin as it is deployed now. Immutable. */
public sealed interface CatalogueEntry {
    /** What every entry tells. */
    Facts facts();

    /**
     * What every entry tells. Immutable.
     *
     * @param name by which it is configured
     * @param version of the plugin
     * @param description what it does
     * @param bundle symbolic name of the bundle it comes from; null: built into the host
     * @param bundleVersion version of that bundle; null: built into the host
     * @param state how far it is trusted
     * @param quarantinedUntil end of the quarantine; null unless quarantined
     * @param parametersSchema JSON Schema, as JSON text, of its parameters or payload
     * @param usedBy domains that use it
     * @param ejections newest first
     */
    record Facts(
            String name,
            String version,
            String description,
            @Nullable String bundle,
            @Nullable String bundleVersion,
            CatalogueState state,
            @Nullable Instant quarantinedUntil,
            String parametersSchema,
            List<DomainId> usedBy,
            List<Ejection> ejections) {
        public Facts {
            usedBy = List.copyOf(usedBy);
            ejections = List.copyOf(ejections);
        }
    }

    /**
     * A scheduling policy. Immutable.
     *
     * @param admissionControl whether it brings a schedulability test
     */
    record PolicyEntry(Facts facts, PolicyDescriptor descriptor, boolean admissionControl)
            implements CatalogueEntry {}

    /** An allocation strategy. Immutable. */
    record AllocatorEntry(Facts facts, StrategyDescriptor descriptor) implements CatalogueEntry {}

    /**
     * A task handler. Immutable.
     *
     * @param defaultFor types whose tasks it runs when they name no handler
     * @param resultSchema JSON Schema, as JSON text, of its result
     */
    record HandlerEntry(Facts facts, Set<TaskType> defaultFor, String resultSchema)
            implements CatalogueEntry {
        public HandlerEntry {
            defaultFor = Set.copyOf(defaultFor);
        }
    }
}
