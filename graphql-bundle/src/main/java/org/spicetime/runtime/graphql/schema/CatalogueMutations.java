// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import static org.spicetime.runtime.api.security.Role.ADMIN;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.PluginKind;

/** The fields of Mutation that concern plugins. */
final class CatalogueMutations {
    private final Services services;

    CatalogueMutations(Services services) {
        this.services = services;
    }

    RootFields addTo(RootFields fields) {
        return fields.change("ejectPlugin", ADMIN, this::eject)
                .change("reinstatePlugin", ADMIN, this::reinstate);
    }

    private CompletionStage<List<Ejection>> eject(Call call) {
        String domain = (String) call.optional("domainId");
        @Nullable DomainId only = domain == null ? null : services.domain(domain).id();
        return services.catalogue()
                .eject(
                        call.choice("kind", PluginKind.class),
                        (String) call.optional("name"),
                        only,
                        call.text("reason"),
                        call.caller().name());
    }

    private CompletionStage<CatalogueEntry> reinstate(Call call) {
        return services.catalogue()
                .reinstate(
                        call.choice("kind", PluginKind.class),
                        call.text("name"),
                        call.caller().name());
    }
}
