// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.task.TaskFilter;

/** Domains, their owners, reservations and failures. */
final class DomainFields {
    private static final int MOST_ERRORS = 500;

    private DomainFields() {}

    static List<Fields<?>> all(Services services) {
        return List.of(
                domain(),
                owner(),
                host(),
                allocation(),
                cpu(),
                memory(),
                network(),
                error(services));
    }

    // Of the analysis: graphql-java waits for it.
    @SuppressWarnings("FutureReturnValueIgnored")
    private static Fields<DomainView> domain() {
        Fields<DomainView> domain = Fields.of("DomainRuntime", DomainView.class);
        RevisionFields.addTo(domain);
        return domain.leaf("id", v -> v.state().id().value())
                .leaf("name", v -> v.state().name())
                .leaf("status", v -> v.state().status())
                .part("config", DomainView::config)
                .part("metrics", v -> v.domain().metrics())
                .objects("tasks", (v, call) -> v.domain().tasks(TaskFilter.ALL))
                .part("resources", v -> v.domain().resources())
                .leaf("description", v -> v.state().description())
                .leaf("labels", v -> v.state().labels())
                .leaf("createdAt", v -> v.state().createdAt())
                .leaf("incarnation", v -> v.state().incarnation().toString())
                .part("owner", DomainView::state)
                .leaf("statusReason", v -> v.state().statusReason())
                .leaf("revision", v -> v.state().revision())
                .part("allocation", v -> v.domain().allocation().orElse(null))
                .objects(
                        "tasksConnection",
                        (v, call) -> ConnectionFields.tasks(v.domain()::page, call))
                .objects("schedules", (v, call) -> v.domain().schedules())
                .objects("analysis", AnalysisFields::of)
                .objects("history", SampleFields::history)
                .objects("timeline", TimelineFields::timeline)
                .objects("memoryMap", (v, call) -> MemoryFields.of(v))
                .objects("errors", (v, call) -> v.domain().errors(first(call, MOST_ERRORS)));
    }

    /** The argument {@code first}, within bounds. */
    static int first(Call call, int most) {
        int first = call.integer("first");
        if (first < 0 || first > most) {
            throw RefusedException.outOfRange("first", first, "0 .. " + most);
        }
        return first;
    }

    private static Fields<DomainState> owner() {
        return Fields.of("DomainOwner", DomainState.class)
                .part("host", DomainState::owner)
                .leaf("epoch", DomainState::epoch);
    }

    private static Fields<HostRef> host() {
        return Fields.of("HostRef", HostRef.class)
                .leaf("id", HostRef::id)
                .leaf("incarnation", h -> h.incarnation().toString());
    }

    private static Fields<ResourceAllocation> allocation() {
        return Fields.of("ResourceAllocation", ResourceAllocation.class)
                .leaf("id", a -> a.id().toString())
                .leaf("domainId", a -> a.domain().value())
                .part("cpu", ResourceAllocation::cpu)
                .part("memory", ResourceAllocation::memory)
                .part("network", ResourceAllocation::network)
                .leaf("priority", ResourceAllocation::priority)
                .leaf("grantedAt", ResourceAllocation::grantedAt);
    }

    private static Fields<ResourceAllocation.CpuGrant> cpu() {
        return Fields.of("CPUGrant", ResourceAllocation.CpuGrant.class)
                .leaf("cores", ResourceAllocation.CpuGrant::cores)
                .leaf("priority", ResourceAllocation.CpuGrant::priority);
    }

    private static Fields<ResourceAllocation.MemoryGrant> memory() {
        return Fields.of("MemoryGrant", ResourceAllocation.MemoryGrant.class)
                .leaf("size", ResourceAllocation.MemoryGrant::sizeBytes)
                .leaf("type", ResourceAllocation.MemoryGrant::type);
    }

    private static Fields<ResourceAllocation.NetworkGrant> network() {
        return Fields.of("NetworkGrant", ResourceAllocation.NetworkGrant.class)
                .leaf("bandwidth", ResourceAllocation.NetworkGrant::bandwidth)
                .leaf("connections", ResourceAllocation.NetworkGrant::connections);
    }

    private static Fields<RuntimeError> error(Services services) {
        return Fields.of("RuntimeError", RuntimeError.class)
                .leaf("code", RuntimeError::code)
                .leaf("message", RuntimeError::message)
                .leaf("domain", RuntimeError::domain)
                .objects(
                        "task",
                        (e, call) ->
                                e.task() == null
                                        ? null
                                        : services.domains().findTask(e.task()).orElse(null))
                .leaf("context", e -> e.context().isEmpty() ? null : e.context());
    }
}
