// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.spicetime.runtime.integrationtests.blackbox.EdgeValues.Edge;
import org.spicetime.runtime.integrationtests.blackbox.InputPaths.Place;

/**
 * Walks the schema that is served and sends, to every value that an operation takes, what lies at
 * and beyond its edges. Each answer is acceptance or one clear error of the catalogue, and a
 * refusal changes nothing. It grows with the schema: an operation needs one line in {@link
 * EdgeBase}. Nothing is random.
 */
@ExtendWith(SharedHost.class)
class InputEdgesDistributionIT {
    private static final int MANY = 10_000;

    /** Numbers for which every value has a meaning, negative ones too. */
    private static final Set<String> ANY_NUMBER =
            Set.of(
                    "TaskFilter.minPriority",
                    "TaskFilter.maxPriority",
                    "ResourceAllocationInput.priority",
                    "CPUAllocation.priority",
                    "PriorityConfigInput.min",
                    "reconfigureDomain.expectedRevision",
                    "rollbackDomainConfig.expectedRevision",
                    "updateSchedule.expectedRevision");

    @AfterAll
    static void leaveNothingBehind(GraphQl client) {
        new EdgeDomain(client).remove();
    }

    @TestFactory
    Stream<DynamicTest> everyInputOfEveryFieldIsAcceptedOrClearlyRefused(GraphQl client) {
        return operations(client, "Query", "Mutation");
    }

    @TestFactory
    Stream<DynamicTest> everyInputOfEveryFieldBelowIsAcceptedOrClearlyRefused(GraphQl client) {
        ServedSchema schema = ServedSchema.of(client);
        List<String> roots = List.of("Query", "Mutation", "Subscription");
        return operations(
                client,
                schema.objectTypes().stream()
                        .filter(type -> !roots.contains(type))
                        .toArray(String[]::new));
    }

    @TestFactory
    Stream<DynamicTest> everyInputOfEveryStreamIsAcceptedOrClearlyRefused(GraphQl client) {
        return operations(client, "Subscription");
    }

    private static Stream<DynamicTest> operations(GraphQl client, String... roots) {
        ServedSchema schema = ServedSchema.of(client);
        return Stream.of(roots)
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
        assertThat(new InputPaths(schema).places("configureDomain", field))
                .extracting(Place::toString)
                .contains(
                        "domainId",
                        "config",
                        "config.scheduler.quantum",
                        "config.scheduler.priorities.max",
                        "config.memory.poolSize",
                        "config.networking.retryPolicy.retryOn");
    }

    /** All values of one field. */
    private static final class Walk {
        private final GraphQl client;
        private final ServedSchema schema;
        private final InputPaths paths;
        private final String root;
        private final JsonNode field;
        private final EdgeDomain domain;
        private final EdgeBase.Base base;
        private final boolean below;
        private final List<String> problems = new ArrayList<>();
        private final Map<String, Set<String>> refusals = new LinkedHashMap<>();
        private String before = "";

        Walk(GraphQl client, ServedSchema schema, String root, JsonNode field) {
            this.client = client;
            this.schema = schema;
            this.paths = new InputPaths(schema);
            this.root = root;
            this.field = field;
            this.domain = new EdgeDomain(client);
            this.below = !List.of("Query", "Mutation", "Subscription").contains(root);
            this.base =
                    below
                            ? new EdgeBase.Base("{}", EdgeBase.After.NOTHING)
                            : EdgeBase.of(root + "." + field.path("name").asText());
        }

        void run() {
            domain.renew();
            before = HostState.of(client, schema);
            if (below) EdgeBase.way(root);
            if (root.equals("Subscription")) {
                streams();
            } else {
                GraphQl.Answer ground = send(base.variables(domain.made()));
                assertThat(ground.body().path("errors"))
                        .as("the line of EdgeBase is accepted")
                        .isEmpty();
                restore();
                for (Place place : places()) walk(place);
            }
            if (!problems.isEmpty()) {
                fail(problems.size() + " problems:\n" + String.join("\n", problems));
            }
        }

        private List<Place> places() {
            return paths.places(field.path("name").asText(), field);
        }

