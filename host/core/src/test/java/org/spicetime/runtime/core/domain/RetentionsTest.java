// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spicetime.runtime.core.domain.TestHost.get;
import static org.spicetime.runtime.core.domain.TestHost.task;
import static org.spicetime.runtime.core.domain.TestHost.until;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.store.Known;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.store.fault.FaultSettings;
import org.spicetime.runtime.store.sqlite.SqliteTaskStore;

/** What leaves the store that ships by itself, and when, by a clock of the test. */
@Timeout(60)
class RetentionsTest {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir private Path instance;
    private final TaskStore store =
            new SqliteTaskStore(
                    FaultSettings.OFF,
                    (what, cause) -> {
                        throw new AssertionError(what, cause);
                    });
    private volatile Duration passed = Duration.ZERO;
    private TestHost host;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectory(instance.resolve("store"));
        host = host(store);
    }

    private TestHost host(TaskStore with) {
        return new TestHost(
                with, instance, new HostClock(System::nanoTime, () -> START.plus(passed)));
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private Domain domain(String id, Map<String, Object> retention) {
        return host.domain(id, Map.of("tasks", Map.of("retention", retention)));
    }

    private Task ran(Domain domain, String work) {
        return TestHost.ended(domain, get(domain.schedule(task(work).build())).id());
    }

    /* All steps of a round, as the thread itself takes them. */
    private void round() throws Exception {
        Duration rest;
        do {
            rest = host.domains.retentions().takeNow().get(30, TimeUnit.SECONDS);
        } while (rest.compareTo(Retentions.BETWEEN_ROUNDS) < 0);
    }

    private boolean isStored(Task task) {
        return store.load(task.id()).isPresent();
    }

    @Test
    void finishedTasksGoByTheirAgeAndLiveOnesNever() throws Exception {
        host.work(
                "fails",
                context -> {
                    throw new IllegalStateException("as the test wants it");
                });
        Domain domain = domain("old", Map.of("completedHours", 1, "failedHours", 3));
        Task completed = ran(domain, "nothing");
        Task failed = ran(domain, "fails");
        assertThat(failed.phase()).isEqualTo(TaskPhase.FAILED);
        get(domain.pause());
        Task live = get(domain.schedule(task("nothing").build()));

        passed = Duration.ofMinutes(59);
        round();
        assertThat(isStored(completed)).isTrue();

        passed = Duration.ofMinutes(61);
        round();
        assertThat(isStored(completed)).isFalse();
        assertThat(domain.tasks(TaskFilter.ALL))
                .extracting(Task::id)
                .doesNotContain(completed.id());
        assertThat(isStored(failed)).isTrue();

        passed = Duration.ofHours(4);
        round();
        assertThat(isStored(failed)).isFalse();

        passed = Duration.ofDays(5000);
        round();
        assertThat(isStored(live)).isTrue();
        get(domain.resume());
        assertThat(TestHost.ended(domain, live.id()).phase()).isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void theOldestFinishedTasksGoWhenThereAreTooMany() throws Exception {
        Domain few = domain("few", Map.of("maxTasks", 3));
        Domain all = domain("all", Map.of("maxTasks", 0));
        List<Task> ofFew = new ArrayList<>();
        List<Task> ofAll = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            passed = passed.plusSeconds(1);
            ofFew.add(ran(few, "nothing"));
            ofAll.add(ran(all, "nothing"));
        }
        get(few.pause());
        List<Task> live = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            live.add(get(few.schedule(task("nothing").build())));
        }

        round();

        assertThat(ofFew.stream().filter(this::isStored).map(Task::id))
                .containsExactlyElementsOf(ofFew.subList(5, 8).stream().map(Task::id).toList());
        assertThat(ofAll).allMatch(this::isStored);
        assertThat(live).allMatch(this::isStored);
    }

    @Test
    void aKeyIsKnownForADayThoughItsTaskIsGone() throws Exception {
        Domain domain = domain("keys", Map.of("completedHours", 1));
        Task keyed = get(domain.schedule(task("nothing").idempotencyKey("k").build()));
        TestHost.ended(domain, keyed.id());

        passed = Duration.ofHours(23);
        round();
        assertThat(isStored(keyed)).isFalse();
        assertThat(store.known(domain.id(), "k").map(Known::task)).contains(keyed.id());

        passed = Duration.ofHours(25);
        round();
        assertThat(store.known(domain.id(), "k")).isEmpty();
    }

    @Test
    void theHostWaitsForAStepThatHasBegunBeforeItClosesTheStore() throws Exception {
        host.close();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch begun = new CountDownLatch(1);
        host = host(watched(order, begun));
        host.domain("any");
        until(() -> store.health().queueDepth() == 0);

        Future<Duration> step = host.domains.retentions().takeNow();
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        host.close();

        assertThat(step).isDone();
        assertThat(order).containsExactly("prune begins", "prune ends", "close");
        assertThatThrownBy(() -> host.domains.retentions().takeNow())
                .isInstanceOf(RejectedExecutionException.class);
    }

    /* Removing lasts until its thread is told to end; what it does then must find the store open. */
    private TaskStore watched(List<String> order, CountDownLatch begun) {
        return (TaskStore)
                Proxy.newProxyInstance(
                        TaskStore.class.getClassLoader(),
                        new Class<?>[] {TaskStore.class},
                        (proxy, method, arguments) -> {
                            try {
                                switch (method.getName()) {
                                    case "prune" -> {
                                        order.add("prune begins");
                                        begun.countDown();
                                        untilInterrupted();
                                        Object removed = method.invoke(store, arguments);
                                        order.add("prune ends");
                                        return removed;
                                    }
                                    case "close" -> order.add("close");
                                    default -> {
                                        // as the store does it
                                    }
                                }
                                return method.invoke(store, arguments);
                            } catch (InvocationTargetException thrown) {
                                throw thrown.getCause();
                            }
                        });
    }

    private static void untilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // The step goes on: it was only told that no other is to follow.
        }
    }
}
