// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spicetime.runtime.core.domain.TestHost.get;
import static org.spicetime.runtime.core.domain.TestHost.task;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.DeadlineMissPolicy;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;

/** A queue of which only a part is in memory. */
class TaskWindowTest {

    private static final int WINDOW = 10;
    private static final int TASKS = 100;

    @TempDir private Path instance;
    private KeptStore kept;
    private TestHost host;
    private Domain domain;
    private final List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
    private CountDownLatch left = new CountDownLatch(TASKS);

    @BeforeEach
    void start() {
        kept = new KeptStore(instance);
        open();
        domain =
                host.domain(
                        "long",
                        Map.of(
                                "executor",
                                Map.of("parallelism", 1, "queueCapacity", TASKS + 1),
                                "scheduler",
                                Map.of("policy", "PRIORITY")));
        get(domain.pause());
    }

    private void open() {
        host = new TestHost(kept, WINDOW);
        host.work(
                "note",
                context -> {
                    ran.add(domain.task(context.task()).orElseThrow().priority());
                    left.countDown();
                    return null;
                });
    }

    private void restart() {
        host.close();
        open();
        domain = host.domains.find(DomainId.of("long")).orElseThrow();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private static TaskRequest.Builder note() {
        return task("note").durability(Durability.DURABLE);
    }

    private List<Task> fill(int count) {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(get(domain.schedule(note().priority(i * 7 % 10).build())));
        }
        return tasks;
    }

    private int inMemory() {
        return host.domains
                .hosted(DomainId.of("long"))
                .orElseThrow()
                .body()
                .tasks
                .with(kernel -> kernel.ready());
    }

    private void requireAllRan() throws InterruptedException {
        get(domain.resume());
        assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).hasSize(TASKS);
        TestHost.until(() -> domain.metrics().tasksPending() == 0);
    }

    @Test
    void a_queue_longer_than_the_window_comes_back_in_part_and_runs_as_a_whole()
            throws InterruptedException {
        fill(TASKS);

        restart();

        assertThat(inMemory()).isEqualTo(WINDOW);
        assertThat(domain.metrics().tasksPending()).isEqualTo(TASKS);
        requireAllRan();
    }

    @Test
    void what_is_new_and_less_urgent_than_a_full_window_is_left_to_the_store()
            throws InterruptedException {
        fill(TASKS);

        assertThat(inMemory()).isLessThanOrEqualTo(2 * WINDOW);
        assertThat(domain.metrics().tasksPending()).isEqualTo(TASKS);
        get(domain.resume());
        assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).hasSize(TASKS);
    }

    @Test
    void an_urgent_task_that_meets_a_full_window_is_in_memory() {
        fill(WINDOW + 2);
        Task urgent = get(domain.schedule(note().priority(10).build()));
        assertThat(known(urgent)).isTrue();

        restart();

        Task another = get(domain.schedule(note().priority(10).build()));
        assertThat(known(another)).isTrue();
        assertThat(known(get(domain.schedule(note().priority(0).build())))).isFalse();
    }

    private boolean known(Task task) {
        return host.domains.hosted(DomainId.of("long")).orElseThrow().body().tasks.knows(task.id());
    }

    @Test
    void what_is_parked_counts_against_the_capacity_of_the_queue() {
        fill(TASKS + 1);

        assertThatThrownBy(() -> get(domain.schedule(note().build())))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("queue");
    }

    @Test
    void a_parked_task_can_be_looked_at_cancelled_suspended_and_waited_for() {
        List<Task> tasks = fill(TASKS);
        restart();
        List<Task> parked =
                tasks.stream()
                        .filter(task ->
                                !host.domains
                                        .hosted(DomainId.of("long"))
                                        .orElseThrow()
                                        .body()
                                        .tasks
                                        .knows(task.id()))
                        .toList();
        assertThat(parked).hasSize(TASKS - WINDOW);

        assertThat(domain.task(parked.get(0).id()).orElseThrow().phase())
                .isEqualTo(TaskPhase.READY);
        assertThat(get(domain.cancel(parked.get(1).id(), "why")).phase())
                .isEqualTo(TaskPhase.CANCELLED);
        assertThat(get(domain.suspend(parked.get(2).id())).phase()).isEqualTo(TaskPhase.SUSPENDED);
        assertThat(get(domain.changePriority(parked.get(3).id(), 9)).priority()).isEqualTo(9);
        Task waits =
                get(
                        domain.schedule(
                                note().dependsOn(
                                                DependencyRequest.success(
                                                        new TaskRef.Existing(parked.get(4).id())))
                                        .build()));
        assertThat(waits.phase()).isEqualTo(TaskPhase.WAITING_DEPENDENCY);
        get(domain.resume());
        assertThat(TestHost.ended(domain, waits.id()).phase()).isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void the_deadline_of_a_parked_task_is_judged() {
        Instant soon = Instant.now().plus(Duration.ofSeconds(2));
        fill(TASKS - 1);
        Task late =
                get(
                        domain.schedule(
                                note().priority(0)
                                        .deadline(soon)
                                        .onDeadlineMiss(DeadlineMissPolicy.CANCEL)
                                        .build()));

        restart();

        TestHost.until(() -> domain.task(late.id()).orElseThrow().phase() == TaskPhase.TIMED_OUT);
    }
}
