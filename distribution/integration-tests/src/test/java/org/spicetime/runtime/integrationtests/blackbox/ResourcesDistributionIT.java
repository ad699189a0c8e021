// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a domain may use, and what it used: memory, network, measurements. */
@ExtendWith(SharedHost.class)
final class ResourcesDistributionIT {
    private static final String DOMAIN = "frugal";

    @BeforeEach
    void create(GraphQl client) {
        client.data(
                "mutation { createDomain(input: { id: \"frugal\", config: {"
                        + " memory: { poolSize: 8388608 }, executor: { parallelism: 2 } } }) { id } }");
    }

    @AfterEach
    void delete(GraphQl client) {
        client.data("mutation { deleteDomain(domainId: \"frugal\", force: true) { domainId } }");
    }

    private static Map<String, Object> task(String type, Map<String, ?> payload) {
        return Map.of("domainId", DOMAIN, "type", type, "payload", payload);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ARENA", "BUDDY", "TLSF"})
    void eachShippedAllocatorServesTasks(String allocator, GraphQl client) {
        JsonNode memory =
                client.data(
                                "mutation($type: AllocationType) { configureDomain(domainId:"
                                        + " \"frugal\", config: { memory: { allocationType: $type } })"
                                        + " { config { memory { allocationType activeAllocator } } } }",
                                Map.of("type", allocator))
                        .at("/configureDomain/config/memory");
        assertThat(memory.path("activeAllocator").asText()).isEqualTo(allocator);
        JsonNode task =
                client.awaitEnd(
                        client.schedule(Map.of("domainId", DOMAIN, "type", "COMPUTATION")),
                        "status metrics { memoryPeak }");
        assertThat(task.path("status").asText()).isEqualTo("COMPLETED");
        assertThat(task.at("/metrics/memoryPeak").asLong()).isPositive();
        assertThat(
                        client.data(
                                        "{ domain(id: \"frugal\") { resources { memory { used"
                                                + " total cached free } } } }")
                                .at("/domain/resources/memory/used")
                                .asLong())
                .isZero();
    }

    @Test
    void aTaskThatWantsMoreMemoryThanThereIsIsRefused(GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        "mutation { scheduleTask(input: { domainId: \"frugal\", type: COMPUTATION,"
                                + " memory: 8388609 }) { id } }",
                        Map.of());
        assertThat(answer.code()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(answer.error().at("/extensions/requested").asLong()).isEqualTo(8388609);
        assertThat(answer.error().at("/extensions/available").asLong()).isEqualTo(8388608);
        JsonNode task =
                client.awaitEnd(
                        client.schedule(
                                Map.of("domainId", DOMAIN, "type", "COMPUTATION", "memory", 100)),
                        "status error { code message context }");
        assertThat(task.path("status").asText()).isEqualTo("FAILED");
        assertThat(task.at("/error/code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(task.at("/error/context/scope").asText()).isEqualTo("task");
    }

    @Test
    void aThrottlingServerIsAskedAgainAndABandwidthIsKept(GraphQl client) throws IOException {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        if (requests.incrementAndGet() == 1) {
                            exchange.getResponseHeaders().add("Retry-After", "1");
                            exchange.sendResponseHeaders(429, -1);
                        } else {
                            byte[] body = "x".repeat(200_000).getBytes(UTF_8);
                            exchange.sendResponseHeaders(200, body.length);
                            exchange.getResponseBody().write(body);
                        }
                    }
                });
        server.start();
        try {
            client.data(
                    "mutation { configureDomain(domainId: \"frugal\", config: { networking: {"
                            + " retryPolicy: { maxAttempts: 3 } } }) { id } }");
            client.data(
                    "mutation { allocateResources(domainId: \"frugal\", resources: { network: {"
                            + " bandwidth: 100000 }, priority: 1 }) { network { bandwidth connections }"
                            + " } }");
            JsonNode task =
                    client.awaitEnd(
                            client.schedule(
                                    task(
                                            "NETWORK",
                                            Map.of(
                                                    "url",
                                                    "http://127.0.0.1:"
                                                            + server.getAddress().getPort()
                                                            + "/"))),
                            "status result metrics { duration } error { message }");
            assertThat(task.path("status").asText()).as(task.toString()).isEqualTo("COMPLETED");
            assertThat(task.at("/result/bytes").asLong()).isEqualTo(200_000);
            assertThat(requests).hasValue(2);
            assertThat(task.at("/metrics/duration").asInt())
                    .as("a second asked for by the server, and two for the bytes")
                    .isGreaterThan(2000);
            JsonNode network =
                    client.data(
                                    "{ resourceUsage(domainId: \"frugal\") { network { bandwidth"
                                            + " bandwidthLimit roundTripTime throughput } } }")
                            .at("/resourceUsage/network");
            assertThat(network.path("bandwidth").asDouble()).isEqualTo(100_000);
            assertThat(network.path("bandwidthLimit").asDouble()).isEqualTo(100_000);
            assertThat(network.path("roundTripTime").asDouble()).isPositive();
            assertThat(network.path("throughput").asDouble()).isPositive();
            JsonNode released =
                    client.data(
                                    "mutation { releaseResources(domainId: \"frugal\", resources:"
                                            + " [NETWORK]) { allocation { id } resources { network"
                                            + " { bandwidthLimit } } } }")
                            .path("releaseResources");
            assertThat(released.path("allocation").isNull()).isTrue();
            assertThat(released.at("/resources/network/bandwidthLimit").isNull()).isTrue();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aDomainRemembersWhatItDidAndTheHostKnowsItsMachine(GraphQl client) {
        client.awaitEnd(
                client.schedule(Map.of("domainId", DOMAIN, "type", "COMPUTATION")), "status");
        Awaitility.await()
                .untilAsserted(() -> {
                    JsonNode points =
                            client.data(
                                            "{ domain(id: \"frugal\") { history(resolution:"
                                                    + " 1000) { timestamp running memoryUsed"
                                                    + " taskThroughput cpuUsage } } }")
                                    .at("/domain/history");
                    assertThat(points.findValues("taskThroughput"))
                            .anyMatch(rate -> rate.asDouble() > 0);
                });
        JsonNode host =
                client.data(
                                "{ host { name operatingSystem architecture availableProcessors"
                                        + " memory javaRuntime framework processId startedAt metrics {"
                                        + " heapUsed heapMax poolsReserved cpuUsage gcShare"
                                        + " longestPause fileSystems { purpose total free } } } }")
                        .path("host");
        assertThat(host.path("framework").asText()).startsWith("org.apache.felix.framework ");
        assertThat(host.path("processId").asLong()).isPositive();
        assertThat(host.at("/metrics/poolsReserved").asLong()).isGreaterThanOrEqualTo(8388608);
        assertThat(host.at("/metrics/fileSystems").findValuesAsText("purpose"))
                .contains("log", "cache", "deploy", "store");
    }
}
