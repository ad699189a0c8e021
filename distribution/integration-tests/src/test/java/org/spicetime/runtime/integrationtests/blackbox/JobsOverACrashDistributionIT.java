// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.integrationtests.Installation;

/**
 * What durable tasks promise, over a host that is killed: the first life is {@link #firstLife},
 * each test looks at what the second one made of a part of it. How often each task ran is counted
 * in files.
 */
@SuppressWarnings("NullAway.Init")
class JobsOverACrashDistributionIT {

    private static final String STATE =
            "phase result error { code message context } attempts { number outcome"
                    + " linesDropped log(last: 5) { message } }";
    private static final String LATER = "2099-01-01T00:00:00Z";

    private static final Map<String, String> ids = new HashMap<>();
    private static final Map<String, JsonNode> before = new HashMap<>();
    private static Path folder;
    private static HostProcess host;
    private static GraphQl client;
    private static DomainOfTest domain;
    private static List<String> batch;

    @BeforeAll
    static void firstLife() throws IOException, InterruptedException {
        Path data = HostProcess.freshData("jobs");
        folder = Files.createDirectories(data.resolveSibling("runs"));
        host = HostProcess.start(Installation.assembled(), data);
        client = new GraphQl(host.url(), host.token());
        new DeployFolder(host, client).drop("jobs.jar", JobHandler.bundle("1.0.0"));
        awaitHandler();
        domain = DomainOfTest.create(client, "jobs");
        client.data(
                "mutation { configureDomain(domainId: \"jobs\", config: {executor: {parallelism: 4}})"
                        + " { id } }");

        schedule("keyed", "NOTE", 0, Map.of("idempotencyKey", "once"));
        batch = batch();
        schedule("to be cancelled", "NOTE", 0, Map.of("runAt", LATER));
        cancel("to be cancelled");
        schedule("cancelled while it runs", "HOLD", 0, Map.of());
        awaitRuns("cancelled while it runs", 1);
        cancel("cancelled while it runs");
        schedule("too slow", "HOLD", 0, Map.of("timeout", 50));
        Map<String, Object> retry =
                Map.of("backoff", "EXPONENTIAL", "initialDelay", 5, "maxDelay", 10, "jitter", 0.5);
        schedule("third time lucky", "FAIL", 2, Map.of("maxRetries", 5, "retry", retry));
        schedule("dead", "FAIL", 3, Map.of("maxRetries", 1, "retry", retry));
        schedule("chatty", "LINES", 1010, Map.of());
        schedule("long line", "LINE", 5000, Map.of());
        schedule("large result", "RESULT", 300 * 1024, Map.of());
        schedule("long error", "ERROR", 5000, Map.of());
        for (String name : List.copyOf(ids.keySet())) {
            await(name)
                    .atMost(GraphQl.LIMIT)
                    .until(() -> isFinal(state(name).path("phase").asText()));
            before.put(name, state(name));
        }
        schedule("durable later", "NOTE", 0, Map.of("runAt", LATER));
        schedule("volatile later", "NOTE", 0, Map.of("runAt", LATER, "durability", "VOLATILE"));
        for (String policy : List.of("RETRY", "FAIL", "ASK")) {
            // One for the crash: the time until the bundle of the handler is back costs none.
            schedule("crash " + policy, "HOLD", 0, Map.of("onCrash", policy, "maxRetries", 1));
        }
        schedule("crash without retries", "HOLD", 0, Map.of("onCrash", "RETRY"));
        for (String policy : List.of("RETRY", "FAIL", "ASK", "without retries")) {
            awaitRuns("crash " + policy, 1);
        }
        before.put("cron", cron("createSchedule", "nightly"));

        client.close();
        host.kill();
        host = HostProcess.start(Installation.assembled(), data);
        client = new GraphQl(host.url(), host.token());
        domain = new DomainOfTest(client, "jobs");
        awaitHandler();
    }

    @AfterAll
    static void endIt() {
        client.close();
        host.close();
    }

    @Test
    void whatHadEndedIsAsItWasAndHasNotRunAgain() throws IOException {
        for (Map.Entry<String, JsonNode> one : before.entrySet()) {
            if (!one.getKey().equals("cron") && !one.getKey().equals("dead")) {
                assertThat(state(one.getKey())).as(one.getKey()).isEqualTo(one.getValue());
            }
        }
        assertThat(runs("keyed")).isEqualTo(1);
        assertThat(runs("to be cancelled")).isZero();
        assertThat(runs("cancelled while it runs")).isEqualTo(1);
        assertThat(runs("too slow")).isEqualTo(1);
        assertThat(runs("third time lucky")).isEqualTo(3);
    }

