// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import static org.spicetime.runtime.api.security.Role.ADMIN;
import static org.spicetime.runtime.api.security.Role.OPERATOR;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.DomainUpdate;
import org.spicetime.runtime.api.domain.ResourceKind;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.task.BulkResult;

/** The fields of Mutation that concern domains. */
final class MutationFields {
    private final Services services;

    MutationFields(Services services) {
        this.services = services;
    }

    RootFields all() {
        RootFields fields =
                new RootFields("Mutation")
                        .change("allocateResources", OPERATOR, this::allocate)
                        .change("releaseResources", OPERATOR, this::release)
                        .change("createDomain", ADMIN, this::create)
                        .change("deleteDomain", ADMIN, this::delete)
                        .change(
                                "backupStore",
                                ADMIN,
                                call -> services.domains().backupStore(Services.changedBy(call)))
                        .change("setLogLevel", ADMIN, call -> LogFields.setLevel(services, call))
                        .change("updateDomain", OPERATOR, this::update)
                        .change("startDomain", OPERATOR, call -> state(call, Domain::start))
                        .change(
                                "stopDomain",
                                OPERATOR,
                                call -> state(call, d -> d.stop(call.flag("drain"))))
                        .change("drainDomain", OPERATOR, call -> state(call, Domain::drain))
                        .change("pauseDomain", OPERATOR, call -> state(call, Domain::pause))
                        .change("resumeDomain", OPERATOR, call -> state(call, Domain::resume))
                        .change(
                                "collectGarbage",
                                OPERATOR,
                                call -> domain(call).collectGarbage(call.flag("compact")))
                        .change("swapOut", OPERATOR, MemoryFields.swapOut(this::domain));
        new ConfigMutations(services).addTo(fields);
        new TaskMutations(services).addTo(fields);
        new ScheduleMutations(services).addTo(fields);
        return new CatalogueMutations(services).addTo(fields);
    }

    /** Types that only mutations answer. */
    static List<Fields<?>> types() {
        return List.of(
                Fields.of("DeleteDomainPayload", Deleted.class)
                        .leaf("domainId", d -> d.domain().value())
                        .leaf("cancelledTasks", Deleted::cancelled),
                ConfigMutations.type(),
                Fields.of("BulkTaskPayload", BulkResult.class)
                        .leaf("matched", BulkResult::matched)
                        .leaf("changed", BulkResult::changed)
                        .leaf("more", BulkResult::more));
    }

    private Domain domain(Call call) {
        return services.domain(call.text("domainId"), call);
    }

    private CompletionStage<DomainView> state(Call call, Step step) {
        Domain domain = domain(call);
        return step.take(domain).thenApply(state -> new DomainView(domain, state));
    }

    private interface Step {
        CompletionStage<DomainState> take(Domain domain);
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
        DomainSpec spec =
                Checked.value(
                        "",
                        () ->
                                new DomainSpec(
                                        id(Objects.requireNonNull(input.text("id"))),
                                        input.text("name"),
                                        input.text("description"),
                                        input.labels("labels"),
                                        ConfigMutations.patch(input.object("config")),
                                        !Boolean.FALSE.equals(input.get("start"))));
        return services.domains().create(spec, Services.changedBy(call)).thenApply(DomainView::of);
    }

    private static DomainId id(String text) {
        try {
            return DomainId.of(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    RequestErrorCode.BAD_USER_INPUT,
                    String.valueOf(e.getMessage()),
                    Map.of("field", "id"));
        }
    }

    private CompletionStage<DomainView> update(Call call) {
        Input input = call.input("input");
        DomainUpdate update =
                Checked.value(
                        "",
                        () ->
                                new DomainUpdate(
                                        to(input, "name", input.text("name")),
                                        to(input, "description", input.text("description")),
                                        to(
                                                input,
                                                "labels",
                                                input.get("labels") == null
                                                        ? null
                                                        : input.labels("labels"))));
        return state(call, domain -> domain.update(update));
    }

    private static <T> DomainUpdate.@Nullable To<T> to(
            Input input, String name, @Nullable T value) {
        return input.members().containsKey(name) ? new DomainUpdate.To<>(value) : null;
    }

    private CompletionStage<Deleted> delete(Call call) {
        DomainId id = domain(call).id();
        return services.domains()
                .delete(id, call.flag("force"), Services.changedBy(call))
                .thenApply(cancelled -> new Deleted(id, cancelled));
    }

    /** What {@code deleteDomain} answers. Immutable. */
    record Deleted(DomainId domain, int cancelled) {}
}
