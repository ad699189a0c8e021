// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.integrationtests.Installation;

/**
 * Kills the host at random moments while several clients load it, starts it again on what it left,
 * and accounts for everything it had acknowledged, from outside.
 */
class KillDistributionIT {

    private static final String DOMAIN = "survivor";
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int KILLS = Boolean.getBoolean("test.long") ? 25 : 3;
    private static final int PART = 500;

    private final long seed = seed();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Installation installation = Installation.assembled();
    private final Path data = HostProcess.freshData("kill");

    private static long seed() {
        String given = System.getProperty("test.seed", "");
        return given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
    }

    @Test
    void nothingThatWasAcknowledgedIsLostAndNothingThatEndedRunsAgain()
            throws IOException, InterruptedException {
        System.out.println(KILLS + " kills, -Dtest.seed=" + seed + ", in " + data);
        try (RunCounter runs = new RunCounter();
                Acknowledged acknowledged = new Acknowledged(data)) {
            CrashLoad load = new CrashLoad(DOMAIN, runs, acknowledged);
            String schedule = null;
            HostProcess host = HostProcess.start(installation, data);
            try {
                for (int kill = 1; kill <= KILLS; kill++) {
                    CrashLoad.Running running;
                    try (GraphQl client = new GraphQl(host.url(), host.token())) {
                        if (schedule == null) {
                            schedule = prepare(client, runs);
                        }
                        reconfigure(client, kill);
                        running = load.start(host, random.split());
                        running.awaitAnswers();
                    }
                    pause(random.nextLong(100, 1200));
                    host.kill();
                    load.join(running);
                    int ticks = runs.of("tick");
                    host = HostProcess.start(installation, data);
                    try (GraphQl client = new GraphQl(host.url(), host.token())) {
                        requireAsAcknowledged(client, acknowledged, runs, schedule, kill);
                        int repeated = load.repeat(client);
                        System.out.printf(
                                "kill %d: %d tasks acknowledged, %d seen completed, %d repeated%n",
                                kill,
                                acknowledged.tasks().size(),
                                acknowledged.runsWhenCompleted().size(),
                                repeated);
                        await("the schedule goes on")
                                .atMost(LIMIT)
                                .until(() -> runs.of("tick") > ticks);
                    }
                }
                try (GraphQl client = new GraphQl(host.url(), host.token())) {
                    requireAllEnd(client, acknowledged, runs);
                }
                assertThat(host.stop()).as("exit code of a clean stop").isZero();
                Map<String, Integer> before = counts(acknowledged, runs);
                host = HostProcess.start(installation, data);
                try (GraphQl client = new GraphQl(host.url(), host.token())) {
                    requireAsAcknowledged(
                            client,
                            acknowledged,
                            runs,
                            Objects.requireNonNull(schedule, "schedule"),
                            KILLS);
                    requireAllEnd(client, acknowledged, runs);
                }
                assertThat(counts(acknowledged, runs))
                        .as("nothing ran again after a clean stop")
                        .isEqualTo(before);
            } finally {
                host.close();
            }
        }
    }

    /* The moment of the kill is what is random. */
    private static void pause(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }

    private static String prepare(GraphQl client, RunCounter runs) {
        client.data(
                "mutation($id: ID!) { createDomain(input: { id: $id, labels: { made: \"once\" } }) { id } }",
                Map.of("id", DOMAIN));
        return client.data(
                        "mutation($input: ScheduleInput!) { createSchedule(input: $input) { id } }",
                        Map.of(
                                "input",
                                Map.of(
                                        "name",
                                        "tick",
                                        "period",
                                        300,
                                        "overlap",
                                        "ALLOW",
                                        "task",
                                        Map.of(
                                                "domainId",
                                                DOMAIN,
                                                "type",
                                                "NETWORK",
                                                "maxRetries",
                                                50,
                                                "payload",
                                                runs.payload("tick")))))
                .at("/createSchedule/id")
                .asText();
    }

    private static void reconfigure(GraphQl client, int round) {
        client.data(
                "mutation($id: ID!, $capacity: Int!) { configureDomain(domainId: $id, config: {"
                        + " executor: { queueCapacity: $capacity } }) { id } }",
                Map.of("id", DOMAIN, "capacity", 100_000 + round));
        client.data(
                "mutation($id: ID!, $most: Int!) { allocateResources(domainId: $id, resources: {"
                        + " network: { connections: $most }, priority: 1 }) { id } }",
                Map.of("id", DOMAIN, "most", 50 + round));
    }

