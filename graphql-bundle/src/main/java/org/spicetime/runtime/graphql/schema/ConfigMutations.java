// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import static org.spicetime.runtime.api.security.Role.OPERATOR;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.ConfigChange;
import org.spicetime.runtime.api.domain.ConfigOperations;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.ConfigRehearsal;
import org.spicetime.runtime.api.domain.ConfigRevision;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.DomainState;

/** The fields of Mutation that concern the configuration of a domain. */
final class ConfigMutations {
    private final Services services;

    ConfigMutations(Services services) {
        this.services = services;
    }

    RootFields addTo(RootFields fields) {
        return fields.change("configureDomain", OPERATOR, this::configure)
                .change("reconfigureDomain", OPERATOR, this::reconfigure)
                .change("rollbackDomainConfig", OPERATOR, this::rollback);
    }

    static Fields<Reconfigured> type() {
        return Fields.of("ReconfigureDomainPayload", Reconfigured.class)
                .part("domain", Reconfigured::domain)
                .part("config", r -> new DomainView.ConfigView(r.config(), r.domain().state()))
                .objects("changes", (r, call) -> r.changes())
                .leaf("applied", Reconfigured::applied);
    }

    @SuppressWarnings("NullAway") // the class file of a compact constructor lacks the annotation
    static ConfigPatch patch(@Nullable Input input) {
        return input == null ? ConfigPatch.NONE : new ConfigPatch(input.members());
    }

    private CompletionStage<DomainView> configure(Call call) {
        Domain domain = services.domain(call.text("domainId"), call);
        return domain.configure(patch(call.input("config")), null)
                .thenApply(state -> new DomainView(domain, state));
    }

    private CompletionStage<Reconfigured> reconfigure(Call call) {
        Domain domain = services.domain(call.text("domainId"), call);
        ConfigPatch patch = patch(call.input("config"));
        Integer expected = (Integer) call.optional("expectedRevision");
        return call.flag("dryRun")
                ? rehearsed(domain, domain.rehearse(patch, expected))
                : applied(domain, () -> domain.configure(patch, expected));
    }

    private CompletionStage<Reconfigured> rollback(Call call) {
        Domain domain = services.domain(call.text("domainId"), call);
        int revision = call.integer("revision");
        Integer expected = (Integer) call.optional("expectedRevision");
        return call.flag("dryRun")
                ? rehearsed(domain, domain.rehearseRollback(revision, expected))
                : applied(domain, () -> domain.rollback(revision, expected));
    }

    private static CompletionStage<Reconfigured> rehearsed(
            Domain domain, ConfigRehearsal rehearsal) {
        return CompletableFuture.completedFuture(
                new Reconfigured(
                        DomainView.of(domain), rehearsal.config(), rehearsal.changes(), false));
    }

    private static CompletionStage<Reconfigured> applied(
            Domain domain, Supplier<CompletionStage<DomainState>> change) {
        int before = domain.state().revision();
        return change.get()
                .thenApply(state ->
                        new Reconfigured(
                                new DomainView(domain, state),
                                state.config(),
                                state.revision() == before ? List.of() : changes(domain, state),
                                true));
    }

    // A change that others overtook by more revisions than are kept is told without its details.
    private static List<ConfigChange> changes(Domain domain, DomainState state) {
        return domain.revisions(ConfigOperations.MAX_REVISIONS).stream()
                .filter(revision -> revision.revision() == state.revision())
                .findFirst()
                .map(ConfigRevision::changes)
                .orElse(List.of());
    }

    /** What {@code reconfigureDomain} and {@code rollbackDomainConfig} answer. Immutable. */
    record Reconfigured(
            DomainView domain, DomainConfig config, List<ConfigChange> changes, boolean applied) {}
}
