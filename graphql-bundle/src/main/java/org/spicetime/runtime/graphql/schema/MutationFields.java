// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import static org.spicetime.runtime.api.security.Role.ADMIN;
import static org.spicetime.runtime.api.security.Role.OPERATOR;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.ResourceKind;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.graphql.schema.ConfigFields.Reconfigured;

/** The fields of Mutation that concern domains. */
final class MutationFields {
    private final Services services;

    MutationFields(Services services) {
        this.services = services;
    }

    RootFields all() {
        RootFields fields =
                new RootFields("Mutation")
                        .change("configureDomain", OPERATOR, this::configure)
                        .change("allocateResources", OPERATOR, this::allocate)
                        .change("releaseResources", OPERATOR, this::release)
                        .change("createDomain", ADMIN, this::create)
                        .change("deleteDomain", ADMIN, this::delete)
                        .change("startDomain", OPERATOR, call -> state(call, Domain::start))
                        .change(
                                "stopDomain",
                                OPERATOR,
                                call -> state(call, d -> d.stop(call.flag("drain"))))
                        .change("drainDomain", OPERATOR, call -> state(call, Domain::drain))
                        .change("pauseDomain", OPERATOR, call -> state(call, Domain::pause))
                        .change("resumeDomain", OPERATOR, call -> state(call, Domain::resume))
                        .change("reconfigureDomain", OPERATOR, this::reconfigure)
                        .change(
                                "collectGarbage",
                                OPERATOR,
                                call -> domain(call).collectGarbage(call.flag("compact")));
        new TaskMutations(services).addTo(fields);
        return new CatalogueMutations(services).addTo(fields);
    }

    /** Types that only mutations answer. */
    static List<Fields<?>> types() {
        return List.of(
                Fields.of("DeleteDomainPayload", Deleted.class)
                        .leaf("domainId", d -> d.domain().value())
                        .leaf("cancelledTasks", Deleted::cancelled),
                Fields.of("ReconfigureDomainPayload", Reconfigured.class)
                        .part("domain", Reconfigured::domain)
                        .part(
                                "config",
                                r -> new DomainView.ConfigView(r.config(), r.domain().state()))
                        .objects("changes", (r, call) -> r.changes())
                        .leaf("applied", Reconfigured::applied));
    }

    private Domain domain(Call call) {
        return services.domain(call.text("domainId"));
    }

    private CompletionStage<DomainView> state(Call call, Step step) {
        Domain domain = domain(call);
        return step.take(domain).thenApply(state -> new DomainView(domain, state));
    }

    private interface Step {
        CompletionStage<DomainState> take(Domain domain);
    }

    private CompletionStage<DomainView> configure(Call call) {
        return state(call, domain -> domain.configure(patch(call.input("config")), null));
    }

    @SuppressWarnings("NullAway") // the class file of a compact constructor lacks the annotation
    private static ConfigPatch patch(@Nullable Input input) {
        return input == null ? ConfigPatch.NONE : new ConfigPatch(input.members());
    }

    private CompletionStage<?> allocate(Call call) {
        return domain(call).allocate(AllocationInputs.request(call.input("resources")));
    }

    private CompletionStage<DomainView> release(Call call) {
        List<?> named = (List<?>) call.optional("resources");
        Set<ResourceKind> kinds = EnumSet.noneOf(ResourceKind.class);
        if (named == null) kinds.addAll(EnumSet.allOf(ResourceKind.class));
        else named.forEach(kind -> kinds.add(ResourceKind.valueOf(String.valueOf(kind))));
        return state(call, domain -> domain.release(kinds));
    }

    private CompletionStage<DomainView> create(Call call) {
        Input input = call.input("input");
        boolean start = !Boolean.FALSE.equals(input.get("start"));
        DomainSpec spec;
        try {
            spec =
                    new DomainSpec(
                            DomainId.of(Objects.requireNonNull(input.text("id"))),
                            input.text("name"),
                            input.text("description"),
                            input.labels("labels"),
                            patch(input.object("config")),
                            start);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new RefusedException(
                    RequestErrorCode.BAD_USER_INPUT,
                    message,
                    Map.of("field", message.startsWith("name") ? "name" : "id"));
        }
        return services.domains().create(spec).thenApply(DomainView::of);
    }

    private CompletionStage<Deleted> delete(Call call) {
        DomainId id = domain(call).id();
        return services.domains()
                .delete(id, call.flag("force"))
                .thenApply(cancelled -> new Deleted(id, cancelled));
    }

    private CompletionStage<Reconfigured> reconfigure(Call call) {
        Domain domain = domain(call);
        ConfigPatch patch = patch(call.input("config"));
        Integer expected = (Integer) call.optional("expectedRevision");
        DomainState before = domain.state();
        if (!call.flag("dryRun")) {
            return domain.configure(patch, expected)
                    .thenApply(after -> answer(domain, before, after, after.config(), true));
        }
        return CompletableFuture.completedFuture(
                answer(domain, before, before, domain.rehearse(patch, expected).config(), false));
    }

    private static Reconfigured answer(
            Domain domain,
            DomainState before,
            DomainState now,
            DomainConfig config,
            boolean applied) {
        return new Reconfigured(
                new DomainView(domain, now),
                config,
                ConfigTree.differences(before.config(), config),
                applied);
    }

    /** What {@code deleteDomain} answers. Immutable. */
    record Deleted(DomainId domain, int cancelled) {}
}
