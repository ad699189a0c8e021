// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.spicetime.runtime.integrationtests.blackbox.EdgeValues.Edge;
import org.spicetime.runtime.integrationtests.blackbox.InputPaths.Leaf;

/**
 * Walks the schema that is served and sends, to every value that a field takes, what lies at and
 * beyond its edges. Each answer is acceptance or one clear error, and a refusal changes nothing.
 */
@ExtendWith(SharedHost.class)
class InputEdgesDistributionIT {

    private static final String DOMAIN = "edges";

    /** Numbers for which every value has a meaning, negative ones too. */
    private static final Set<String> ANY_NUMBER =
            Set.of(
                    "TaskFilter.minPriority",
                    "TaskFilter.maxPriority",
                    "ResourceAllocationInput.priority",
                    "CPUAllocation.priority",
                    "PriorityConfigInput.min",
                    "reconfigureDomain.expectedRevision");

    @TestFactory
    Stream<DynamicTest> everyInputOfEveryFieldIsAcceptedOrClearlyRefused(GraphQl client) {
        ServedSchema schema = ServedSchema.of(client);
        return Stream.of("Query", "Mutation")
                .flatMap(root ->
                        schema.members(root).stream()
                                .filter(field -> !field.path("args").isEmpty())
                                .map(field ->
                                        DynamicTest.dynamicTest(
                                                root + "." + field.path("name").asText(),
                                                () ->
                                                        new Walk(client, schema, root, field)
                                                                .run())));
    }

    @Test
    void theWalkFindsNestedInputs(GraphQl client) {
        ServedSchema schema = ServedSchema.of(client);
        JsonNode field = schema.field("Mutation", "configureDomain");
        assertThat(field).isNotNull();
        assertThat(new InputPaths(schema, Map.of()).leavesOf("configureDomain", field))
                .extracting(Leaf::toString)
                .contains(
                        "domainId",
                        "config.scheduler.quantum",
                        "config.scheduler.priorities.max",
                        "config.memory.poolSize",
                        "config.networking.retryPolicy.retryOn");
    }

    /** All values of one field. */
    private static final class Walk {
        private final GraphQl client;
        private final ServedSchema schema;
        private final String root;
        private final JsonNode field;
        private final List<String> problems = new ArrayList<>();
        private final Map<String, Set<String>> refusals = new LinkedHashMap<>();
        private String before = "";

        Walk(GraphQl client, ServedSchema schema, String root, JsonNode field) {
            this.client = client;
            this.schema = schema;
            this.root = root;
            this.field = field;
        }

        void run() {
            Map<String, JsonNode> valid = makeDomain();
            try {
                InputPaths paths = new InputPaths(schema, valid);
                before = HostState.of(client, schema);
                String name = field.path("name").asText();
                for (Leaf leaf : paths.leavesOf(name, field)) {
                    for (Edge edge : EdgeValues.of(leaf.type())) {
                        send(paths, leaf, edge.json(), edge.toString(), edge.wrong());
                    }
                    if (leaf.required()) {
                        send(paths, leaf, null, "null", true);
                    }
                    requireARange(leaf);
                }
            } finally {
                client.data(
                        "mutation { deleteDomain(domainId: \"edges\", force: true) { domainId } }");
            }
            if (!problems.isEmpty()) {
                fail(problems.size() + " problems:\n" + String.join("\n", problems));
            }
        }

        /** A number that takes every value has no range, which is hardly meant. */
        private void requireARange(Leaf leaf) {
            boolean number = Set.of("Int", "BigInt", "Float").contains(leaf.type());
            if (number
                    && root.equals("Mutation")
                    && !ANY_NUMBER.contains(leaf.coordinate())
                    && refusals.getOrDefault(leaf.toString(), Set.of()).stream()
                            .noneMatch(value -> value.startsWith("-"))) {
                problems.add(leaf + " takes negative numbers");
            }
        }

        private void send(
                InputPaths paths,
                Leaf leaf,
                @Nullable JsonNode value,
                String shown,
                boolean wrong) {
            ObjectNode variables = paths.variables(field, leaf, value);
            GraphQl.Answer answer =
                    client.sendJson(
                            GraphQl.request(
                                    paths.document(root.toLowerCase(java.util.Locale.ROOT), field),
                                    variables));
            String what = leaf + " = " + shown;
            if (answer.body().has("errors")) {
                refusals.computeIfAbsent(leaf.toString(), _ -> new TreeSet<>()).add(shown);
                try {
                    Clarity.require(answer);
                } catch (AssertionError e) {
                    problems.add(what + ": " + answer.status() + " " + answer.text());
                }
                String now = HostState.of(client, schema);
                if (!now.equals(before)) {
                    problems.add(what + " was refused, but changed something");
                    before = now;
                }
            } else {
                if (answer.status() != 200 || wrong) {
                    problems.add(what + " was accepted: " + answer.status() + " " + answer.text());
                }
                restore();
            }
        }

        /** What was accepted is undone, so that the next value meets the same state. */
        private void restore() {
            if (root.equals("Mutation")) {
                for (JsonNode domain : client.data("{ domains { id } }").path("domains")) {
                    String id = domain.path("id").asText();
                    if (!Set.of(DOMAIN, "ethical-scoring", "content-processing").contains(id)) {
                        client.data(
                                "mutation($id: ID!) { deleteDomain(domainId: $id, force: true) { domainId } }",
                                Map.of("id", id));
                    }
                }
                client.data(
                        "mutation { configureDomain(domainId: \"edges\", config: {"
                                + " scheduler: null, memory: null, executor: null, networking: null,"
                                + " tasks: null }) { id } }");
                before = HostState.of(client, schema);
            }
        }

        private Map<String, JsonNode> makeDomain() {
            client.data("mutation { createDomain(input: { id: \"edges\" }) { id } }");
            String task =
                    client.schedule(
                            Map.of(
                                    "domainId",
                                    DOMAIN,
                                    "type",
                                    "COMPUTATION",
                                    "runAt",
                                    "2099-01-01T00:00:00Z"));
            JsonNode domain = GraphQl.JSON.getNodeFactory().textNode(DOMAIN);
            JsonNode taskId = GraphQl.JSON.getNodeFactory().textNode(task);
            return Map.of(
                    "domainId", domain,
                    "taskId", taskId,
                    "id", taskId,
                    "ids", taskId,
                    "input.id", GraphQl.JSON.getNodeFactory().textNode("edges-made"),
                    "type", GraphQl.JSON.getNodeFactory().textNode("COMPUTATION"),
                    "input.type", GraphQl.JSON.getNodeFactory().textNode("COMPUTATION"));
        }
    }
}
