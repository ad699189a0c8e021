// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A domain of one test, deleted at its end with all it holds. Called by one thread at a time. */
record DomainOfTest(GraphQl client, String id) implements AutoCloseable {

    static DomainOfTest create(GraphQl client, String id) {
        client.data(
                "mutation($input: CreateDomainInput!) { createDomain(input: $input) { id } }",
                Map.of("input", Map.of("id", id, "config", config())));
        return new DomainOfTest(client, id);
    }

    private static Map<String, Object> config() {
        return Map.of(
                "memory", Map.of("poolSize", 8L << 20),
                "executor", Map.of("parallelism", 1));
    }

    /** Input of a task of this domain. */
    Map<String, Object> task(Map<String, ?> more) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("domainId", id);
        input.put("type", "COMPUTATION");
        input.putAll(more);
        return input;
    }

    /** The id of a new schedule, whose first release is due at once. */
    String schedule(String name, int period) {
        return client.data(
                        "mutation($input: ScheduleInput!) { createSchedule(input: $input) { id } }",
                        Map.of(
                                "input",
                                Map.of("name", name, "period", period, "task", task(Map.of()))))
                .at("/createSchedule/id")
                .asText();
    }

    JsonNode onSchedule(String mutation, String schedule) {
        return client.data(
                        "mutation { "
                                + mutation
                                + "(scheduleId: \""
                                + schedule
                                + "\") { name paused } }")
                .path(mutation);
    }

    /** All tasks in pages of two, in the order from the start. */
    List<String> walk(Map<String, ?> order, boolean forwards) {
        List<String> ids = new ArrayList<>();
        @Nullable String cursor = null;
        boolean more = true;
        while (more) {
            Map<String, Object> variables = new HashMap<>();
            variables.put("order", order);
            variables.put("cursor", cursor);
            JsonNode page =
                    client.data(
                                    "query($order: TaskOrder, $cursor: String) { domain(id: \""
                                            + id
                                            + "\") { tasksConnection(orderBy: $order, "
                                            + (forwards
                                                    ? "first: 2, after: $cursor"
                                                    : "last: 2, before: $cursor")
                                            + ") { edges { cursor node { id } } pageInfo {"
                                            + " hasNextPage hasPreviousPage startCursor endCursor }"
                                            + " } } }",
                                    variables)
                            .at("/domain/tasksConnection");
            List<String> part = page.path("edges").findValuesAsText("id");
            ids.addAll(forwards ? ids.size() : 0, part);
            String end = forwards ? "endCursor" : "startCursor";
            cursor = page.path("pageInfo").path(end).asText();
            more =
                    page.path("pageInfo")
                            .path(forwards ? "hasNextPage" : "hasPreviousPage")
                            .asBoolean();
        }
        return ids;
    }

    /** Tasks that match, which have to be few enough to be counted. */
    int count(String filter) {
        return client.data(
                        "{ tasksConnection(domainId: \""
                                + id
                                + "\", first: 0, filter: "
                                + filter
                                + ") { totalCount } }")
                .at("/tasksConnection/totalCount")
                .asInt(-1);
    }

    JsonNode bulk(String mutation, String arguments) {
        return client.data(
                        "mutation { "
                                + mutation
                                + "(domainId: \""
                                + id
                                + "\", "
                                + arguments
                                + ") { matched changed more } }")
                .path(mutation);
    }

    JsonNode reconfigure(String config, boolean dryRun) {
        return client.data(
                        "mutation { reconfigureDomain(domainId: \""
                                + id
                                + "\", dryRun: "
                                + dryRun
                                + ", config: {"
                                + config
                                + "}) { applied changes { path before after } } }")
                .path("reconfigureDomain");
    }

    int revision() {
        return client.data("{ domain(id: \"" + id + "\") { revision } }")
                .at("/domain/revision")
                .asInt();
    }

    String activePolicy() {
        return client.data(
                        "{ domain(id: \"" + id + "\") { config { scheduler { activePolicy } } } }")
                .at("/domain/config/scheduler/activePolicy")
                .asText();
    }

    @Override
    public void close() {
        client.data(
                "mutation { deleteDomain(domainId: \"" + id + "\", force: true) { domainId } }");
    }
}
