// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Several connections that ask a host for tasks until it is dead, and write down what it
 * acknowledged. What was not answered is repeated later under the same key. One instance for the
 * life of a test; one load at a time.
 */
final class CrashLoad {

    private static final int CONNECTIONS = 4;
    private static final String SCHEDULE =
            "mutation($inputs: [TaskInput!]!) { scheduleTasks(inputs: $inputs) { id } }";

    private final String domain;
    private final RunCounter runs;
    private final Acknowledged acknowledged;
    private final AtomicInteger lastNumber = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();

    /* Asked for and not answered: whether they were stored is unknown. */
    private final Queue<List<Map<String, Object>>> unanswered = new ConcurrentLinkedQueue<>();

    CrashLoad(String domain, RunCounter runs, Acknowledged acknowledged) {
        this.domain = domain;
        this.runs = runs;
        this.acknowledged = acknowledged;
    }

    /** A load that is under way. */
    record Running(List<Thread> threads, CountDownLatch firstAnswer) {

        /** Until each connection has had an answer. */
        void awaitAnswers() throws InterruptedException {
            if (!firstAnswer.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the host answers nobody");
            }
        }
    }

    Running start(HostProcess host, SplittableRandom random) {
        CountDownLatch firstAnswer = new CountDownLatch(CONNECTIONS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            SplittableRandom own = random.split();
            threads.add(
                    Thread.ofPlatform()
                            .name("connection-" + i)
                            .start(() -> produce(host, own, firstAnswer)));
        }
        threads.add(Thread.ofPlatform().name("reader").start(() -> read(host)));
        return new Running(threads, firstAnswer);
    }

    /** After the host is dead: all connections have noticed. */
    void join(Running running) throws InterruptedException {
        for (Thread thread : running.threads()) {
            thread.join(TimeUnit.SECONDS.toMillis(90));
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " still waits for a dead host");
            }
        }
        if (wrong.get() != null) {
            throw new AssertionError("a connection was told something wrong", wrong.get());
        }
    }

    /** Asks again for what was not answered. */
    int repeat(GraphQl client) {
        int repeated = 0;
        for (List<Map<String, Object>> batch = unanswered.poll();
                batch != null;
                batch = unanswered.poll()) {
            schedule(client, batch);
            repeated += batch.size();
        }
        return repeated;
    }

    private void produce(HostProcess host, SplittableRandom random, CountDownLatch firstAnswer) {
        try (GraphQl client = new GraphQl(host.url(), host.token())) {
            boolean answered = false;
            while (step(client, random)) {
                if (!answered) {
                    answered = true;
                    firstAnswer.countDown();
                }
            }
        } catch (RuntimeException | AssertionError unexpected) {
            wrong.compareAndSet(null, unexpected);
        }
    }

    /* False: the host is dead. */
    private boolean step(GraphQl client, SplittableRandom random) {
        int kind = random.nextInt(10);
        List<Map<String, Object>> batch =
                switch (kind) {
                    case 0 -> many(10);
                    case 1 -> chain();
                    case 2, 3 -> List.of(later(input()));
                    default -> List.of(input());
                };
        try {
            schedule(client, batch);
        } catch (UncheckedIOException dead) {
            unanswered.add(batch);
            return false;
        }
        String name = String.valueOf(batch.getFirst().get("name"));
        try {
            if (kind == 2) {
                change(client, "cancelTask", name, Acknowledged.Fate.CANCELLED);
            } else if (kind == 3) {
                change(client, "suspendTask", name, Acknowledged.Fate.SUSPENDED);
            }
            return true;
        } catch (UncheckedIOException dead) {
            return false;
        }
    }

    private void change(GraphQl client, String mutation, String name, Acknowledged.Fate fate) {
        String id = Objects.requireNonNull(acknowledged.tasks().get(name), name).id();
        client.data(
                "mutation($id: ID!) { " + mutation + "(taskId: $id) { id } }", Map.of("id", id));
        acknowledged.fate(name, fate);
    }

    private void schedule(GraphQl client, List<Map<String, Object>> batch) {
        JsonNode tasks = client.data(SCHEDULE, Map.of("inputs", batch)).path("scheduleTasks");
        for (int i = 0; i < batch.size(); i++) {
            Map<String, Object> input = batch.get(i);
            acknowledged.task(
                    String.valueOf(input.get("name")),
                    tasks.get(i).path("id").asText(),
                    input.containsKey("runAt") ? Acknowledged.Fate.LATER : Acknowledged.Fate.RUNS);
        }
    }

    private List<Map<String, Object>> many(int count) {
        List<Map<String, Object>> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batch.add(input());
        }
        return batch;
    }

    private List<Map<String, Object>> chain() {
        List<Map<String, Object>> batch = many(3);
        batch.get(1).put("dependencies", List.of(Map.of("taskId", "#0")));
        batch.get(2).put("dependencies", List.of(Map.of("taskId", "#1")));
        return batch;
    }

    private Map<String, Object> input() {
        String name = "n" + lastNumber.incrementAndGet();
        Map<String, Object> input = new HashMap<>();
        input.put("domainId", domain);
        input.put("type", "NETWORK");
        input.put("name", name);
        input.put("idempotencyKey", "key-" + name);
        input.put("payload", runs.payload(name));
        input.put("maxRetries", 50);
        input.put("retry", Map.of("backoff", "FIXED", "initialDelay", 50, "jitter", 0.0));
        return input;
    }

    /* Not before the test is over: nothing but a mistake lets it run. */
    private static Map<String, Object> later(Map<String, Object> input) {
        input.put("runAt", Instant.now().plusSeconds(7200).toString());
        return input;
    }

    /* Another client, which writes down what it saw completed, and how often that had run. */
    private void read(HostProcess host) {
        try (GraphQl client = new GraphQl(host.url(), host.token())) {
            while (true) {
                JsonNode tasks =
                        client.data(
                                        "query($id: ID!) { tasks(domainId: $id, filter: { status:"
                                                + " [COMPLETED], limit: 200 }) { name } }",
                                        Map.of("id", domain))
                                .path("tasks");
                for (JsonNode task : tasks) {
                    String name = task.path("name").asText();
                    acknowledged.completed(name, runs.of(name));
                }
            }
        } catch (UncheckedIOException dead) {
            // That is how it ends.
            return;
        } catch (RuntimeException | AssertionError unexpected) {
            wrong.compareAndSet(null, unexpected);
        }
    }
}
