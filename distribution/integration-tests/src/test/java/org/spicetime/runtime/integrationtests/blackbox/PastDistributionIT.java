// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.integrationtests.Installation;

/** What is known of the past, before and after a restart of the host. */
class PastDistributionIT {

    private static final String CHANGES =
            "subscription($id: ID!, $after: String) { domainTaskChanges(domainId: $id, after:"
                    + " $after, filter: {search: \"told\"}) { cursor taskId kind task { phase } } }";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final int GOOD = 1470;
    private static final int BAD = 30;
    private static final int TOLD = 200;

    private final Installation installation = Installation.assembled();

    @Test
    void thePastIsReadAcrossARestart() throws Exception {
        Path data = HostProcess.freshData("past");
        List<String> first = new ArrayList<>();
        Map<String, String> told = new HashMap<>();
        String pageCursor;
        String streamCursor;
        Instant before;
        JsonNode oneBefore;
        try (HostProcess host = HostProcess.start(installation, data);
                GraphQl client = new GraphQl(host.url(), host.token())) {
            DomainOfTest domain = DomainOfTest.create(client, "past");
            String asOf = page(client, "{}", null).path("asOf").asText();
            schedule(client, domain, BAD, "bad", Map.of("payload", Map.of("file", "/no/such")));
            schedule(client, domain, GOOD - TOLD, "good", Map.of("labels", Map.of("run", "one")));
            schedule(client, domain, TOLD, "told", Map.of());
            await().atMost(LIMIT)
                    .until(() -> domain.count("{status: [COMPLETED, FAILED]}") == GOOD + BAD);
            pageCursor = walk(client, null, 3, first);
            try (Subscription changes =
                    client.subscribe(CHANGES, Map.of("id", "past", "after", asOf))) {
                streamCursor = take(changes, told, TOLD / 2);
            }
            oneBefore = client.data("{ task(id: \"" + first.getFirst() + "\") " + TASK + " }");
            assertThat(oneBefore.at("/task/traceId").asText()).isEqualTo(TRACE);
            await().atMost(LIMIT).until(() -> !samples(client, Instant.now()).isEmpty());
            before = Instant.now();
            backup(client, data);
            assertThat(
                            client.data(
                                            "{ systemHealth { store { status readOnly engine size } } }")
                                    .at("/systemHealth/store/size")
                                    .asLong())
                    .isPositive();
            assertThat(host.stop()).isZero();
        }
        try (HostProcess host = HostProcess.start(installation, data);
                GraphQl client = new GraphQl(host.url(), host.token())) {
            DomainOfTest domain = new DomainOfTest(client, "past");
            List<String> all = new ArrayList<>(first);
            walk(client, pageCursor, Integer.MAX_VALUE, all);
            assertThat(all).as("each task once").hasSize(GOOD + BAD).doesNotHaveDuplicates();
            assertThat(client.data("{ task(id: \"" + first.getFirst() + "\") " + TASK + " }"))
                    .as("a task and its history")
                    .isEqualTo(oneBefore);

            try (Subscription changes =
                    client.subscribe(CHANGES, Map.of("id", "past", "after", streamCursor))) {
                take(changes, told, TOLD);
            }
            assertThat(told).hasSize(TOLD).containsValue("COMPLETED");

            assertThat(domain.count("{search: \"GOOD\"}")).isEqualTo(GOOD - TOLD);
            assertThat(domain.count("{labels: {run: \"one\"}}")).isEqualTo(GOOD - TOLD);
            assertThat(domain.count("{labels: {run: \"two\"}}")).isZero();
            replay(client, domain);

            JsonNode history = samples(client, before);
            assertThat(history).as("measurements of the run before").isNotEmpty();
        }
    }

    private static final String TASK =
            "{ name phase traceId events { phase actor } attempts { number"
                    + " outcome } waits { reason } }";