    private static void requireAsAcknowledged(
            GraphQl client,
            Acknowledged acknowledged,
            RunCounter runs,
            String schedule,
            int round) {
        JsonNode domain =
                client.data(
                                "query($id: ID!) { domain(id: $id) { status labels revision config {"
                                        + " executor { queueCapacity } } allocation { network {"
                                        + " connections } } schedules { id name period } } }",
                                Map.of("id", DOMAIN))
                        .path("domain");
        assertThat(domain.path("status").asText()).isIn("RUNNING", "STARTING");
        assertThat(domain.at("/labels/made").asText()).isEqualTo("once");
        assertThat(domain.path("revision").asInt()).isEqualTo(1 + round);
        assertThat(domain.at("/config/executor/queueCapacity").asInt()).isEqualTo(100_000 + round);
        assertThat(domain.at("/allocation/network/connections").asInt()).isEqualTo(50 + round);
        assertThat(domain.at("/schedules/0/id").asText()).isEqualTo(schedule);

        Map<String, JsonNode> states = states(client, acknowledged);
        acknowledged
                .tasks()
                .forEach((name, task) -> {
                    JsonNode state = states.get(task.id());
                    assertThat(state).as("%s was acknowledged as %s", name, task.id()).isNotNull();
                    assertThat(state.path("name").asText()).isEqualTo(name);
                    String phase = state.path("phase").asText();
                    switch (task.fate()) {
                        case CANCELLED, SUSPENDED ->
                                assertThat(phase).as(name).isEqualTo(task.fate().name());
                        case LATER ->
                                assertThat(phase)
                                        .as(name)
                                        .isIn("SCHEDULED", "CANCELLED", "SUSPENDED");
                        case RUNS ->
                                assertThat(phase)
                                        .as("%s: %s", name, state)
                                        .isNotIn("FAILED", "CANCELLED", "TIMED_OUT", "SUSPENDED");
                    }
                    Integer then = acknowledged.runsWhenCompleted().get(name);
                    if (then != null) {
                        assertThat(phase).as("%s was seen COMPLETED", name).isEqualTo("COMPLETED");
                        assertThat(runs.of(name))
                                .as("runs of %s, seen COMPLETED", name)
                                .isEqualTo(then);
                    }
                });
    }

    private static void requireAllEnd(GraphQl client, Acknowledged acknowledged, RunCounter runs) {
        await("what is to run ends")
                .atMost(LIMIT)
                .untilAsserted(() -> {
                    Map<String, JsonNode> states = states(client, acknowledged);
                    assertThat(acknowledged.tasks().values())
                            .filteredOn(task -> runsNow(task, states))
                            .isEmpty();
                });
        acknowledged
                .tasks()
                .forEach((name, task) -> {
                    if (task.fate() == Acknowledged.Fate.RUNS) {
                        Integer then = acknowledged.runsWhenCompleted().get(name);
                        assertThat(runs.of(name))
                                .as("runs of %s", name)
                                .isBetween(1, then == null ? 1 + KILLS : then);
                    } else {
                        assertThat(runs.of(name)).as("runs of %s, %s", name, task.fate()).isZero();
                    }
                });
    }

    private static boolean runsNow(Acknowledged.Promise task, Map<String, JsonNode> states) {
        return task.fate() == Acknowledged.Fate.RUNS
                && !Objects.requireNonNull(states.get(task.id()), task.id())
                        .path("phase")
                        .asText()
                        .equals("COMPLETED");
    }

    private static Map<String, JsonNode> states(GraphQl client, Acknowledged acknowledged) {
        List<String> ids =
                new ArrayList<>(
                        acknowledged.tasks().values().stream()
                                .map(Acknowledged.Promise::id)
                                .toList());
        Map<String, JsonNode> states = new HashMap<>();
        for (int from = 0; from < ids.size(); from += PART) {
            List<String> part = ids.subList(from, Math.min(ids.size(), from + PART));
            JsonNode tasks =
                    client.data(
                                    "query($domain: ID!, $ids: [ID!]!) { tasks(domainId: $domain,"
                                            + " filter: { ids: $ids }) { id name phase } }",
                                    Map.of("domain", DOMAIN, "ids", part))
                            .path("tasks");
            tasks.forEach(task -> states.put(task.path("id").asText(), task));
        }
        return states;
    }

    private static Map<String, Integer> counts(Acknowledged acknowledged, RunCounter runs) {
        Map<String, Integer> counts = new HashMap<>();
        acknowledged.tasks().keySet().forEach(name -> counts.put(name, runs.of(name)));
        return counts;
    }
}
