// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.integrationtests.BundleJar;
import org.spicetime.runtime.integrationtests.Installation;

/** Policies and strategies come, change and go under load, and nobody notices but the catalogue. */
@SuppressWarnings("NullAway.Init")
class HotDeployDistributionIT {

    private static final int TASKS = 11_000;
    private static final int BATCH = 1_000;
    private static final int WORKERS = 2;
    private static final String POLICY = "EXAMPLE_WSJF";
    private static final String STRATEGY = "EXAMPLE_BEST_FIT";
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static HostProcess host;
    private static GraphQl client;
    private static DeployFolder deploy;

    @BeforeAll
    static void startAHost() throws IOException {
        host = HostProcess.start(Installation.assembled(), HostProcess.freshData("hot-deploy"));
        client = new GraphQl(host.url(), host.token());
        deploy = new DeployFolder(host, client);
    }

    @AfterAll
    static void endIt() {
        client.close();
        host.close();
    }

    @Test
    void aPolicyIsDroppedChosenReplacedAndDeletedUnderLoad() throws InterruptedException {
        String domain = "hot-policy";
        client.data(
                "mutation { createDomain(input: { id: \"hot-policy\", config: { executor: {"
                        + " parallelism: 2, queueCapacity: 20000 } } }) { id } }");
        try (Ledger ledger = new Ledger(TASKS, WORKERS)) {
            List<String> ids = new ArrayList<>();
            for (int from = 0; from < TASKS; from += BATCH) {
                ids.addAll(schedule(ledger, domain, from, from + BATCH));
            }
            ledger.awaitGates();
            assertThat(metrics(domain).path("tasksPending").asInt()).isGreaterThanOrEqualTo(10_000);

            try (Subscription status =
                            client.subscribe(
                                    "subscription { domainStatusChanged(domainId: \"hot-policy\") }",
                                    Map.of());
                    Subscription last =
                            client.subscribe(
                                    "subscription($id: ID!) { taskUpdated(taskId: $id) { status } }",
                                    Map.of("id", ids.getLast()))) {
                assertThat(status.next().path("domainStatusChanged").asText()).isEqualTo("RUNNING");

                long dropped = System.nanoTime();
                byte[] first = kit("keyedpolicy").version("1.0.0").bytes();
                deploy.drop("wsjf.jar", first);
                deploy.awaitPolicy(POLICY, true);
                long inCatalogue = System.nanoTime() - dropped;
                deploy.awaitEnumValue("SchedulingPolicy", POLICY, true);
                long inSchema = System.nanoTime() - dropped;
                report("policy in the catalogue", inCatalogue);
                report("policy in the schema", inSchema);
                assertThat(Duration.ofNanos(inSchema)).isLessThan(Duration.ofSeconds(20));

                deploy.awaitBundle(
                        "org.spicetime.runtime.examples.keyedpolicy",
                        "{\"version\":\"1.0.0\",\"state\":\"ACTIVE\",\"core\":false,\"sha256\":\""
                                + sha256(first)
                                + "\",\"contributions\":[{\"name\":\"EXAMPLE_WSJF\"}],"
                                + "\"problems\":[]}");

                long asked = System.nanoTime();
                configure(domain, Map.of("scheduler", Map.of("policy", POLICY)));
                report("configureDomain with 10 998 queued", System.nanoTime() - asked);
                assertThat(activePolicy(domain)).isEqualTo(POLICY);
                assertThat(metrics(domain).path("tasksPending").asInt())
                        .isGreaterThanOrEqualTo(10_000);

                ledger.openGate();
                awaitRan(ledger, TASKS / 8);
                deploy.drop("wsjf.jar", kit("keyedpolicy").version("1.1.0"));
                awaitRan(ledger, TASKS * 2 / 8);
                awaitActive(domain, POLICY);
                deploy.delete("wsjf.jar");
                awaitActive(domain, "SAFE_FIFO");
                awaitRan(ledger, TASKS * 3 / 8);
                deploy.drop("wsjf.jar", kit("keyedpolicy").version("1.2.0"));
                awaitActive(domain, POLICY);

                await("all tasks to end")
                        .atMost(LIMIT)
                        .until(() -> metrics(domain).path("tasksCompleted").asInt() == TASKS);
                ledger.requireEachRanOnce();
                assertThat(metrics(domain).path("tasksFailed").asInt()).isZero();
                assertThat(metrics(domain).path("tasksScheduled").asInt()).isEqualTo(TASKS);

                // Opened before the first drop, over all generations of the schema.
                assertThat(last.awaitComplete())
                        .last()
                        .satisfies(event ->
                                assertThat(event.at("/taskUpdated/status").asText())
                                        .isEqualTo("COMPLETED"));
                client.data(
                        "mutation { deleteDomain(domainId: \"hot-policy\", force: true) { domainId } }");
                assertThat(status.awaitComplete())
                        .extracting(event -> event.path("domainStatusChanged").asText())
                        .contains("DEGRADED")
                        .contains("RUNNING");
            }
        } finally {
            client.send(
                    "mutation { deleteDomain(domainId: \"hot-policy\", force: true) { domainId } }",
                    Map.of());
        }
        deploy.delete("wsjf.jar");
        deploy.awaitPolicy(POLICY, false);
        long deleted = System.nanoTime();
        deploy.awaitEnumValue("SchedulingPolicy", POLICY, false);
        report("value gone from the schema after the policy", System.nanoTime() - deleted);
    }