    /* The dead letters are inspected, tried again, and are dead letters again. */
    private static void replay(GraphQl client, DomainOfTest domain) {
        assertThat(domain.count("{deadLetter: true}")).isEqualTo(BAD);
        JsonNode dead =
                client.data(
                                "{ tasks(domainId: \"past\", filter: {deadLetter: true, limit: 1}) {"
                                        + " id attempts { number } error { code message } } }")
                        .at("/tasks/0");
        assertThat(dead.at("/error/message").asText()).isNotBlank();
        assertThat(dead.path("attempts")).hasSize(1);
        JsonNode replayed = domain.bulk("retryTasks", "filter: {deadLetter: true}");
        assertThat(replayed.path("changed").asInt()).isEqualTo(BAD);
        await().atMost(LIMIT).until(() -> domain.count("{deadLetter: true}") == BAD);
        assertThat(
                        client.data(
                                        "{ task(id: \""
                                                + dead.path("id").asText()
                                                + "\") { attempts { number } } }")
                                .at("/task/attempts"))
                .hasSize(2);
        JsonNode purged = domain.bulk("purgeTasks", "filter: {deadLetter: true}");
        assertThat(purged.path("changed").asInt()).isEqualTo(BAD);
        assertThat(domain.count("{status: [FAILED]}")).isZero();
    }

    private static void schedule(
            GraphQl client, DomainOfTest domain, int count, String name, Map<String, ?> more) {
        for (int left = count; left > 0; left -= 500) {
            List<Map<String, Object>> inputs = new ArrayList<>();
            for (int i = 0; i < Math.min(left, 500); i++) {
                Map<String, Object> input = new HashMap<>(more);
                input.put("name", name);
                inputs.add(domain.task(input));
            }
            ObjectNode request =
                    GraphQl.request(
                            "mutation($inputs: [TaskInput!]!) { scheduleTasks(inputs: $inputs) { id } }",
                            GraphQl.JSON.valueToTree(Map.of("inputs", inputs)));
            request.putObject("extensions")
                    .put("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
            client.sendJson(request).data();
        }
    }

    private static JsonNode page(GraphQl client, String filter, @Nullable String after) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("after", after);
        return client.data(
                        "query($after: String) { tasksConnection(domainId: \"past\", filter: "
                                + filter
                                + ", first: 100, after: $after, orderBy: {field: CREATED_AT,"
                                + " direction: DESC}) { asOf nodes { id } pageInfo { hasNextPage"
                                + " endCursor } } }",
                        variables)
                .path("tasksConnection");
    }

    /** Reads on from a cursor, so many pages at most; where it ended. */
    private static String walk(GraphQl client, @Nullable String after, int most, List<String> ids) {
        String cursor = after;
        boolean more = true;
        for (int i = 0; i < most && more; i++) {
            JsonNode page = page(client, "{status: [COMPLETED, FAILED]}", cursor);
            ids.addAll(page.path("nodes").findValuesAsText("id"));
            cursor = page.at("/pageInfo/endCursor").asText();
            more = page.at("/pageInfo/hasNextPage").asBoolean();
        }
        return String.valueOf(cursor);
    }

    /** Takes final states until so many are known, each once; the last cursor. */
    private static String take(Subscription changes, Map<String, String> ended, int known) {
        String cursor = "";
        while (ended.size() < known) {
            JsonNode change = changes.next().path("domainTaskChanges");
            cursor = change.path("cursor").asText();
            if (change.path("kind").asText().equals("UPSERT")) {
                String phase = change.at("/task/phase").asText();
                assertThat(phase).as("all ended before").isEqualTo("COMPLETED");
                assertThat(ended.put(change.path("taskId").asText(), phase))
                        .as("told twice: %s", change)
                        .isNull();
            }
        }
        return cursor;
    }

    private static JsonNode samples(GraphQl client, Instant to) {
        return client.data(
                        "query($to: DateTime) { domain(id: \"past\") { history(to: $to, resolution:"
                                + " 1000) { timestamp running taskThroughput } } }",
                        Map.of("to", to.toString()))
                .at("/domain/history");
    }

    private static void backup(GraphQl client, Path data)
            throws IOException, NoSuchAlgorithmException {
        JsonNode made =
                client.data("mutation { backupStore { file size sha256 takenAt duration } }")
                        .path("backupStore");
        assertThat(made.path("file").asText()).matches("store-[0-9T.]+Z\\.db");
        byte[] copy =
                Files.readAllBytes(data.resolve("backup").resolve(made.path("file").asText()));
        assertThat(copy).hasSize(made.path("size").asInt());
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(copy)))
                .isEqualTo(made.path("sha256").asText());
    }
}
