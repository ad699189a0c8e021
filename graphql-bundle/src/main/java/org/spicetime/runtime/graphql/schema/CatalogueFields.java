// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.AllocatorEntry;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.HandlerEntry;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.PolicyEntry;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.catalogue.DeployedBundle;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.Ordering;

/** What is deployed, and the plugins that were taken out of service. */
final class CatalogueFields {
    private static final int MOST_EJECTIONS = 500;
    private static final int MOST_QUEUED = 1_000_000;

    private CatalogueFields() {}

    static List<Fields<?>> all(Services services) {
        return List.of(policy(services), allocator(services), handler(services), ejection());
    }

    private static Fields<PolicyEntry> policy(Services services) {
        return common(Fields.of("SchedulingPolicyInfo", PolicyEntry.class), services)
                .leaf("policy", e -> e.facts().name())
                .leaf("deadlineAware", e -> e.descriptor().deadlineAware())
                .leaf("preemptive", e -> e.descriptor().preemptive())
                .leaf("strict", e -> e.descriptor().ordering() == Ordering.STRICT)
                .objects("starvationBound", CatalogueFields::starvationBound)
                .leaf("admissionControl", PolicyEntry::admissionControl);
    }

    private static @Nullable Integer starvationBound(PolicyEntry entry, Call call) {
        int queued = call.integer("queued");
        if (queued < 0 || queued > MOST_QUEUED)
            throw RefusedException.outOfRange("queued", queued, "0 .. " + MOST_QUEUED);
        return entry.descriptor()
                .starvationBound()
                .map(bound -> (int) Math.min(Integer.MAX_VALUE, bound.picks(queued)))
                .orElse(null);
    }

    private static Fields<AllocatorEntry> allocator(Services services) {
        return common(Fields.of("AllocatorInfo", AllocatorEntry.class), services)
                .leaf("allocationType", e -> e.facts().name())
                .leaf("constantTime", e -> e.descriptor().boundedTime());
    }

    private static Fields<HandlerEntry> handler(Services services) {
        return common(Fields.of("TaskHandlerInfo", HandlerEntry.class), services)
                .leaf("types", e -> e.defaultFor().stream().sorted().toList());
    }

    private static <T extends CatalogueEntry> Fields<T> common(
            Fields<T> fields, Services services) {
        return fields.leaf("name", e -> e.facts().name())
                .leaf("description", e -> e.facts().description())
                .objects("bundle", (e, call) -> bundle(services, e))
                .leaf("available", e -> e.facts().state() == CatalogueState.ACTIVE)
                .leaf("state", e -> e.facts().state())
                .leaf("quarantinedUntil", e -> e.facts().quarantinedUntil())
                .objects(
                        "ejections",
                        (e, call) ->
                                e.facts().ejections().stream()
                                        .limit(DomainFields.first(call, MOST_EJECTIONS))
                                        .toList())
                .leaf("parametersSchema", e -> PayloadJson.parse(e.facts().parametersSchema()))
                .objects(
                        "usedBy",
                        (e, call) ->
                                e.facts().usedBy().stream()
                                        .flatMap(id -> services.domains().find(id).stream())
                                        .map(DomainView::of)
                                        .toList());
    }

    private static @Nullable DeployedBundle bundle(Services services, CatalogueEntry entry) {
        String name = entry.facts().bundle();
        return name == null ? null : services.bundles().find(name).orElse(null);
    }

    private static Fields<Ejection> ejection() {
        return Fields.of("Ejection", Ejection.class)
                .leaf("id", e -> e.id().toString())
                .leaf("timestamp", Ejection::timestamp)
                .leaf("kind", Ejection::kind)
                .leaf("name", Ejection::name)
                .leaf("version", Ejection::bundleVersion)
                .leaf("domainId", e -> e.domain() == null ? null : e.domain().value())
                .leaf("reason", Ejection::reason)
                .leaf("message", Ejection::message)
                .leaf("replacedBy", Ejection::replacedBy)
                .leaf("switchTime", e -> Numbers.micros(e.switchTime()))
                .leaf("report", e -> e.report().isEmpty() ? null : e.report());
    }
}