    @Test
    void whatAHandlerLogsIsToldWithItsDomainAndTask() throws InterruptedException {
        String fields = "{ message domainId taskId bundle }";
        Map<String, String> tasks = new ConcurrentHashMap<>();
        CountDownLatch seen = new CountDownLatch(1);
        try (Subscription log =
                client.subscribe(
                        "subscription { logAppended(filter: {domainId: \"jobs\", contains: \" logs\"}) "
                                + fields
                                + " }",
                        Map.of())) {
            // Nothing tells when a stream of events has begun.
            Thread schedules =
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int count = 0; seen.getCount() > 0; count++) {
                                    GraphQl.Answer answer =
                                            send("logs " + count, "LOG", count, Map.of());
                                    tasks.put(
                                            answer.data().at("/scheduleTask/id").asText(),
                                            "job " + count + " logs");
                                }
                            });
            JsonNode record;
            try {
                record = log.next().path("logAppended");
            } finally {
                seen.countDown();
                schedules.join();
            }
            String task = record.path("taskId").asText();
            assertThat(record.path("message").asText()).isNotEmpty().isEqualTo(tasks.get(task));
            assertThat(record.path("domainId").asText()).isEqualTo("jobs");
            assertThat(record.path("bundle").asText()).isEqualTo("org.example.jobs");
            assertThat(
                            client.data(
                                            "{ logs(filter: {taskId: \"%s\", contains: \" logs\"}, first: 2) %s }"
                                                    .formatted(task, fields))
                                    .path("logs"))
                    .containsExactly(record);
        }
    }

    @Test
    void aKeyAnswersItsTaskAndOtherContentIsAConflict() throws IOException {
        String counted = counted();
        assertThat(schedule("keyed", "NOTE", 0, Map.of("idempotencyKey", "once")))
                .isEqualTo(ids.get("keyed"));
        assertThat(batch()).isEqualTo(batch);
        GraphQl.Answer other = send("keyed", "NOTE", 1, Map.of("idempotencyKey", "once"));
        assertThat(other.code()).as(other.text()).isEqualTo("CONFLICT");
        Clarity.require(other);
        List<Map<String, Object>> mixed =
                List.of(
                        input("new", "NOTE", 0, Map.of("idempotencyKey", "new")),
                        input("batch 0", "NOTE", 7, Map.of("idempotencyKey", "batch 0")));
        GraphQl.Answer refused =
                client.send(
                        "mutation($i: [TaskInput!]!) { scheduleTasks(inputs: $i) { id } }",
                        Map.of("i", mixed));
        assertThat(refused.code()).as(refused.text()).isEqualTo("CONFLICT");
        Clarity.require(refused);
        assertThat(counted()).isEqualTo(counted);
        assertThat(runs("new")).isZero();
    }

    @Test
    void whatRanIsTriedAgainFailedOrAskedAbout() throws IOException {
        awaitCompleted("crash RETRY");
        assertThat(outcomes("crash RETRY")).containsExactly("LOST", "COMPLETED");
        assertThat(runs("crash RETRY")).isEqualTo(2);

        for (String name : List.of("crash FAIL", "crash without retries")) {
            assertThat(state(name).path("phase").asText()).as(name).isEqualTo("FAILED");
            assertThat(state(name).at("/error/context/reason").asText()).isEqualTo("LOST_BY_CRASH");
            assertThat(outcomes(name)).as(name).containsExactly("LOST");
            assertThat(runs(name)).as(name).isEqualTo(1);
        }
        assertThat(domain.count("{deadLetter: true, nameContains: \"crash\"}")).isEqualTo(2);

        assertThat(state("crash ASK").path("phase").asText()).isEqualTo("SUSPENDED");
        assertThat(runs("crash ASK")).isEqualTo(1);
        client.data("mutation { resumeTask(taskId: \"" + ids.get("crash ASK") + "\") { id } }");
        awaitCompleted("crash ASK");
        assertThat(runs("crash ASK")).isEqualTo(2);
    }

    @Test
    void aVolatileTaskIsGoneAndADurableOneIsThere() {
        assertThat(state("durable later").path("phase").asText()).isEqualTo("SCHEDULED");
        assertThat(client.data("{ findTask(id: \"" + ids.get("volatile later") + "\") { id } }"))
                .allSatisfy(found -> assertThat(found.isNull()).isTrue());
    }

    @Test
    void cancelledAndLateRunsSaySo() {
        assertThat(before("to be cancelled", "/phase")).isEqualTo("CANCELLED");
        assertThat(before("cancelled while it runs", "/phase")).isEqualTo("CANCELLED");
        assertThat(before("too slow", "/phase")).isEqualTo("TIMED_OUT");
    }

    @Test
    void aDeadLetterIsInspectedAndReplayed() throws IOException {
        assertThat(before("dead", "/phase")).isEqualTo("FAILED");
        assertThat(domain.count("{deadLetter: true, nameContains: \"dead\"}")).isEqualTo(1);
        assertThat(state("dead")).isEqualTo(before.get("dead"));
        assertThat(state("dead").at("/error/message").asText()).contains("attempt 2 failed");
        assertThat(state("dead").at("/attempts/0/log/0/message").asText()).isEqualTo("attempt 1");
        client.data("mutation { retryTask(taskId: \"" + ids.get("dead") + "\") { id } }");
        awaitCompleted("dead");
        assertThat(runs("dead")).isEqualTo(4);
        assertThat(outcomes("dead")).containsExactly("FAILED", "FAILED", "FAILED", "COMPLETED");
    }

    @Test
    void eachAttemptKeepsItsLines() {
        JsonNode lucky = state("third time lucky");
        assertThat(lucky.path("phase").asText()).isEqualTo("COMPLETED");
        assertThat(outcomes("third time lucky")).containsExactly("FAILED", "FAILED", "COMPLETED");
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(lucky.at("/attempts/" + (attempt - 1) + "/log").findValuesAsText("message"))
                    .containsExactly("attempt " + attempt);
        }
    }

    @Test
    void whatIsTooLongIsCutOrFails() {
        assertThat(before("chatty", "/attempts/0/linesDropped")).isEqualTo("10");
        assertThat(before("chatty", "/attempts/0/log/4/message")).isEqualTo("line 1009");
        assertThat(before("long line", "/attempts/0/log/0/message"))
                .hasSizeLessThanOrEqualTo(4096)
                .startsWith("xxxx")
                .doesNotEndWith("xxxx");
        assertThat(before("large result", "/phase")).isEqualTo("FAILED");
        assertThat(before("large result", "/error/message")).contains("result", "262144");
        assertThat(before("large result", "/result")).isEmpty();
        assertThat(before("long error", "/phase")).isEqualTo("FAILED");
        assertThat(before("long error", "/error/message"))
                .hasSizeLessThanOrEqualTo(4096)
                .startsWith("xxxx")
                .doesNotEndWith("xxxx");
    }

    @Test
    void aScheduleKeepsItsZone() {
        JsonNode there =
                client.data("{ schedules(domainId: \"jobs\") { name cron zone nextReleases } }");
        assertThat(there.at("/schedules/0")).isEqualTo(before.get("cron"));
        assertThat(before("cron", "/nextReleases/0")).isEqualTo("2090-01-01T01:30:00.000Z");
    }

    @Test
    void aReplacedHandlerLosesAndDoublesNoneOfItsTasks() throws IOException {
        List<String> names = IntStream.range(0, 60).mapToObj(n -> "hot " + n).toList();
        client.data("mutation { pauseDomain(domainId: \"jobs\") { id } }");
        for (String name : names) schedule(name, "NOTE", 0, Map.of("maxRetries", 0));
        DeployFolder deploy = new DeployFolder(host, client);
        deploy.delete("jobs.jar");
        await("no handler").atMost(GraphQl.LIMIT).until(() -> !handlerIsThere());
        client.data("mutation { resumeDomain(domainId: \"jobs\") { id } }");
        GraphQl.Answer refused = send("nobody", "NOTE", 0, Map.of());
        assertThat(refused.code()).as(refused.text()).isEqualTo("BAD_USER_INPUT");
        for (String name : names) awaitAside(name);
        deploy.drop("jobs.jar", JobHandler.bundle("1.1.0"));
        for (String name : names) {
            awaitCompleted(name);
            assertThat(runs(name)).as(name).isEqualTo(1);
            assertThat(outcomes(name)).as(name).containsExactly("COMPLETED");
        }
    }

    @Test
    void aPurgedTaskIsNothingToDependOnAndAnEndedOneIsNotWaitedFor() throws IOException {
        String purged = schedule("purged", "NOTE", 0, Map.of());
        awaitCompleted("purged");
        schedule("after", "NOTE", 0, Map.of("dependencies", List.of(Map.of("taskId", purged))));
        awaitCompleted("after");
        String failed = Objects.requireNonNull(ids.get("large result"));
        schedule("failed", "NOTE", 0, Map.of("dependencies", List.of(Map.of("taskId", failed))));
        // It is acknowledged when it is stored; that it cannot run is stored next.
        await("the end of what cannot run")
                .atMost(GraphQl.LIMIT)
                .until(() -> state("failed").path("phase").asText().equals("FAILED"));
        assertThat(state("failed").at("/error/code").asText()).isEqualTo("DEPENDENCY_FAILED");
        JsonNode gone = domain.bulk("purgeTasks", "filter: {ids: [\"" + purged + "\"]}");
        assertThat(gone.path("changed").asInt()).isEqualTo(1);
        GraphQl.Answer refused =
                send(
                        "nothing",
                        "NOTE",
                        0,
                        Map.of("dependencies", List.of(Map.of("taskId", purged))));
        assertThat(refused.code()).as(refused.text()).isEqualTo("BAD_USER_INPUT");
        Clarity.require(refused);
        assertThat(runs("nothing")).isZero();
        assertThat(runs("failed")).isZero();
    }

    private static void awaitCompleted(String name) {
        await(name + " is completed")
                .atMost(GraphQl.LIMIT)
                .until(() -> {
                    JsonNode state = state(name);
                    assertThat(state.path("phase").asText())
                            .as("%s: %s", name, state)
                            .isNotIn("FAILED", "CANCELLED", "TIMED_OUT");
                    return state.path("phase").asText().equals("COMPLETED");
                });
    }

    private static void awaitAside(String name) {
        String waits =
                "{ task(id: \"" + ids.get(name) + "\") { phase waits { reason resource open } } }";
        await(name + " waits for its handler")
                .atMost(GraphQl.LIMIT)
                .until(() -> {
                    JsonNode task = client.data(waits).path("task");
                    if (!task.path("phase").asText().equals("WAITING_RESOURCE")) return false;
                    JsonNode last = task.path("waits").get(task.path("waits").size() - 1);
                    assertThat(last.path("reason").asText()).isEqualTo("LIMIT");
                    assertThat(last.path("resource").asText())
                            .isEqualTo("handler " + JobHandler.NAME);
                    return last.path("open").asBoolean();
                });
    }

    private static boolean isFinal(String phase) {
        return List.of("COMPLETED", "FAILED", "TIMED_OUT", "CANCELLED").contains(phase);
    }

    private static String before(String name, String path) {
        JsonNode node = Objects.requireNonNull(before.get(name), name).at(path);
        return node.isNull() ? "" : node.asText();
    }

    private static List<String> outcomes(String name) {
        return state(name).path("attempts").findValuesAsText("outcome");
    }

    private static JsonNode state(String name) {
        return client.data("{ task(id: \"" + ids.get(name) + "\") { " + STATE + " } }")
                .path("task");
    }

    private static String counted() {
        return client.data("{ domain(id: \"jobs\") { metrics { tasksScheduled } } }").toString();
    }

    private static Map<String, Object> input(
            String name, String work, int count, Map<String, ?> more) {
        Map<String, Object> members = new HashMap<>(JobHandler.task(folder, name, work, count));
        members.putAll(more);
        return domain.task(members);
    }

    private static GraphQl.Answer send(String name, String work, int count, Map<String, ?> more) {
        return client.send(
                "mutation($i: TaskInput!) { scheduleTask(input: $i) { id } }",
                Map.of("i", input(name, work, count, more)));
    }

    private static String schedule(String name, String work, int count, Map<String, ?> more) {
        String id = send(name, work, count, more).data().at("/scheduleTask/id").asText();
        ids.put(name, id);
        return id;
    }

    private static List<String> batch() {
        List<Map<String, Object>> inputs =
                IntStream.range(0, 3)
                        .mapToObj(n ->
                                input(
                                        "batch " + n,
                                        "NOTE",
                                        0,
                                        Map.of("idempotencyKey", "batch " + n)))
                        .toList();
        List<String> made =
                new ArrayList<>(
                        client.data(
                                        "mutation($i: [TaskInput!]!) { scheduleTasks(inputs: $i) { id } }",
                                        Map.of("i", inputs))
                                .path("scheduleTasks")
                                .findValuesAsText("id"));
        for (int n = 0; n < made.size(); n++) ids.put("batch " + n, made.get(n));
        return made;
    }

    private static void cancel(String name) {
        client.data("mutation { cancelTask(taskId: \"" + ids.get(name) + "\") { id } }");
    }

    private static JsonNode cron(String mutation, String name) {
        return client.data(
                        "mutation($i: ScheduleInput!) { "
                                + mutation
                                + "(input: $i) { name cron zone nextReleases } }",
                        Map.of(
                                "i",
                                Map.of(
                                        "name",
                                        name,
                                        "cron",
                                        "30 2 * * *",
                                        "zone",
                                        "Europe/Berlin",
                                        "startAt",
                                        "2090-01-01T00:00:00Z",
                                        "task",
                                        input(name, "NOTE", 0, Map.of()))))
                .path(mutation);
    }

    private static long runs(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Files.readString(file).lines().count() : 0;
    }

    private static void awaitRuns(String name, int wanted) {
        await(name + " runs").atMost(GraphQl.LIMIT).until(() -> runs(name) >= wanted);
    }

    private static void awaitHandler() {
        await("the handler")
                .atMost(GraphQl.LIMIT)
                .until(JobsOverACrashDistributionIT::handlerIsThere);
    }

    private static boolean handlerIsThere() {
        return client.data("{ taskHandlers { name } }")
                .path("taskHandlers")
                .findValuesAsText("name")
                .contains(JobHandler.NAME);
    }
}
