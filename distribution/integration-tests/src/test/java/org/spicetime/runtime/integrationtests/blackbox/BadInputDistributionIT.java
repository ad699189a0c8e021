// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Inputs that cannot be accepted: refused by one clear error with a code, and nothing has changed.
 */
@ExtendWith(SharedHost.class)
class BadInputDistributionIT {

    private static final String SCHEDULE =
            "mutation($input: TaskInput!) { scheduleTask(input: $input) { id } }";
    private static final String SCHEDULE_ALL =
            "mutation($inputs: [TaskInput!]!) { scheduleTasks(inputs: $inputs) { id } }";

    private String before = "";

    @BeforeEach
    void remember(GraphQl client) {
        before = HostState.of(client);
    }

    @AfterEach
    void nothingHasChanged(GraphQl client) {
        assertThat(HostState.of(client)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ domain(id: \"no-such\") { id } }",
                "{ task(id: \"0190b0a0-0000-7000-8000-000000000000\") { id } }",
                "{ tasks(domainId: \"no-such\") { id } }",
                "{ resourceUsage(domainId: \"no-such\") { cpu { usage } } }",
                "mutation { configureDomain(domainId: \"no-such\", config: {}) { id } }",
                "mutation { scheduleTask(input: { domainId: \"no-such\", type: IO }) { id } }",
                "mutation { updateTaskPriority(taskId: \"0190b0a0-0000-7000-8000-000000000000\", priority: 1) { id } }",
                "mutation { allocateResources(domainId: \"no-such\", resources: { priority: 1 }) { id } }",
                "mutation { deleteDomain(domainId: \"no-such\") { domainId } }",
                "mutation { pauseDomain(domainId: \"no-such\") { id } }",
                "mutation { cancelTask(taskId: \"0190b0a0-0000-7000-8000-000000000000\") { id } }",
                "mutation { retryTask(taskId: \"0190b0a0-0000-7000-8000-000000000000\") { id } }"
            })
    void anUnknownIdIsNotFound(String document, GraphQl client) {
        GraphQl.Answer answer = client.send(document, Map.of());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("data").isNull()).isTrue();
        assertThat(answer.code()).as(answer.text()).isEqualTo("NOT_FOUND");
        requireClear(answer);
    }

    @Test
    void nullableLookUpsAnswerNull(GraphQl client) {
        JsonNode data =
                client.data("{ findDomain(id: \"no-such\") { id } findTask(id: \"no\") { id } }");
        assertThat(data.path("findDomain").isNull()).isTrue();
        assertThat(data.path("findTask").isNull()).isTrue();
    }

    @Test
    void subscriptionsToUnknownThingsAreRefused(GraphQl client) {
        for (String document :
                List.of(
                        "subscription { domainStatusChanged(domainId: \"no-such\") }",
                        "subscription { taskUpdated(taskId: \"no\") { id } }",
                        "subscription { resourceAlert(domainId: \"no-such\", threshold: 0.5) { id } }")) {
            try (Subscription refused = client.subscribe(document, Map.of())) {
                assertThat(refused.refusal().at("/0/extensions/code").asText())
                        .as(document)
                        .isEqualTo("NOT_FOUND");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0.1", "1.01", "80", "1e308"})
    void aThresholdThatIsNoRatioIsRefused(String threshold, GraphQl client) {
        try (Subscription refused =
                client.subscribe(
                        "subscription { resourceAlert(domainId: \"ethical-scoring\", threshold: "
                                + threshold
                                + ") { id } }",
                        Map.of())) {
            assertThat(refused.refusal().at("/0/extensions/code").asText())
                    .isEqualTo("BAD_USER_INPUT");
        }
    }

    @Test
    void cyclesAreRefusedWithTheirPath(GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        SCHEDULE_ALL, Map.of("inputs", List.of(dependent("#1"), dependent("#0"))));
        assertThat(answer.code()).as(answer.text()).isEqualTo("BAD_USER_INPUT");
        assertThat(answer.error().path("message").asText()).contains("#0").contains("#1");
        requireClear(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#0",
                "#7",
                "#-1",
                "#",
                "#x",
                "no-such",
                "",
                "0190b0a0-0000-7000-8000-000000000000"
            })
    void aDependencyOnItselfOrOnNothingIsRefused(String id, GraphQl client) {
        GraphQl.Answer batch = client.send(SCHEDULE_ALL, Map.of("inputs", List.of(dependent(id))));
        assertThat(batch.code()).as(batch.text()).isEqualTo("BAD_USER_INPUT");
        requireClear(batch);
        GraphQl.Answer single = client.send(SCHEDULE, Map.of("input", dependent(id)));
        assertThat(single.code()).as(single.text()).isEqualTo("BAD_USER_INPUT");
        requireClear(single);
    }

    @Test
    void aBatchWithOneBadTaskIsRefusedAsAWhole(GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        SCHEDULE_ALL,
                        Map.of(
                                "inputs",
                                List.of(
                                        Map.of("domainId", "ethical-scoring", "type", "IO"),
                                        Map.of("domainId", "no-such", "type", "IO"))));
        assertThat(answer.code()).as(answer.text()).isIn("NOT_FOUND", "BAD_USER_INPUT");
        requireClear(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"rounds\":\"many\"}",
                "{\"rounds\":0}",
                "{\"rounds\":-1}",
                "{\"rounds\":2000000000}",
                "{\"rounds\":1.5}",
                "{\"text\":5}",
                "{\"text\":\"a\",\"base64\":\"YQ==\"}",
                "{\"base64\":\"*\"}",
                "{\"algorithm\":\"ROT13\"}",
                "{\"nosuch\":1}",
                "[]",
                "5",
                "\"text\""
            })
    void aPayloadThatDoesNotFitItsHandlerIsRefused(String payload, GraphQl client) {
        GraphQl.Answer answer =
                client.sendJson(
                        GraphQl.request(
                                SCHEDULE,
                                GraphQl.parse(
                                        "{\"input\":{\"domainId\":\"ethical-scoring\",\"type\":\"COMPUTATION\",\"payload\":"
                                                + payload
                                                + "}}")));
        assertThat(answer.code()).as(answer.text()).isEqualTo("BAD_USER_INPUT");
        requireClear(answer);
    }

    @Test
    void aPayloadThatIsTooLargeIsRefused(GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        SCHEDULE,
                        Map.of(
                                "input",
                                Map.of(
                                        "domainId",
                                        "ethical-scoring",
                                        "type",
                                        "COMPUTATION",
                                        "payload",
                                        Map.of("text", "x".repeat(65 * 1024)))));
        assertThat(answer.code()).isEqualTo("BAD_USER_INPUT");
        requireClear(answer);
    }