        /* The state of the host is looked at once for all values that cannot be accepted. */
        private void walk(Place place) {
            List<Edge> edges = edges(place);
            List<Edge> wrong = edges.stream().filter(Edge::wrong).toList();
            for (Edge edge : wrong) isRefused(place, edge, send(place, edge));
            requireUnchanged(place + " = one of " + wrong);
            for (Edge edge : edges) {
                if (!edge.wrong() && isRefused(place, edge, send(place, edge))) {
                    requireUnchanged(place + " = " + edge);
                }
            }
            requireARange(place);
        }

        private GraphQl.Answer send(Place place, Edge edge) {
            return send(
                    paths.with(
                            base.variables(domain.made()),
                            field,
                            place,
                            edge.json(),
                            domain.made()));
        }

        /** The values of a place: those of its type, lists of them, and values of another kind. */
        private List<Edge> edges(Place place) {
            List<Edge> edges = new ArrayList<>();
            if (paths.isObject(place.type())) {
                for (String text : List.of("\"text\"", "5", "true", "{\"nosuch\":1}")) {
                    edges.add(new Edge(raw(text), true));
                }
                edges.add(new Edge(raw("{}"), false));
                edges.add(new Edge(raw("[]"), !place.list()));
            } else {
                for (Edge edge : EdgeValues.of(place.type())) {
                    JsonNode value = place.list() ? listOf(edge.json()) : edge.json();
                    edges.add(new Edge(value, edge.wrong()));
                }
            }
            if (place.list()) {
                edges.add(new Edge(raw("[]"), false));
                edges.add(new Edge(raw("[null]"), place.rendered().contains("!]")));
                edges.add(new Edge(raw("[[[]]]"), true));
                edges.add(new Edge(many(place), false));
            }
            edges.add(new Edge(GraphQl.JSON.nullNode(), place.required()));
            return edges;
        }

        private JsonNode many(Place place) {
            ArrayNode list = GraphQl.JSON.createArrayNode();
            @Nullable String one =
                    switch (place.type()) {
                        case "ID" -> "\"00000000-0000-7000-8000-000000000000\"";
                        case "String" -> "\"a\"";
                        case "Int", "BigInt", "Float" -> "1";
                        default -> null;
                    };
            JsonNode element =
                    one != null
                            ? raw(one)
                            : paths.isObject(place.type())
                                    ? EdgeBase.required(place.type(), domain.made())
                                    : GraphQl.JSON
                                            .getNodeFactory()
                                            .textNode(
                                                    schema.enumValues(place.type())
                                                            .iterator()
                                                            .next());
            int most = paths.isObject(place.type()) ? MANY / 10 : MANY;
            for (int i = 0; i < most; i++) list.add(element);
            return list;
        }

        private static JsonNode raw(String text) {
            return GraphQl.JSON.getNodeFactory().rawValueNode(new RawValue(text));
        }

        private static JsonNode listOf(JsonNode value) {
            return GraphQl.JSON.createArrayNode().add(value);
        }

        /** A number that takes every value has no range, which is hardly meant. */
        private void requireARange(Place place) {
            boolean number = Set.of("Int", "BigInt", "Float").contains(place.type());
            if (number
                    && root.equals("Mutation")
                    && !ANY_NUMBER.contains(place.coordinate())
                    && refusals.getOrDefault(place.toString(), Set.of()).stream()
                            .noneMatch(value -> value.startsWith("-"))) {
                problems.add(place + " takes negative numbers");
            }
        }

        private GraphQl.Answer send(ObjectNode variables) {
            return client.sendJson(GraphQl.request(document(), variables));
        }

        private String document() {
            if (!below) return paths.document(root.toLowerCase(Locale.ROOT), "%s", field);
            String way = EdgeBase.filled(EdgeBase.way(root), domain.made());
            return paths.document("query", way, field);
        }

