// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The entry point: {@code Demo --url URL --token-file FILE}. Exit code 0: every outcome was the
 * expected one.
 */
public final class Demo {

    private static final List<String> DOMAINS = List.of("ethical-scoring", "content-processing");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final GraphQlClient client;
    private final PrintStream out;
    private final String run = UUID.randomUUID().toString();

    private Demo(GraphQlClient client, PrintStream out) {
        this.client = client;
        this.out = out;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = options(arguments);
        String token = Files.readString(Path.of(options.get("--token-file"))).strip();
        try (GraphQlClient client = new GraphQlClient(URI.create(options.get("--url")), token)) {
            System.exit(new Demo(client, System.out).play() ? 0 : 1);
        } catch (IOException e) {
            System.err.println("demo: " + e.getMessage());
            System.exit(1);
        }
    }

    private static Map<String, String> options(String[] arguments) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2)
            options.put(arguments[i], arguments[i + 1]);
        if (arguments.length % 2 != 0
                || !options.keySet().equals(java.util.Set.of("--url", "--token-file"))) {
            System.err.println("usage: Demo --url URL --token-file FILE");
            System.exit(2);
        }
        return options;
    }

    private boolean play() throws Exception {
        try (LoopbackServer server = new LoopbackServer()) {
            List<String> policies = new ArrayList<>();
            List<String> cancelled = new ArrayList<>();
            int scheduled = 0;
            for (String domain : DOMAINS) {
                JsonNode scheduler =
                        client.query(
                                        "query($id: ID!) { domain(id: $id) { config { scheduler { policy"
                                                + " priorities { min max } } } } }",
                                        Map.of("id", domain))
                                .at("/domain/config/scheduler");
                policies.add(scheduler.path("policy").asText());
                Workload workload =
                        new Workload(
                                domain,
                                run,
                                scheduler.at("/priorities/min").asInt(),
                                scheduler.at("/priorities/max").asInt(),
                                server.address());
                control("pauseDomain", domain);
                List<Map<String, Object>> inputs = workload.inputs(Instant.now());
                JsonNode ids =
                        client.query(
                                        "mutation($inputs: [TaskInput!]!) { scheduleTasks(inputs: $inputs) { id"
                                                + " name } }",
                                        Map.of("inputs", inputs))
                                .path("scheduleTasks");
                scheduled += ids.size();
                for (JsonNode task : ids) {
                    if (task.path("name").asText().equals(Workload.CANCELLED))
                        cancelled.add(task.path("id").asText());
                }
            }
            out.printf(
                    "%d tasks queued in %d paused domains; now both run.%n",
                    scheduled, DOMAINS.size());
            Instant released = Instant.now();
            for (String domain : DOMAINS) control("resumeDomain", domain);
            for (String task : cancelled) cancelWhenRunning(task);
            List<Report> reports = new ArrayList<>();
            for (int i = 0; i < DOMAINS.size(); i++) {
                reports.add(
                        new Report(
                                DOMAINS.get(i),
                                policies.get(i),
                                released,
                                awaitEnd(DOMAINS.get(i))));
            }
            for (Report report : reports) report.printCosts(out);
            for (Report report : reports) report.printOrder(out);
            return judge(reports, server.served());
        }
    }

    private void control(String mutation, String domain) throws IOException, InterruptedException {
        client.query(
                "mutation($id: ID!) { " + mutation + "(domainId: $id) { status } }",
                Map.of("id", domain));
    }

    private void cancelWhenRunning(String task) throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        try (AutoCloseable _ =
                client.subscribe(
                        "subscription($id: ID!) { taskUpdated(taskId: $id) { status } }",
                        Map.of("id", task),
                        data -> {
                            if (data.at("/taskUpdated/status").asText().equals("RUNNING"))
                                running.countDown();
                        })) {
            if (!running.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("task " + task + " was not dispatched within " + PATIENCE);
            }
        }
        client.query(
                "mutation($id: ID!) { cancelTask(taskId: $id, reason: \"enough of it\") { phase } }",
                Map.of("id", task));
    }

    private List<Ran> awaitEnd(String domain) throws IOException, InterruptedException {
        Instant limit = Instant.now().plus(PATIENCE);
        while (true) {
            JsonNode tasks =
                    client.query(
                                    "query($id: ID!, $labels: Labels!) { tasks(domainId: $id, filter: {labels: $labels}) {"
                                            + Ran.FIELDS
                                            + "} }",
                                    Map.of("id", domain, "labels", Map.of("run", run)))
                            .path("tasks");
            List<Ran> ran = new ArrayList<>();
            tasks.forEach(task -> ran.add(Ran.of(task)));
            if (ran.stream().allMatch(Ran::ended)) return ran;
            if (Instant.now().isAfter(limit)) {
                throw new IOException("tasks of " + domain + " did not end within " + PATIENCE);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private boolean judge(List<Report> reports, int served) {
        out.printf("%nHow the policies differed (pairs of tasks dispatched in that order)%n");
        out.printf(
                "  %-20s %-10s %14s %14s %6s%n",
                "domain", "policy", "by deadline", "by priority", "late");
        for (Report report : reports) {
            out.printf(
                    "  %-20s %-10s %13.0f%% %13.0f%% %6d%n",
                    report.domain(),
                    report.policy(),
                    report.agreementWithDeadlines() * 100,
                    report.agreementWithPriorities() * 100,
                    report.late());
        }
        Verdict verdict = new Verdict(out);
        for (Report report : reports) verdict.domain(report);
        verdict.check(
                "the loopback server was asked by the NETWORK tasks",
                served > 0,
                served + " requests");
        return verdict.passed();
    }
}
