// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The host serves what the API document says, and its examples work as they are written. */
@ExtendWith(SharedHost.class)
class ApiDocumentDistributionIT {

    /** The document uses it in a response and leaves out where; the host gives it to tasks. */
    private static final String ERROR = "RuntimeError";

    private static final long POOL_BYTES = 48L << 20;

    private final ApiDocument document = ApiDocument.read();

    @Test
    void theDocumentWasRead() {
        assertThat(document.types()).hasSize(18).containsKeys("Query", "Mutation", "Subscription");
        assertThat(document.enums()).containsOnlyKeys("TaskType", "TaskStatus", "RuntimeErrorCode");
        assertThat(document.types().values().stream().mapToInt(List::size).sum()).isEqualTo(81);
    }

    @Test
    void everyFieldOfTheDocumentIsServedWithItsTypeAndArguments(GraphQl client) {
        ServedSchema served = ServedSchema.of(client);
        List<String> different = new ArrayList<>();
        document.types()
                .forEach((type, fields) ->
                        fields.forEach(field -> {
                            String problem = compare(served, type, field);
                            if (!problem.isEmpty()) {
                                different.add(type + "." + field.name() + " " + problem);
                            }
                        }));
        document.enums()
                .forEach((type, values) -> {
                    if (!served.enumValues(type).containsAll(values)) {
                        different.add(type + " lacks a value");
                    }
                });
        assertThat(different).isEmpty();
    }

    private static String compare(ServedSchema served, String type, ApiDocument.Field field) {
        JsonNode found = served.field(type, field.name());
        if (found == null) {
            return "is not served";
        }
        String foundType = ServedSchema.render(found.path("type"));
        if (!foundType.equals(field.type())) {
            return "is " + foundType + " instead of " + field.type();
        }
        Map<String, String> arguments = new LinkedHashMap<>();
        found.path("args")
                .forEach(argument -> {
                    if (ServedSchema.isRequired(argument)
                            || field.arguments().containsKey(argument.path("name").asText())) {
                        arguments.put(
                                argument.path("name").asText(),
                                ServedSchema.render(argument.path("type")));
                    }
                });
        return arguments.equals(field.arguments())
                ? ""
                : "takes " + arguments + " instead of " + field.arguments();
    }

    @Test
    void everyFieldOfTheDocumentCanBeQueried(GraphQl client) {
        String waitedFor = client.schedule(task("ethical-scoring"));
        Map<String, Object> dependent = new LinkedHashMap<>(task("ethical-scoring"));
        dependent.put("dependencies", List.of(Map.of("taskId", waitedFor)));
        dependent.put("deadline", "2099-01-01T00:00:00Z");
        String task = client.schedule(dependent);
        client.awaitEnd(task, "id");

        ServedSchema served = ServedSchema.of(client);
        Set<String> asked = new TreeSet<>();
        ServedSchema.Fields fields =
                (type, field) -> {
                    List<ApiDocument.Field> known = document.types().get(type);
                    boolean wanted =
                            known == null
                                    || known.stream().anyMatch(one -> one.name().equals(field));
                    if (known != null && wanted) {
                        asked.add(type + "." + field);
                    }
                    return wanted;
                };
        Map<String, String> roots =
                Map.of(
                        "domain", "domain(id: \"ethical-scoring\")",
                        "domains", "domains",
                        "task", "task(id: \"" + task + "\")",
                        "tasks", "tasks(domainId: \"ethical-scoring\")",
                        "resourceUsage", "resourceUsage(domainId: \"ethical-scoring\")",
                        "systemHealth", "systemHealth");
        assertThat(document.types().get("Query"))
                .extracting(ApiDocument.Field::name)
                .containsExactlyInAnyOrderElementsOf(roots.keySet());
        for (ApiDocument.Field root : document.types().getOrDefault("Query", List.of())) {
            String selection = served.selection(root.bareType(), fields, List.of(root.bareType()));
            JsonNode data = client.data("{ " + roots.get(root.name()) + " " + selection + " }");
            requireNoNulls(document, root.name(), root, data.path(root.name()));
        }
        assertThat(asked)
                .containsAll(
                        document.types().entrySet().stream()
                                .filter(type ->
                                        !Set.of("Query", "Mutation", "Subscription", ERROR)
                                                .contains(type.getKey()))
                                .filter(type -> !served.kind(type.getKey()).equals("INPUT_OBJECT"))
                                .flatMap(type ->
                                        type.getValue().stream()
                                                .map(field -> type.getKey() + "." + field.name()))
                                .toList());
    }

    /** Nothing that the document calls non-null may be missing, at any depth. */
    private static void requireNoNulls(
            ApiDocument document, String path, ApiDocument.Field field, JsonNode value) {
        if (field.type().endsWith("!")) {
            assertThat(value.isNull() || value.isMissingNode()).as("%s is missing", path).isFalse();
        }
        for (JsonNode object : value.isArray() ? value : List.of(value)) {
            for (ApiDocument.Field inner :
                    document.types().getOrDefault(field.bareType(), List.of())) {
                if (object.isObject() && object.has(inner.name())) {
                    requireNoNulls(
                            document, path + "." + inner.name(), inner, object.path(inner.name()));
                }
            }
        }
    }

    @Test
    void aFailureHasTheShapeOfTheDocument(GraphQl client) {
        Map<String, Object> input = new LinkedHashMap<>(task("ethical-scoring"));
        input.put("type", "IO");
        input.put("payload", Map.of("path", "/proc/self/environ"));
        JsonNode task =
                client.awaitEnd(
                        client.schedule(input),
                        "status error { code message domain task { id } context }");
        assertThat(task.path("status").asText()).isEqualTo("FAILED");
        assertThat(task.at("/error/message").asText()).contains("outside of the configured roots");
        assertThat(task.at("/error/domain").asText()).isEqualTo("ethical-scoring");
        assertThat(document.enums().get("RuntimeErrorCode"))
                .contains(task.at("/error/code").asText());
    }

