// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskStatus;
import org.spicetime.runtime.api.task.TaskType;

/** Reads the filters of domains and tasks. Thread-safe. */
final class FilterInputs {
    private FilterInputs() {}

    /** The conditions on tasks; empty: no task can match. */
    static Optional<TaskFilter> tasks(@Nullable Object argument) {
        if (argument == null) return Optional.of(TaskFilter.ALL);
        Input input = Input.of(argument);
        List<TaskId> ids =
                input.texts("ids").stream()
                        .map(Services::taskId)
                        .filter(Objects::nonNull)
                        .map(Objects::requireNonNull)
                        .toList();
        List<UUID> schedules =
                input.texts("scheduleIds").stream()
                        .map(ScheduleFields::uuid)
                        .filter(Objects::nonNull)
                        .map(Objects::requireNonNull)
                        .toList();
        if (impossible(input, ids.isEmpty(), schedules.isEmpty())) return Optional.empty();
        Integer limit = input.integer("limit");
        if (limit != null && limit < 1) {
            throw RefusedException.outOfRange("filter.limit", limit, "1 or more");
        }
        return Optional.of(
                new TaskFilter(
                        ids,
                        input.choices("status", TaskStatus.class),
                        input.choices("phase", TaskPhase.class),
                        input.choices("type", TaskType.class),
                        optional(input.integer("minPriority")),
                        optional(input.integer("maxPriority")),
                        input.instant("deadlineBefore"),
                        input.instant("deadlineAfter"),
                        input.instant("createdAfter"),
                        input.instant("createdBefore"),
                        input.texts("handler"),
                        input.texts("owner"),
                        input.text("nameContains"),
                        input.labels("labels"),
                        input.text("search"),
                        (Boolean) input.get("deadLetter"),
                        schedules,
                        optional(limit)));
    }

    // An empty list is no condition for the api; a client that lists nothing asks for nothing.
    private static boolean impossible(Input input, boolean noIds, boolean noSchedules) {
        if (input.get("ids") != null && noIds) return true;
        if (input.get("scheduleIds") != null && noSchedules) return true;
        for (String name : List.of("status", "phase", "type", "handler", "owner")) {
            if (input.get(name) instanceof List<?> list && list.isEmpty()) return true;
        }
        return false;
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /** The conditions on domains. */
    static Predicate<DomainState> domains(@Nullable Object argument) {
        if (argument == null) return state -> true;
        Input input = Input.of(argument);
        Predicate<DomainState> all = state -> true;
        if (input.get("ids") != null) {
            all = all.and(state -> input.texts("ids").contains(state.id().value()));
        }
        String name = input.text("name");
        if (name != null) all = all.and(state -> state.name().equals(name));
        String part = input.text("nameContains");
        if (part != null) {
            String lower = part.toLowerCase(Locale.ROOT);
            all = all.and(state -> state.name().toLowerCase(Locale.ROOT).contains(lower));
        }
        if (input.get("status") != null) {
            List<RuntimeStatus> status = input.choices("status", RuntimeStatus.class);
            all = all.and(state -> status.contains(state.status()));
        }
        if (input.get("policy") != null) {
            List<String> policies = input.texts("policy");
            all = all.and(state -> policies.contains(state.config().scheduler().policy()));
        }
        var labels = input.labels("labels").entrySet();
        return all.and(state -> state.labels().entrySet().containsAll(labels));
    }
}