        /** Whether it was refused, and then clearly; what was accepted is undone. */
        private boolean isRefused(Place place, Edge edge, GraphQl.Answer answer) {
            String what = place + " = " + edge;
            if (isUnknown(answer)) {
                restore();
                return false;
            }
            if (!answer.body().has("errors")) {
                if (answer.status() != 200 || edge.wrong()) {
                    problems.add(what + " was accepted: " + answer.status() + " " + answer.text());
                }
                restore();
                return false;
            }
            refusals.computeIfAbsent(place.toString(), _ -> new TreeSet<>()).add(edge.toString());
            if (answer.status() >= 500) problems.add(what + ": status " + answer.status());
            requireClear(place, what, answer.body().path("errors"));
            return true;
        }

        private void requireUnchanged(String what) {
            if (!HostState.of(client, schema).equals(before)) {
                problems.add(what + " was refused, but changed something");
                domain.renew();
                before = HostState.of(client, schema);
            }
        }

        /** A change that was not acknowledged in time may have been made, and says so. */
        private static boolean isUnknown(GraphQl.Answer answer) {
            return answer.text().contains("REQUEST_TIMEOUT")
                    && answer.text().contains("\"outcome\":\"UNKNOWN\"");
        }

        private void requireClear(Place place, String what, JsonNode errors) {
            for (JsonNode error : errors) {
                try {
                    Clarity.require(error);
                } catch (AssertionError e) {
                    problems.add(what + ": " + error);
                }
                if (!names(place, error)) problems.add(what + " is not named by: " + error);
            }
        }

        /**
         * Whether an error tells which of the values is meant, by its name or what it stands for.
         */
        private static boolean names(Place place, JsonNode error) {
            String told =
                    (error.path("message").asText() + " " + error.at("/extensions/field").asText())
                            .toLowerCase(Locale.ROOT);
            // The transport cannot know which value makes a body too large or too deep.
            if (told.startsWith("the body ") || told.startsWith("the json ")) return true;
            // What was looked for stands for the value that named it.
            if (told.startsWith("there is no ")) return true;
            return told.contains("nosuch")
                    || place.names().stream()
                            .map(name -> name.replaceFirst("(Ids?|s)$", ""))
                            .map(name -> name.replaceFirst("^expected", ""))
                            .anyMatch(name -> told.contains(name.toLowerCase(Locale.ROOT)));
        }

        /** What was accepted is undone, so that the next value meets the same state. */
        private void restore() {
            switch (base.after()) {
                case NOTHING -> {}
                case CONFIGURATION -> domain.restoreConfiguration();
                case DOMAIN -> domain.renew();
            }
            before = HostState.of(client, schema);
        }

        private void streams() {
            for (Place place : places()) {
                try (ManyStreams streams = new ManyStreams(client)) {
                    List<Edge> edges = edges(place);
                    for (int i = 0; i < edges.size(); i++) {
                        streams.subscribe(
                                "s" + i,
                                GraphQl.request(
                                        document(),
                                        paths.with(
                                                base.variables(domain.made()),
                                                field,
                                                place,
                                                shortened(edges.get(i).json()),
                                                domain.made())));
                    }
                    for (int i = 0; i < edges.size(); i++) judge(streams, place, edges.get(i), i);
                    if (streams.first("closed") != null) {
                        problems.add(place + " closed the socket: " + streams.first("closed"));
                    }
                }
            }
            assertThat(HostState.of(client, schema)).isEqualTo(before);
        }

        // A frame holds 64 KiB; what is larger closes the socket, which another test looks at.
        private static JsonNode shortened(JsonNode value) {
            String text = value.toString();
            return text.length() < 60_000 ? value : raw("\"" + "x".repeat(50_000) + "\"");
        }

        private void judge(ManyStreams streams, Place place, Edge edge, int i) {
            String what = place + " = " + edge;
            if (edge.wrong()) {
                try {
                    streams.await(() -> streams.first("s" + i) != null);
                } catch (RuntimeException e) {
                    problems.add(what + " was not refused");
                    return;
                }
            }
            JsonNode errors = ManyStreams.errors(streams.first("s" + i));
            if (errors.isMissingNode() || errors.isNull()) {
                if (edge.wrong()) problems.add(what + " was accepted");
            } else {
                requireClear(place, what, errors);
            }
        }
    }
}
