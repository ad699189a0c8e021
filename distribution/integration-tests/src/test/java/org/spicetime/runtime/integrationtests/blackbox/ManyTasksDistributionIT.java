// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ten thousand tasks that arrive over GraphQL: each runs exactly once, on its own payload. */
@ExtendWith(SharedHost.class)
class ManyTasksDistributionIT {

    private static final int BATCHES = 10;
    private static final int BATCH = 1000;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String METRICS =
            "{ domain(id: \"many\") { metrics { tasksScheduled tasksCompleted tasksFailed tasksPending"
                    + " tasksRunning tasksBlocked contextSwitches preemptions"
                    + " schedulingLatency { count } turnaround { count } } } }";

    @Test
    void everyTaskOfTheBatchesRunsExactlyOnceAndTheMetricsAddUp(GraphQl client)
            throws NoSuchAlgorithmException {
        client.data("mutation { createDomain(input: { id: \"many\" }) { id } }");
        try {
            Map<String, String> textOfTask = new LinkedHashMap<>();
            for (int batch = 0; batch < BATCHES; batch++) {
                schedule(client, batch, textOfTask);
            }
            assertThat(textOfTask).as("ids are unique").hasSize(BATCHES * BATCH);
            await("all tasks to end")
                    .atMost(LIMIT)
                    .until(() -> metrics(client).path("tasksCompleted").asInt() == BATCHES * BATCH);

            Set<String> digests = new HashSet<>();
            for (List<String> ids : partitions(List.copyOf(textOfTask.keySet()))) {
                for (JsonNode task : tasks(client, ids)) {
                    String id = task.path("id").asText();
                    assertThat(task.path("status").asText()).as(id).isEqualTo("COMPLETED");
                    String digest = task.at("/result/digest").asText();
                    assertThat(digest).isEqualTo(sha256(textOfTask.getOrDefault(id, "unknown")));
                    digests.add(digest);
                }
            }
            assertThat(digests).hasSize(BATCHES * BATCH);

            JsonNode metrics = metrics(client);
            assertThat(metrics.path("tasksScheduled").asInt()).isEqualTo(BATCHES * BATCH);
            assertThat(metrics.path("tasksFailed").asInt()).isZero();
            assertThat(metrics.path("tasksPending").asInt()).isZero();
            assertThat(metrics.path("tasksRunning").asInt()).isZero();
            assertThat(metrics.path("tasksBlocked").asInt()).isZero();
            // A task that is seen waiting leaves its slot, and is dispatched once more.
            assertThat(metrics.path("contextSwitches").asInt())
                    .isGreaterThanOrEqualTo(BATCHES * BATCH + metrics.path("preemptions").asInt());
            assertThat(metrics.at("/schedulingLatency/count").asInt())
                    .isEqualTo(metrics.path("contextSwitches").asInt());
            assertThat(metrics.at("/turnaround/count").asInt()).isEqualTo(BATCHES * BATCH);
        } finally {
            client.data("mutation { deleteDomain(domainId: \"many\", force: true) { domainId } }");
        }
    }

    private static void schedule(GraphQl client, int batch, Map<String, String> textOfTask) {
        List<Map<String, Object>> inputs =
                IntStream.range(batch * BATCH, (batch + 1) * BATCH)
                        .mapToObj(number ->
                                Map.<String, Object>of(
                                        "domainId", "many",
                                        "type", "COMPUTATION",
                                        "payload", Map.of("text", "task " + number)))
                        .toList();
        JsonNode tasks =
                client.data(
                                "mutation($inputs: [TaskInput!]!) { scheduleTasks(inputs: $inputs) { id } }",
                                Map.of("inputs", inputs))
                        .path("scheduleTasks");
        assertThat(tasks.size()).isEqualTo(BATCH);
        for (int i = 0; i < BATCH; i++) {
            textOfTask.put(tasks.get(i).path("id").asText(), "task " + (batch * BATCH + i));
        }
    }

    private static JsonNode tasks(GraphQl client, List<String> ids) {
        JsonNode tasks =
                client.data(
                                "query($ids: [ID!]!) { tasks(domainId: \"many\", filter: { ids: $ids })"
                                        + " { id status result } }",
                                Map.of("ids", ids))
                        .path("tasks");
        assertThat(tasks.size()).isEqualTo(ids.size());
        return tasks;
    }

    private static JsonNode metrics(GraphQl client) {
        return client.data(METRICS).at("/domain/metrics");
    }

    private static List<List<String>> partitions(List<String> ids) {
        return IntStream.range(0, BATCHES)
                .mapToObj(part -> ids.subList(part * BATCH, (part + 1) * BATCH))
                .toList();
    }

    private static String sha256(String text) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