    @Test
    void aStrategyIsDroppedChosenReplacedAndDeletedWithLiveBlocks() throws InterruptedException {
        String domain = "hot-strategy";
        int tasks = 200;
        deploy.drop("primes.jar", kit("taskhandler"));
        client.data(
                "mutation { createDomain(input: { id: \"hot-strategy\", config: { memory: {"
                        + " poolSize: \"67108864\" }, executor: { parallelism: 2 } } }) { id } }");
        try {
            long dropped = System.nanoTime();
            deploy.drop("bestfit.jar", kit("allocationstrategy").version("1.0.0"));
            deploy.awaitAllocator(STRATEGY, true);
            deploy.awaitEnumValue("AllocationType", STRATEGY, true);
            report("strategy in the schema", System.nanoTime() - dropped);
            await("the handler")
                    .atMost(LIMIT)
                    .until(() ->
                            client.data("{ taskHandlers { name } }")
                                    .toString()
                                    .contains("example.count-primes"));

            // Each holds a block of the pool while it runs; its result tells whether it stayed
            // valid.
            List<Map<String, Object>> inputs =
                    IntStream.range(0, tasks)
                            .mapToObj(number ->
                                    Map.<String, Object>of(
                                            "domainId",
                                            domain,
                                            "type",
                                            "COMPUTATION",
                                            "handler",
                                            "example.count-primes",
                                            "payload",
                                            Map.of("limit", 2_000_000)))
                            .toList();
            client.data(
                    "mutation($inputs: [TaskInput!]!) { scheduleTasks(inputs: $inputs) { id } }",
                    Map.of("inputs", inputs));
            awaitLiveBlocks(domain);
            configure(domain, Map.of("memory", Map.of("allocationType", STRATEGY)));
            assertThat(activeAllocator(domain)).isEqualTo(STRATEGY);
            awaitCompleted(domain, tasks / 8);
            awaitLiveBlocks(domain);
            deploy.drop("bestfit.jar", kit("allocationstrategy").version("1.1.0"));
            awaitCompleted(domain, tasks * 2 / 8);
            awaitAllocatorActive(domain, STRATEGY);
            awaitLiveBlocks(domain);
            deploy.delete("bestfit.jar");
            awaitAllocatorActive(domain, "FIRST_FIT");
            awaitCompleted(domain, tasks);

            JsonNode ended =
                    client.data("{ tasks(domainId: \"hot-strategy\") { status result } }")
                            .path("tasks");
            assertThat(ended.size()).isEqualTo(tasks);
            assertThat(ended)
                    .allSatisfy(task -> {
                        assertThat(task.path("status").asText()).isEqualTo("COMPLETED");
                        assertThat(task.at("/result/count").asInt()).isEqualTo(148_933);
                        assertThat(task.at("/result/largest").asInt()).isEqualTo(1_999_993);
                    });
            await("all memory to be free")
                    .atMost(LIMIT)
                    .until(() -> memory(domain).path("used").asLong() == 0);
        } finally {
            client.data(
                    "mutation { deleteDomain(domainId: \"hot-strategy\", force: true) { domainId } }");
            deploy.delete("primes.jar");
        }
    }

    private static BundleJar kit(String example) {
        return BundleJar.ofKit(Installation.assembled().home(), example);
    }

    private static List<String> schedule(Ledger ledger, String domain, int from, int to) {
        List<Map<String, Object>> inputs =
                IntStream.range(from, to)
                        .mapToObj(number -> ledger.task(domain, number, Map.of()))
                        .toList();
        JsonNode tasks =
                client.data(
                                "mutation($inputs: [TaskInput!]!) { scheduleTasks(inputs: $inputs)"
                                        + " { id } }",
                                Map.of("inputs", inputs))
                        .path("scheduleTasks");
        List<String> ids = new ArrayList<>();
        tasks.forEach(task -> ids.add(task.path("id").asText()));
        return ids;
    }

    private static void configure(String domain, Map<String, ?> config) {
        client.data(
                "mutation($id: ID!, $config: RuntimeConfigInput!) { configureDomain(domainId: $id,"
                        + " config: $config) { id } }",
                Map.of("id", domain, "config", config));
    }

    private static void awaitRan(Ledger ledger, int tasks) {
        await(tasks + " tasks to run").atMost(LIMIT).until(() -> ledger.ran() >= tasks);
    }

    private static void awaitCompleted(String domain, int tasks) {
        await(tasks + " tasks to complete")
                .atMost(LIMIT)
                .until(() -> metrics(domain).path("tasksCompleted").asInt() >= tasks);
    }

    private static void awaitLiveBlocks(String domain) {
        await("blocks in use")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> memory(domain).path("used").asLong() > 0);
    }

    private static void awaitActive(String domain, String policy) {
        await(policy + " dispatches")
                .atMost(LIMIT)
                .until(() -> activePolicy(domain).equals(policy));
    }

    private static void awaitAllocatorActive(String domain, String strategy) {
        await(strategy + " in charge")
                .atMost(LIMIT)
                .until(() -> activeAllocator(domain).equals(strategy));
    }

    private static String activePolicy(String domain) {
        return domain(domain, "config { scheduler { activePolicy } }")
                .at("/config/scheduler/activePolicy")
                .asText();
    }

    private static String activeAllocator(String domain) {
        return domain(domain, "config { memory { activeAllocator } }")
                .at("/config/memory/activeAllocator")
                .asText();
    }

    private static JsonNode metrics(String domain) {
        return domain(domain, "metrics { tasksScheduled tasksCompleted tasksFailed tasksPending }")
                .path("metrics");
    }

    private static JsonNode memory(String domain) {
        return domain(domain, "resources { memory { used } }").at("/resources/memory");
    }

    private static JsonNode domain(String domain, String selection) {
        return client.data(
                        "query($id: ID!) { domain(id: $id) { " + selection + " } }",
                        Map.of("id", domain))
                .path("domain");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void report(String what, long nanos) {
        System.out.printf("%s: %d ms%n", what, nanos / 1_000_000);
    }
}
