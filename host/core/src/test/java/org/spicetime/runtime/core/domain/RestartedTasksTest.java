// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.core.domain.TestHost.get;
import static org.spicetime.runtime.core.domain.TestHost.task;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.task.CrashPolicy;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.core.recovery.InFlightFile;

/** Durable tasks over a restart of their host. */
class RestartedTasksTest {

    @TempDir private Path instance;
    private KeptStore kept;
    private TestHost host;
    private final AtomicInteger runs = new AtomicInteger();

    @BeforeEach
    void start() {
        kept = new KeptStore(instance);
        host = new TestHost(kept);
        works();
    }

    private void works() {
        host.work(
                "count",
                context -> {
                    runs.incrementAndGet();
                    return "counted";
                });
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private void restart() {
        host.close();
        host = new TestHost(kept);
        works();
    }

    private Domain domain(String id) {
        return host.domains.find(DomainId.of(id)).orElseThrow();
    }

    private static TaskRequest.Builder durable(String work) {
        return task(work).durability(Durability.DURABLE);
    }

    private static DependencyRequest on(Task task, DependencyType type) {
        return new DependencyRequest(
                new TaskRef.Existing(task.id()), type, java.time.Duration.ZERO);
    }

    private Task now(String domain, Task task) {
        return domain(domain).task(task.id()).orElseThrow();
    }

    @Test
    void what_had_not_run_runs_once_and_what_had_ended_does_not_run_again() {
        Domain before = host.domain("d");
        Task done = get(before.schedule(durable("count").build()));
        TestHost.ended(before, done.id());
        get(before.pause());
        Task waits = get(before.schedule(durable("count").name("kept").priority(3).build()));
        assertThat(runs).hasValue(1);

        restart();

        assertThat(now("d", waits).phase()).isEqualTo(TaskPhase.READY);
        assertThat(now("d", waits).request().name()).isEqualTo("kept");
        get(domain("d").resume());
        TestHost.ended(domain("d"), waits.id());
        assertThat(runs).hasValue(2);
        assertThat(now("d", waits).result()).isNotNull();
    }

    @Test
    void tasks_go_on_waiting_for_their_time_for_others_and_for_somebody() {
        Domain before = host.domain("d");
        Instant later = Instant.now().plusSeconds(3600);
        Task scheduled = get(before.schedule(durable("count").runAt(later).build()));
        Task depends =
                get(
                        before.schedule(
                                durable("count")
                                        .dependsOn(on(scheduled, DependencyType.SUCCESS))
                                        .build()));
        Task suspended = get(before.schedule(durable("count").runAt(later).build()));
        get(before.suspend(suspended.id()));

        restart();

        assertThat(now("d", scheduled).phase()).isEqualTo(TaskPhase.SCHEDULED);
        assertThat(now("d", depends).phase()).isEqualTo(TaskPhase.WAITING_DEPENDENCY);
        assertThat(now("d", suspended).phase()).isEqualTo(TaskPhase.SUSPENDED);
        get(domain("d").cancel(scheduled.id(), "not needed"));
        assertThat(TestHost.ended(domain("d"), depends.id()).phase()).isEqualTo(TaskPhase.FAILED);
        assertThat(get(domain("d").resume(suspended.id())).phase()).isEqualTo(TaskPhase.SCHEDULED);
        assertThat(runs).hasValue(0);
    }

    @Test
    void a_task_waits_for_one_of_another_domain_and_gets_its_result() {
        Domain first = host.domain("a-waits");
        Domain second = host.domain("b-works");
        get(first.pause());
        get(second.pause());
        Task on = get(second.schedule(durable("count").build()));
        Task waits =
                get(
                        first.schedule(
                                durable("count").dependsOn(on(on, DependencyType.DATA)).build()));

        restart();
        assertThat(now("a-waits", waits).phase()).isEqualTo(TaskPhase.WAITING_DEPENDENCY);
        get(domain("b-works").resume());
        TestHost.ended(domain("b-works"), on.id());
        get(domain("a-waits").resume());

        assertThat(TestHost.ended(domain("a-waits"), waits.id()).phase())
                .isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void a_task_that_ran_whenever_the_host_died_is_not_run_a_fourth_time() {
        Domain before = host.domain("d");
        get(before.pause());
        Task poison = get(before.schedule(durable("count").maxRetries(9).build()));
        Task asks = get(before.schedule(durable("count").onCrash(CrashPolicy.ASK).build()));
        Task innocent = get(before.schedule(durable("count").build()));
        host.close();
        for (int death = 0; death < 3; death++) {
            InFlightFile file = new InFlightFile(instance.resolve("store"));
            file.begin(poison.id());
            file.begin(asks.id());
            if (death == 2) {
                file.begin(innocent.id());
            }
        }
        host = new TestHost(kept);
        works();

        Task failed = kept.load(poison.id());
        assertThat(failed.phase()).isEqualTo(TaskPhase.FAILED);
        RuntimeError error = failed.error();
        assertThat(error).isNotNull();
        assertThat(error.context()).containsEntry("reason", "LOST_BY_CRASH");
        assertThat(now("d", asks).phase()).isEqualTo(TaskPhase.SUSPENDED);
        get(domain("d").resume());
        TestHost.ended(domain("d"), innocent.id());
        assertThat(runs).hasValue(1);
    }

    @Test
    void a_volatile_task_is_gone() {
        Domain before = host.domain("d");
        get(before.pause());
        Task gone = get(before.schedule(task("count").durability(Durability.VOLATILE).build()));

        restart();

        assertThat(domain("d").task(gone.id())).isEmpty();
        assertThat(domain("d").metrics().tasksPending()).isZero();
    }
}