    @Test
    void theExampleThatConfiguresADomainWorksAsWritten(GraphQl client) {
        Map<String, Object> input =
                Map.of(
                        "scheduler", Map.of("policy", "PRIORITY", "quantum", 10),
                        "memory", Map.of("poolSize", POOL_BYTES, "allocationType", "TLSF"));
        JsonNode domain =
                client.data(
                                ApiDocument.resource("/examples/configure-domain.graphql"),
                                Map.of("input", input))
                        .path("configureDomain");
        try {
            assertThat(domain.path("id").asText()).isEqualTo("ethical-scoring");
            assertThat(domain.path("status").asText()).isEqualTo("RUNNING");
            assertThat(domain.at("/config/scheduler/policy").asText()).isEqualTo("PRIORITY");
            assertThat(domain.at("/config/scheduler/quantum").asInt()).isEqualTo(10);
            assertThat(domain.at("/config/memory/poolSize").asLong()).isEqualTo(POOL_BYTES);
            assertThat(domain.at("/config/memory/allocationType").asText()).isEqualTo("TLSF");
        } finally {
            Map<String, Object> before =
                    Map.of(
                            "scheduler", Map.of("policy", "EDF", "quantum", 0),
                            "memory", Map.of("poolSize", 64L << 20));
            client.data(
                    ApiDocument.resource("/examples/configure-domain.graphql"),
                    Map.of("input", before));
        }
    }

    @Test
    void theExampleThatWatchesATaskWorksAsWritten(GraphQl client) {
        String id = client.schedule(task("content-processing"));
        List<JsonNode> states;
        try (Subscription updates =
                client.subscribe(
                        ApiDocument.resource("/examples/watch-task.graphql"),
                        Map.of("taskId", id))) {
            states = updates.awaitComplete();
        }
        JsonNode last = states.getLast().path("taskUpdated");
        assertThat(last.path("status").asText()).isEqualTo("COMPLETED");
        assertThat(last.at("/metrics/duration").isInt()).isTrue();
        assertThat(last.at("/metrics/cpuTime").isInt()).isTrue();
        assertThat(last.at("/metrics/memoryPeak").asLong()).isPositive();
    }

    @Test
    void theExampleThatAllocatesResourcesWorksAsWritten(GraphQl client) {
        Map<String, Object> input =
                Map.of(
                        "cpu", Map.of("cores", 0.5, "priority", 3),
                        "memory", Map.of("size", POOL_BYTES, "type", "TLSF"),
                        "network", Map.of("connections", 8),
                        "priority", 5);
        JsonNode grant =
                client.data(
                                ApiDocument.resource("/examples/allocate-resources.graphql"),
                                Map.of("input", input))
                        .path("allocateResources");
        assertThat(grant.at("/cpu/cores").asDouble()).isEqualTo(0.5);
        assertThat(grant.at("/cpu/priority").asInt()).isEqualTo(3);
        assertThat(grant.at("/memory/size").asLong()).isEqualTo(POOL_BYTES);
        assertThat(grant.at("/memory/type").asText()).isEqualTo("TLSF");
    }

    @Test
    void theStatusOfADomainIsToldAtOnceAndAtEveryChange(GraphQl client) {
        client.data("mutation { createDomain(input: { id: \"watched\" }) { id } }");
        try (Subscription status =
                client.subscribe(
                        "subscription { domainStatusChanged(domainId: \"watched\") }", Map.of())) {
            assertThat(status.next().path("domainStatusChanged").asText()).isEqualTo("RUNNING");
            client.data("mutation { pauseDomain(domainId: \"watched\") { status } }");
            assertThat(status.next().path("domainStatusChanged").asText()).isEqualTo("PAUSED");
            client.data("mutation { resumeDomain(domainId: \"watched\") { status } }");
            assertThat(status.next().path("domainStatusChanged").asText()).isEqualTo("RUNNING");
        } finally {
            client.data("mutation { deleteDomain(domainId: \"watched\") { domainId } }");
        }
    }

    @Test
    void anAlertIsSentWhenAResourceRisesAboveItsThreshold(GraphQl client) {
        client.data(
                "mutation { createDomain(input: { id: \"alerting\", config: { memory: { poolSize: 4194304 } } }) { id } }");
        try (Subscription alerts =
                client.subscribe(
                        "subscription { resourceAlert(domainId: \"alerting\", threshold: 0.05)"
                                + " { domainId resource threshold value cleared message } }",
                        Map.of())) {
            Map<String, Object> input = new LinkedHashMap<>(task("alerting"));
            // One mebibyte of the pattern, a quarter of the pool, for as long as it takes to
            // cancel.
            input.put("payload", Map.of("rounds", 1_000_000_000));
            String busy = client.schedule(input);
            JsonNode alert = alerts.next().path("resourceAlert");
            assertThat(alert.path("domainId").asText()).isEqualTo("alerting");
            assertThat(alert.path("threshold").asDouble()).isEqualTo(0.05);
            assertThat(alert.path("value").asDouble()).isGreaterThan(0.05);
            assertThat(alert.path("cleared").asBoolean()).isFalse();
            client.data("mutation { cancelTask(taskId: \"" + busy + "\") { status } }");
        } finally {
            client.data(
                    "mutation { deleteDomain(domainId: \"alerting\", force: true) { domainId } }");
        }
    }

    private static Map<String, Object> task(String domain) {
        return Map.of("domainId", domain, "type", "COMPUTATION");
    }
}