    @Test
    void anUnknownHandlerIsRefused(GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        SCHEDULE,
                        Map.of(
                                "input",
                                Map.of(
                                        "domainId",
                                        "ethical-scoring",
                                        "type",
                                        "IO",
                                        "handler",
                                        "no.such")));
        assertThat(answer.code()).isEqualTo("BAD_USER_INPUT");
        requireClear(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "priority: -1",
                "priority: 2147483647",
                "deadline: \"2020-01-01T00:00:00Z\"",
                "deadline: \"2099-01-01T00:00:00Z\", relativeDeadline: 5",
                "relativeDeadline: 0",
                "relativeDeadline: -1",
                "timeout: -1",
                "maxRetries: -1",
                "estimatedDuration: 0",
                "name: \"\"",
                "idempotencyKey: \"\"",
                "retry: { multiplier: 0.5 }",
                "retry: { jitter: 2 }",
                "retry: { initialDelay: 10, maxDelay: 5 }",
                "dependencies: [{ taskId: \"x\", timeout: -1 }]"
            })
    void aValueOutOfItsRangeIsRefused(String field, GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        "mutation { scheduleTask(input: { domainId: \"ethical-scoring\", type: IO, "
                                + field
                                + " }) { id } }",
                        Map.of());
        assertThat(answer.code()).as(answer.text()).isEqualTo("BAD_USER_INPUT");
        requireClear(answer);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void aTextThatIsTooLongIsRefused(int which, GraphQl client) {
        Map<String, Object> many = new HashMap<>();
        for (int i = 0; i < 33; i++) many.put("label" + i, "");
        Map.Entry<String, Object> tooLong =
                List.<Map.Entry<String, Object>>of(
                                Map.entry("labels", many),
                                Map.entry("labels", Map.of("n".repeat(64), "")),
                                Map.entry("labels", Map.of("n", "v".repeat(256))),
                                Map.entry("name", "n".repeat(257)),
                                Map.entry("idempotencyKey", "k".repeat(256)),
                                Map.entry("concurrencyKey", "k".repeat(256)))
                        .get(which);
        Map<String, Object> input = new HashMap<>(Map.ofEntries(tooLong));
        input.put("domainId", "ethical-scoring");
        input.put("type", "COMPUTATION");
        GraphQl.Answer answer = client.send(SCHEDULE, Map.of("input", input));
        assertThat(answer.code()).as(answer.text()).isEqualTo("BAD_USER_INPUT");
        assertThat(answer.text()).contains(tooLong.getKey().replaceFirst("s$", ""));
        requireClear(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cron: \"\"",
                "cron: \"* * * *\"",
                "cron: \"* * * * * * *\"",
                "cron: \"60 * * * *\"",
                "cron: \"0 24 * * *\"",
                "cron: \"0 0 30 2 *\"",
                "cron: \"*/0 * * * *\"",
                "cron: \"5-1 * * * *\"",
                "cron: \"0 0 * FOO *\"",
                "cron: \"0 0 * * 5#6\"",
                "cron: \"@never\"",
                "cron: \"0 0 * * *\", zone: \"Europe/Nowhere\"",
                "cron: \"0 0 * * *\", zone: \"\"",
                "cron: \"0 0 * * *\", zone: \"+25:00\"",
                "cron: \"0 0 * * *\", period: 1000",
                "period: 0",
                "period: -1",
                ""
            })
    void aScheduleThatCannotBeIsRefused(String rhythm, GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        "mutation { createSchedule(input: { name: \"bad\", task: { domainId:"
                                + " \"ethical-scoring\", type: COMPUTATION } "
                                + rhythm
                                + " }) { id } }",
                        Map.of());
        assertThat(answer.code()).as(answer.text()).isEqualTo("BAD_USER_INPUT");
        requireClear(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scheduler: { policy: SAFE_FIFO, quantum: -1 }",
                "scheduler: { priorities: { min: 5, max: 4 } }",
                "scheduler: { priorities: { min: 0, max: 5000 } }",
                "scheduler: { priorities: { default: 2000000 } }",
                "scheduler: { parameters: { nosuch: 1 } }",
                "memory: { poolSize: -1 }",
                "memory: { poolSize: 0 }",
                "memory: { poolSize: 4194305 }",
                "memory: { poolSize: 3145728 }",
                "memory: { poolSize: \"9007199254740993\" }",
                "memory: { poolSize: 9223372036854775808 }",
                "memory: { poolSize: \"9e99\" }",
                "memory: { poolSize: \"abc\" }",
                "memory: { garbageCollection: { threshold: -0.1 } }",
                "memory: { garbageCollection: { threshold: 80 } }",
                "memory: { garbageCollection: { threshold: 1e308 } }",
                "memory: { garbageCollection: { maxPause: -1 } }",
                "memory: { garbageCollection: { maxPause: 60000001 } }",
                "memory: { garbageCollection: { interval: -1 } }",
                "memory: { swapLimit: -1 }",
                "memory: { swapLimit: \"1099511627777\" }",
                "memory: { swapLimit: \"9e99\" }",
                "memory: { allocationType: NOT_SHIPPED }",
                "memory: { parameters: { nosuch: 1 } }",
                "executor: { parallelism: 0 }",
                "executor: { parallelism: 1025 }",
                "executor: { batchSize: 0 }",
                "executor: { queueCapacity: -1 }",
                "executor: { maxWait: -1 }",
                "networking: { maxConnections: 0 }",
                "networking: { timeout: -1 }",
                "networking: { retryPolicy: { maxAttempts: 0 } }",
                "networking: { retryPolicy: { multiplier: 0 } }",
                "networking: { retryPolicy: { jitter: 1.5 } }",
                "networking: { retryPolicy: { initialDelay: 100000, maxDelay: 1 } }",
                "executor: { parallelism: 3 }, memory: { poolSize: 1 }"
            })
    void aConfigurationThatCannotBeIsRefusedAsAWhole(String config, GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        "mutation { configureDomain(domainId: \"ethical-scoring\", config: { "
                                + config
                                + " }) { id } }",
                        Map.of());
        assertThat(answer.code())
                .as(answer.text())
                .isIn("BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED");
        requireClear(answer);
    }

    @Test
    void whatNoBundleOffersIsRefusedWithTheChoices(GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        "mutation { configureDomain(domainId: \"ethical-scoring\", config: { scheduler: { policy: NOT_SHIPPED } }) { id } }",
                        Map.of());
        assertThat(answer.code()).isIn("BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED");
        assertThat(answer.text()).contains("EDF");
        requireClear(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu: { cores: 100000 }",
                "memory: { size: 1125899906842624 }",
                "memory: { size: -1 }",
                "cpu: { cores: -1 }",
                "network: { connections: -1 }",
                "network: { bandwidth: -1 }"
            })
    void anAllocationThatCannotBeGrantedIsRefused(String resource, GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        "mutation { allocateResources(domainId: \"ethical-scoring\", resources: { priority: 1, "
                                + resource
                                + " }) { id } }",
                        Map.of());
        assertThat(answer.code()).as(answer.text()).isIn("RESOURCE_EXHAUSTED", "BAD_USER_INPUT");
        requireClear(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "../etc",
                "a/b",
                "a..b",
                "ethical-scoring",
                "0190b0a0-0000-7000-8000-000000000000",
                "<script>",
                "a\u0000b",
                "\u202eabc",
                "'; DROP TABLE task; --"
            })
    void aDomainIdThatCannotBeIsRefused(String id, GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        "mutation($id: ID!) { createDomain(input: { id: $id }) { id } }",
                        Map.of("id", id));
        assertThat(answer.code()).as(answer.text()).isIn("BAD_USER_INPUT", "CONFLICT");
        requireClear(answer);
    }

    private static Map<String, Object> dependent(String id) {
        return Map.of(
                "domainId",
                "ethical-scoring",
                "type",
                "COMPUTATION",
                "dependencies",
                List.of(Map.of("taskId", id)));
    }

    private static void requireClear(GraphQl.Answer answer) {
        Clarity.require(answer);
    }
}
