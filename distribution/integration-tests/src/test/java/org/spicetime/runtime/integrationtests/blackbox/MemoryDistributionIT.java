// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pool under pressure, as clients see it. */
@ExtendWith(SharedHost.class)
final class MemoryDistributionIT {
    private static final String DOMAIN = "pressed";

    /** A little more than the mebibyte that a task holds here. */
    private static final long CAP = (1 << 20) + (16 << 10);

    @BeforeEach
    void create(GraphQl client) {
        client.data(
                "mutation { createDomain(input: { id: \"pressed\", config: {"
                        + " memory: { poolSize: \"4194304\" }, executor: { parallelism: 2 } } }) { id } }");
    }

    @AfterEach
    void delete(GraphQl client) {
        client.data("mutation { deleteDomain(domainId: \"pressed\", force: true) { domainId } }");
    }

    private static JsonNode memory(GraphQl client) {
        return client.data(
                        "{ domain(id: \"pressed\") { resources { memory { total used free cached"
                                + " stall } } } }")
                .at("/domain/resources/memory");
    }

    /** A task that holds a mebibyte of the capped pool until it is cancelled. */
    private static String fill(GraphQl client) {
        client.data(
                "mutation($size: BigInt!) { allocateResources(domainId: \"pressed\", resources: {"
                        + " priority: 1, memory: { size: $size } }) { id } }",
                Map.of("size", CAP));
        String task =
                client.schedule(
                        Map.of(
                                "domainId",
                                DOMAIN,
                                "type",
                                "COMPUTATION",
                                "payload",
                                Map.of("rounds", 1_000_000_000)));
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(memory(client).path("used").asLong())
                                .isGreaterThanOrEqualTo(1 << 20));
        return task;
    }

    private static void cancel(GraphQl client, String task) {
        client.data(
                "mutation($id: ID!) { cancelTask(taskId: $id) { status } }", Map.of("id", task));
        client.awaitEnd(task, "status");
    }

    @Test
    void aFullPoolAlertsOnceRefusesTasksThatAskForMemoryAndRecovers(GraphQl client) {
        try (Subscription alerts =
                client.subscribe(
                        "subscription { resourceAlert(domainId: \"pressed\", threshold: 0.97)"
                                + " { resource severity threshold value cleared } }",
                        Map.of())) {
            String holder = fill(client);
            JsonNode raised = alerts.next().path("resourceAlert");
            assertThat(raised.path("resource").asText()).isEqualTo("MEMORY");
            assertThat(raised.path("value").asDouble()).isGreaterThan(0.97);
            assertThat(raised.path("cleared").asBoolean()).isFalse();

            GraphQl.Answer refused =
                    client.send(
                            "mutation { scheduleTask(input: { domainId: \"pressed\", type:"
                                    + " COMPUTATION, memory: 4096, priority: 10 }) { id } }",
                            Map.of());
            Clarity.require(refused);
            assertThat(refused.code()).isEqualTo("MEMORY_PRESSURE");
            JsonNode facts = refused.error().at("/extensions/context");
            assertThat(facts.path("level").asText()).isEqualTo("CRITICAL");
            assertThat(facts.path("retryAfterMs").asLong()).isEqualTo(1000);
            assertThat(facts.path("limit").asLong()).isEqualTo(CAP);

            cancel(client, holder);
            JsonNode cleared = alerts.next().path("resourceAlert");
            assertThat(cleared.path("resource").asText()).isEqualTo("MEMORY");
            assertThat(cleared.path("cleared").asBoolean()).isTrue();
            JsonNode admitted =
                    client.awaitEnd(
                            client.schedule(
                                    Map.of(
                                            "domainId",
                                            DOMAIN,
                                            "type",
                                            "COMPUTATION",
                                            "payload",
                                            Map.of("text", "small"),
                                            "memory",
                                            65536,
                                            "priority",
                                            10)),
                            "status");
            assertThat(admitted.path("status").asText()).isEqualTo("COMPLETED");
        }
    }

    @Test
    void theLayoutAddsUpAndAGrantBelowUseIsRefused(GraphQl client) {
        String holder = fill(client);
        JsonNode map =
                client.data(
                                "{ domain(id: \"pressed\") { memoryMap { timestamp zones { index size"
                                        + " used blocks largestFree allocator draining } topOwners(first:"
                                        + " 5) { task { id } bytes blocks } overduePins { taskId } } } }")
                        .at("/domain/memoryMap");
        long used = memory(client).path("used").asLong();
        long inZones = 0;
        for (JsonNode zone : map.path("zones")) {
            inZones += zone.path("used").asLong();
            assertThat(zone.path("allocator").asText()).isEqualTo("TLSF");
            assertThat(zone.path("draining").asBoolean()).isFalse();
        }
        assertThat(inZones).isGreaterThanOrEqualTo(used);
        assertThat(map.at("/topOwners/0/task/id").asText()).isEqualTo(holder);
        assertThat(map.at("/topOwners/0/bytes").asLong()).isEqualTo(used);
        assertThat(map.path("overduePins")).isEmpty();

        GraphQl.Answer below =
                client.send(
                        "mutation { allocateResources(domainId: \"pressed\", resources: { priority: 1,"
                                + " memory: { size: 65536 } }) { id } }",
                        Map.of());
        Clarity.require(below);
        assertThat(below.code()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(below.error().at("/extensions/context/used").asLong()).isEqualTo(used);
        assertThat(below.error().at("/extensions/requested").asLong()).isEqualTo(65536);
        assertThat(memory(client).path("total").asLong()).isEqualTo(CAP);
        cancel(client, holder);
    }

    @Test
    void aPoolThatTheMachineCannotBackIsRefusedAndNothingIsLeft(GraphQl client) {
        long machine = client.data("{ host { memory } }").at("/host/memory").asLong();
        long beyond = (machine >> 20) + 1024 << 20;
        assumeTrue(beyond < 64L << 30, "the allocator knows no pools as large as this machine");
        String size = Long.toString(beyond);
        for (String mutation :
                new String[] {
                    "mutation($size: BigInt!) { configureDomain(domainId: \"pressed\", config: {"
                            + " memory: { poolSize: $size } }) { id } }",
                    "mutation($size: BigInt!) { createDomain(input: { id: \"unbacked\", config: {"
                            + " memory: { poolSize: $size } } }) { id } }"
                }) {
            GraphQl.Answer refused = client.send(mutation, Map.of("size", size));
            Clarity.require(refused);
            assertThat(refused.code()).as(refused.text()).isEqualTo("RESOURCE_EXHAUSTED");
            JsonNode facts = refused.error().at("/extensions/context");
            assertThat(facts.path("requested").asText()).isEqualTo(size);
            assertThat(facts.path("available").asLong()).isLessThan(beyond);
            assertThat(facts.has("limit")).isTrue();
        }
        assertThat(memory(client).path("total").asLong()).isEqualTo(4L << 20);
        JsonNode unbacked = client.data("{ findDomain(id: \"unbacked\") { id } }");
        assertThat(unbacked.path("findDomain").isNull()).isTrue();
    }

    @Test
    void theShareOfTimeSpentWaitingIsThereAfterTheFirstSample(GraphQl client) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(memory(client).path("stall").isNumber()).isTrue());
        assertThat(memory(client).path("stall").asDouble()).isBetween(0.0, 1.0);
    }
}
