// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.HealthComponent;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

@Timeout(60)
class LifeCycleTest {

    @Test
    void stoppingKeepsUnfinishedTasksForTheNextStart() throws InterruptedException {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("stopped", Map.of("executor", Map.of("parallelism", 1)));
            CountDownLatch entered = new CountDownLatch(1);
            host.work(
                    "long",
                    context -> {
                        if (context.attempt() == 1) {
                            entered.countDown();
                            // One that only waited would lend its slot to the other.
                            TestHost.compute(new CountDownLatch(1));
                        }
                        return "done";
                    });
            Task running = TestHost.get(domain.schedule(TestHost.task("long").build()));
            Task waiting = TestHost.get(domain.schedule(TestHost.task("nothing").build()));
            entered.await();
            DomainState stopped = TestHost.get(domain.stop(false));
            assertThat(stopped.status()).isEqualTo(RuntimeStatus.STOPPED);
            assertThat(TestHost.get(domain.stop(false)).status()).isEqualTo(RuntimeStatus.STOPPED);
            assertThat(domain.task(running.id()).orElseThrow().phase()).isEqualTo(TaskPhase.READY);
            assertThat(domain.task(waiting.id()).orElseThrow().phase()).isEqualTo(TaskPhase.READY);
            assertRefused(
                    () -> TestHost.get(domain.schedule(TestHost.task("nothing").build())),
                    RequestErrorCode.CONFLICT,
                    "STOPPED");

            long epoch = stopped.epoch();
            DomainState again = TestHost.get(domain.start());
            assertThat(again.status()).isEqualTo(RuntimeStatus.RUNNING);
            assertThat(again.epoch()).isEqualTo(epoch + 1);
            assertThat(again.incarnation()).isEqualTo(stopped.incarnation());
            assertThat(TestHost.ended(domain, waiting.id()).phase()).isEqualTo(TaskPhase.COMPLETED);
            assertThat(TestHost.ended(domain, running.id()).phase()).isEqualTo(TaskPhase.COMPLETED);
        }
    }

    @Test
    void drainingRunsTheAdmittedTasksAndAdmitsNoMore() throws InterruptedException {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("drained");
            CountDownLatch go = new CountDownLatch(1);
            host.work(
                    "wait",
                    context -> {
                        go.await();
                        return null;
                    });
            List<TaskId> ids = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ids.add(TestHost.get(domain.schedule(TestHost.task("wait").build())).id());
            }
            CompletableFuture<DomainState> stopped = domain.stop(true).toCompletableFuture();
            assertThat(domain.state().status()).isEqualTo(RuntimeStatus.DRAINING);
            assertRefused(
                    () -> TestHost.get(domain.schedule(TestHost.task("nothing").build())),
                    RequestErrorCode.CONFLICT,
                    "DRAINING");
            assertThat(stopped).isNotDone();
            go.countDown();
            assertThat(TestHost.get(stopped).status()).isEqualTo(RuntimeStatus.STOPPED);
            for (TaskId id : ids) {
                assertThat(domain.task(id).orElseThrow().phase()).isEqualTo(TaskPhase.COMPLETED);
            }
        }
    }

    @Test
    void watchersSeeEveryStateInOrderAndTheCurrentOneFirst() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("watched");
            List<RuntimeStatus> seen = Collections.synchronizedList(new ArrayList<>());
            Watch watch = domain.watch(state -> seen.add(state.status()));
            TestHost.get(domain.pause());
            TestHost.get(domain.pause());
            TestHost.get(domain.resume());
            TestHost.get(domain.stop(false));
            TestHost.until(() -> seen.size() >= 5);
            assertThat(seen)
                    .containsExactly(
                            RuntimeStatus.RUNNING,
                            RuntimeStatus.PAUSED,
                            RuntimeStatus.RUNNING,
                            RuntimeStatus.STOPPING,
                            RuntimeStatus.STOPPED);
            watch.close();
            TestHost.get(domain.start());
            assertThat(seen).hasSize(5);
        }
    }

    @Test
    void aWatchedTaskTellsItsWayAndEndsAfterTheFinalState() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("watched");
            CountDownLatch go = new CountDownLatch(1);
            host.work(
                    "steps",
                    context -> {
                        go.await();
                        context.progress(0.5);
                        return null;
                    });
            TestHost.get(domain.pause());
            Task task = TestHost.get(domain.schedule(TestHost.task("steps").build()));
            List<Task> seen = Collections.synchronizedList(new ArrayList<>());
            Watch watch = domain.watchTask(task.id(), seen::add);
            TestHost.get(domain.resume());
            go.countDown();
            TestHost.until(() -> seen.size() >= 4);
            watch.close();
            assertThat(seen.stream().map(Task::phase))
                    .containsExactly(
                            TaskPhase.READY,
                            TaskPhase.RUNNING,
                            TaskPhase.RUNNING,
                            TaskPhase.COMPLETED);
            assertThat(seen.get(2).progress()).hasValue(0.5);
        }
    }

    @Test
    void progressIsClampedAndWhatIsNoNumberIgnored() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("clamped");
            List<OptionalDouble> told = Collections.synchronizedList(new ArrayList<>());
            host.work(
                    "boasts",
                    context -> {
                        for (double ratio : new double[] {-1, Double.NaN, 7}) {
                            context.progress(ratio);
                            told.add(domain.task(context.task()).orElseThrow().progress());
                        }
                        return null;
                    });
            Task task = TestHost.get(domain.schedule(TestHost.task("boasts").build()));
            TestHost.until(() -> domain.task(task.id()).orElseThrow().phase().isFinal());
            assertThat(domain.task(task.id()).orElseThrow().phase()).isEqualTo(TaskPhase.COMPLETED);
            assertThat(told)
                    .containsExactly(
                            OptionalDouble.of(0), OptionalDouble.of(0), OptionalDouble.of(1));
        }
    }

    @Test
    void aDomainWithUnfinishedTasksIsDeletedOnlyByForce() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("deleted");
            CountDownLatch entered = new CountDownLatch(1);
            host.work(
                    "endless",
                    context -> {
                        entered.countDown();
                        new CountDownLatch(1).await();
                        return null;
                    });
            Task running = TestHost.get(domain.schedule(TestHost.task("endless").build()));
            TestHost.until(() -> entered.getCount() == 0);
            assertRefused(
                    () -> TestHost.get(host.domains.delete(domain.id(), false)),
                    RequestErrorCode.CONFLICT,
                    "unfinished");
            assertThat(domain.state().status()).isEqualTo(RuntimeStatus.RUNNING);
            assertThat(TestHost.get(host.domains.delete(domain.id(), true))).isEqualTo(1);
            assertThat(host.domains.find(domain.id())).isEmpty();
            assertThat(host.domains.findTask(running.id())).isEmpty();
            assertThat(domain.task(running.id()).orElseThrow().phase())
                    .isEqualTo(TaskPhase.CANCELLED);
            assertRefused(
                    () -> TestHost.get(domain.start()), RequestErrorCode.NOT_FOUND, "deleted");
            assertRefused(
                    () -> TestHost.get(host.domains.delete(domain.id(), true)),
                    RequestErrorCode.NOT_FOUND,
                    "deleted");
            assertThat(host.domain("deleted").state().status()).isEqualTo(RuntimeStatus.RUNNING);
        }
    }

    @Test
    void anIdInUseIsAConflictAndAPoolThatDoesNotFitLeavesNothing() {
        try (TestHost host = new TestHost()) {
            host.domain("one");
            assertRefused(() -> host.domain("one"), RequestErrorCode.CONFLICT, "exists");
            assertThatThrownBy(() ->
                            host.domain(
                                    "huge",
                                    Map.of(
                                            "memory",
                                            Map.of(
                                                    "poolSize",
                                                    1L << 40,
                                                    "allocationType",
                                                    "FIRST_FIT"))))
                    .isInstanceOf(RefusedException.class);
            assertThat(host.domains.find(DomainId.of("huge"))).isEmpty();
            assertThat(host.domains.all()).hasSize(1);
        }
    }

    @Test
    void aBadFileIsNamedByTheHealthAndDisturbsNobody() {
        try (TestHost host = new TestHost()) {
            Path good = ProvisionedFiles.with("good", "FIFO");
            Path malformed = ProvisionedFiles.file("malformed.json", "{\"config\": ");
            Path unknown = ProvisionedFiles.file("unknown.json", "{\"colour\": 1}");
            Path range =
                    ProvisionedFiles.file(
                            "range.json", "{\"config\": {\"executor\": {\"parallelism\": 0}}}");
            host.domains.provision(List.of(good, malformed, unknown, range));
            assertThat(host.domains.all()).hasSize(1);
            List<HealthComponent> components = host.domains.health().components();
            assertThat(components)
                    .extracting(HealthComponent::name)
                    .contains("file:malformed.json", "file:unknown.json", "file:range.json");
            assertThat(components)
                    .filteredOn(component -> component.name().equals("file:range.json"))
                    .allSatisfy(component ->
                            assertThat(component.message())
                                    .contains("range.json", "executor.parallelism", "1 .. 1024"));
        }
    }

    @Test
    void aDomainThatCannotStartIsFailedAndSaysWhy() {
        try (TestHost host = new TestHost()) {
            Path home =
                    ProvisionedFiles.file(
                            "big.json",
                            "{\"config\": {\"memory\": {\"poolSize\": 1099511627776}}}");
            host.domains.provision(List.of(home));
            Domain domain = host.domains.find(DomainId.of("big")).orElseThrow();
            assertThat(domain.state().status()).isEqualTo(RuntimeStatus.FAILED);
            assertThat(domain.state().statusReason()).isNotBlank();
            assertThat(domain.errors(10)).hasSize(1);
        }
    }

    @Test
    void closingTheHostEndsAllItsThreads() {
        TestHost host = new TestHost();
        Domain domain = host.domain("closing");
        host.work(
                "endless",
                context -> {
                    new CountDownLatch(1).await();
                    return null;
                });
        TestHost.get(domain.schedule(TestHost.task("endless").build()));
        host.close();
        host.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("closing-worker"));
        assertRefused(() -> host.domain("more"), RequestErrorCode.SHUTTING_DOWN, "stops");
    }

    private static void assertRefused(Runnable action, Enum<?> code, String text) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> {
                            assertThat(refused.code()).isEqualTo(code);
                            assertThat(refused.getMessage()).contains(text);
                        });
    }
}
