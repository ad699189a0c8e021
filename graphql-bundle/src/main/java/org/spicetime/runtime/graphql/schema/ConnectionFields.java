// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.graphql.schema.Connection.Edge;

/** Pages of domains and tasks. */
final class ConnectionFields {
    private ConnectionFields() {}

    static List<Fields<?>> types() {
        return List.of(
                connection("DomainRuntimeConnection"),
                edge("DomainRuntimeEdge"),
                connection("TaskConnection").leaf("asOf", Connection::asOf),
                edge("TaskEdge"),
                Fields.of("PageInfo", Connection.class)
                        .leaf("hasNextPage", Connection::hasNext)
                        .leaf("hasPreviousPage", Connection::hasPrevious)
                        .leaf(
                                "startCursor",
                                c -> c.edges().isEmpty() ? null : c.edges().getFirst().cursor())
                        .leaf(
                                "endCursor",
                                c -> c.edges().isEmpty() ? null : c.edges().getLast().cursor()));
    }

    private static Fields<Connection> connection(String type) {
        return Fields.of(type, Connection.class)
                .objects("edges", (c, call) -> c.edges())
                .objects("nodes", (c, call) -> c.edges().stream().map(Edge::node).toList())
                .part("pageInfo", c -> c)
                .leaf("totalCount", Connection::totalCount);
    }

    private static Fields<Edge> edge(String type) {
        return Fields.of(type, Edge.class).leaf("cursor", Edge::cursor).part("node", Edge::node);
    }

    /** Domains by page, in the order of their ids. */
    static Connection domains(Services services, Call call) {
        PageInput page = PageInput.of(call);
        Predicate<DomainState> wanted = FilterInputs.domains(call.optional("filter"));
        DomainId after = cursor(page.after(), "after");
        DomainId before = cursor(page.before(), "before");
        List<DomainView> all =
                services.domains().all().stream()
                        .map(DomainView::of)
                        .filter(view -> wanted.test(view.state()))
                        .toList();
        int from = 0;
        int to = all.size();
        while (after != null && from < to && all.get(from).domain().id().compareTo(after) <= 0)
            from++;
        while (before != null && to > from && all.get(to - 1).domain().id().compareTo(before) >= 0)
            to--;
        if (page.fromEnd()) from = Math.max(from, to - page.size());
        else to = Math.min(to, from + page.size());
        return new Connection(
                all.subList(from, to).stream()
                        .map(view -> new Edge(cursor(view.domain().id()), view))
                        .toList(),
                to < all.size(),
                from > 0,
                all.size(),
                null);
    }

    /** Tasks by page. */
    static Connection tasks(Function<TaskPageRequest, TaskPage> source, Call call) {
        PageInput page = PageInput.of(call);
        TaskOrder order = TaskOrder.SCHEDULE;
        boolean descending = false;
        Object orderBy = call.optional("orderBy");
        if (orderBy != null) {
            Input input = Input.of(orderBy);
            order = Objects.requireNonNull(input.choice("field", TaskOrder.class));
            descending = "DESC".equals(input.text("direction"));
        }
        Optional<TaskFilter> filter = FilterInputs.tasks(call.optional("filter"));
        if (filter.isEmpty()) {
            TaskPage nothing = source.apply(TaskPageRequest.first(TaskFilter.ALL, order, 0));
            return new Connection(List.of(), false, false, 0, nothing.asOf());
        }
        TaskPage told =
                source.apply(
                        new TaskPageRequest(
                                filter.get(),
                                order,
                                descending,
                                page.size(),
                                page.after(),
                                page.before(),
                                page.fromEnd()));
        return new Connection(
                told.entries().stream()
                        .map(entry -> new Edge(entry.cursor(), entry.task()))
                        .toList(),
                told.hasNext(),
                told.hasPrevious(),
                told.totalCount(),
                told.asOf());
    }

    private static String cursor(DomainId id) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(id.value().getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable DomainId cursor(@Nullable String cursor, String field) {
        if (cursor == null) return null;
        try {
            return DomainId.of(
                    new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException foreign) {
            throw RefusedException.badInput(field, "is not a cursor of this list");
        }
    }
}
