// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.graphql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is asked: a domain with a hundred tasks that wait for a day far off. Immutable. */
final class Questions {
    private static final int TASKS = 100;

    private static final String FIELDS =
            "query Fields($domain: ID!) { domain(id: $domain) { id name status createdAt revision"
                    + " config { scheduler { policy quantum } executor { parallelism workStealing batchSize } }"
                    + " metrics { tasksPending tasksRunning tasksBlocked tasksCompleted tasksFailed } } }";
    private static final String ALL_TASKS =
            "query Tasks($domain: ID!) { tasks(domainId: $domain) { id name type status phase priority"
                    + " effectivePriority handler durability createdAt updatedAt } }";
    private static final String MUTATION =
            "mutation Change($task: ID!, $priority: Int!)"
                    + " { updateTaskPriority(taskId: $task, priority: $priority) { id priority } }";
    private static final String SUBSCRIPTION =
            "subscription Task($task: ID!) { taskUpdated(taskId: $task) { id name status priority } }";

    /** All of two digits, so that answers are of the same length. */
    private static final int LEAST_PRIORITY = 10;

    private static final int MOST_PRIORITY = 99;

    private final List<String> tasks;

    private Questions(List<String> tasks) {
        this.tasks = List.copyOf(tasks);
    }

    /** Makes the domain and its tasks. */
    static Questions on(Server host) throws IOException {
        try (Connection connection = new Connection(host.uri())) {
            String made =
                    text(
                            connection.exchange(
                                    host.request(
                                            Part.Kind.MUTATION,
                                            "mutation { createDomain(input: { id: \"load\" }) { id } }",
                                            Map.of())));
            if (!Json.ids(made).equals(List.of("load")))
                throw new IOException("the domain was not made: " + made);
            StringBuilder inputs = new StringBuilder();
            for (int i = 0; i < TASKS; i++)
                inputs.append("{ domainId: \"load\", type: COMPUTATION, name: \"task ")
                        .append(TASKS + i)
                        .append("\", durability: VOLATILE, runAt: \"2099-01-01T00:00:00Z\" } ");
            String mutation = "mutation { scheduleTasks(inputs: [" + inputs + "]) { id } }";
            String scheduled =
                    text(connection.exchange(host.request(Part.Kind.MUTATION, mutation, Map.of())));
            List<String> tasks = Json.ids(scheduled);
            if (tasks.size() != TASKS)
                throw new IOException("the tasks were not scheduled: " + scheduled);
            return new Questions(tasks);
        }
    }

    /** Requests of one connection, sent in turn. */
    List<byte[]> requests(Server server, Part.Kind kind, int connection) {
        return switch (kind) {
            case FIELDS -> List.of(server.request(kind, FIELDS, Map.of("domain", "load")));
            case TASKS -> List.of(server.request(kind, ALL_TASKS, Map.of("domain", "load")));
            case MUTATION -> changes(server, tasks.get(connection % tasks.size()));
            case EVENTS ->
                    List.of(server.request(kind, SUBSCRIPTION, Map.of("task", tasks.getFirst())));
        };
    }

    /** Requests that change the task subscribers look at, each to another value than the last. */
    List<byte[]> changes(Server server) {
        return changes(server, tasks.getFirst());
    }

    private static List<byte[]> changes(Server server, String task) {
        List<byte[]> changes = new ArrayList<>();
        for (int priority = LEAST_PRIORITY; priority <= MOST_PRIORITY; priority++)
            changes.add(
                    server.request(
                            Part.Kind.MUTATION,
                            MUTATION,
                            Map.of("task", task, "priority", priority)));
        return changes;
    }

    /** What a server answers; of the subscription the first event. */
    byte[] answer(Server server, Part.Kind kind) throws IOException {
        byte[] request = requests(server, kind, 0).getFirst();
        try (Connection connection = new Connection(server.uri())) {
            byte[] answer;
            if (kind == Part.Kind.EVENTS) {
                connection.open(request);
                do answer = connection.chunk();
                while (FanOut.events(text(answer)) == 0);
            } else {
                answer = connection.exchange(request);
            }
            if (text(answer).contains("\"errors\""))
                throw new IOException(server.name() + " refused: " + text(answer));
            return answer;
        }
    }

    /** Fails unless a peer answers the very bytes of the host; of an event those of its data. */
    void check(Server peer, Part.Kind kind, byte[] wanted) throws IOException {
        String given = data(answer(peer, kind));
        if (!data(wanted).equals(given))
            throw new IOException(
                    peer.name()
                            + " answers other bytes than the host: "
                            + given
                            + " and not "
                            + text(wanted));
    }

    private static String data(byte[] answer) {
        String text = text(answer);
        return text.substring(Math.max(0, text.indexOf(Json.DATA))).trim();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
