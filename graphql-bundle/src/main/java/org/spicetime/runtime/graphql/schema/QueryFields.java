// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import static org.spicetime.runtime.api.security.Role.OPERATOR;
import static org.spicetime.runtime.api.security.Role.VIEWER;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.Task;

/** The fields of Query. */
final class QueryFields {
    private static final int MOST_NODES = 200;

    private final Services services;
    private final SchemaState state;

    QueryFields(Services services, SchemaState state) {
        this.services = services;
        this.state = state;
    }

    RootFields all() {
        return new RootFields("Query")
                .query("domain", VIEWER, call -> DomainView.of(services.domain(call.text("id"))))
                .query("domains", VIEWER, this::domains)
                .query(
                        "domainsConnection",
                        VIEWER,
                        call -> ConnectionFields.domains(services, call))
                .query("task", VIEWER, call -> services.task(call.text("id")))
                .query("tasks", VIEWER, this::tasks)
                .query("tasksConnection", VIEWER, this::pageOfTasks)
                .query("schedules", VIEWER, call -> ScheduleFields.all(services, call))
                .query(
                        "resourceUsage",
                        VIEWER,
                        call -> services.domain(call.text("domainId")).resources())
                .query("systemHealth", VIEWER, call -> state.with(services.domains().health()))
                .query("node", VIEWER, call -> node(call.text("id")))
                .query("nodes", VIEWER, this::nodes)
                .query(
                        "findDomain",
                        VIEWER,
                        call ->
                                services.findDomain(call.text("id"))
                                        .map(DomainView::of)
                                        .orElse(null))
                .query("findTask", VIEWER, call -> services.findTask(call.text("id")).orElse(null))
                .query("schedulingPolicies", VIEWER, call -> services.catalogue().policies())
                .query("allocators", VIEWER, call -> services.catalogue().allocators())
                .query("taskHandlers", VIEWER, call -> services.catalogue().handlers())
                .query("bundles", VIEWER, call -> services.bundles().all())
                .query("host", VIEWER, call -> services.domains().hostFacts())
                .query("logs", OPERATOR, call -> LogFields.newest(services, call))
                .query("alerts", VIEWER, call -> AlertFields.all(services, call))
                .query("viewer", VIEWER, Call::caller)
                .query("schemaInfo", VIEWER, call -> call.scope().schema());
    }

    private List<DomainView> domains(Call call) {
        Predicate<DomainState> wanted = FilterInputs.domains(call.optional("filter"));
        return services.domains().all().stream()
                .map(DomainView::of)
                .filter(view -> wanted.test(view.state()))
                .toList();
    }

    private List<Task> tasks(Call call) {
        Domain domain = services.domain(call.text("domainId"));
        return FilterInputs.tasks(call.optional("filter")).map(domain::tasks).orElse(List.of());
    }

    private Connection pageOfTasks(Call call) {
        String id = (String) call.optional("domainId");
        return ConnectionFields.tasks(
                id == null ? services.domains()::page : services.domain(id)::page, call);
    }

    private List<@Nullable Object> nodes(Call call) {
        List<?> ids = (List<?>) call.optional("ids");
        if (ids == null || ids.size() > MOST_NODES) {
            throw RefusedException.outOfRange(
                    "ids", ids == null ? null : ids.size() + " ids", "0 .. " + MOST_NODES + " ids");
        }
        List<@Nullable Object> found = new ArrayList<>();
        for (Object id : ids) found.add(node(String.valueOf(id)));
        return found;
    }

    // Tasks have UUIDs, and a domain id may not look like one; the others have a prefix.
    private @Nullable Object node(String id) {
        if (id.startsWith(BundleFields.PREFIX)) return BundleFields.find(services, id);
        if (id.startsWith(ScheduleFields.PREFIX)) return ScheduleFields.find(services, id);
        if (Services.taskId(id) != null) return services.findTask(id).orElse(null);
        return services.findDomain(id).map(DomainView::of).orElse(null);
    }
}
