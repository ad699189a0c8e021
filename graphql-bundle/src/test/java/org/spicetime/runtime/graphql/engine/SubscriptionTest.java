// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.AlertSeverity;
import org.spicetime.runtime.api.domain.ResourceAlert;
import org.spicetime.runtime.api.domain.ResourceKind;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

class SubscriptionTest {
    private static final String STATUS =
            "subscription { domainStatusChanged(domainId: \"ethical-scoring\") }";
    private static final String TASK =
            "subscription WatchTask($taskId: ID!) { taskUpdated(taskId: $taskId) { status metrics {"
                    + " duration cpuTime memoryPeak } } }";
    private static final String ALERT =
            "subscription($t: Float!) { resourceAlert(domainId: \"ethical-scoring\", threshold: $t) {"
                    + " resource value } }";

    private final Bench bench = new Bench();
    private final FakeDomain ethics = bench.host.domain("ethical-scoring");

    @AfterEach
    void close() {
        bench.close();
    }

    private Probe subscribe(String query, Map<String, Object> variables) {
        Outcome outcome = bench.ask(query, Map.copyOf(variables));
        assertThat(outcome).isInstanceOf(Outcome.Stream.class);
        Probe probe = new Probe();
        ((Outcome.Stream) outcome).responses().subscribe(probe);
        return probe;
    }

    private Task put(TaskPhase phase) {
        Task task = ethics.task(TaskRequest.of(TaskType.IO).build(), phase);
        ethics.put(task);
        return task;
    }

    private void move(Task task, TaskPhase phase) {
        Task next = ethics.task(task.request(), phase);
        ethics.put(
                new Task(
                        task.id(),
                        task.domain(),
                        task.request(),
                        task.handler(),
                        task.durability(),
                        task.priority(),
                        task.effectivePriority(),
                        task.deadline(),
                        phase,
                        1,
                        task.createdAt(),
                        task.updatedAt(),
                        task.dependencies(),
                        next.metrics(),
                        false,
                        task.progress(),
                        null,
                        null,
                        null));
    }

    @Test
    void aTaskIsToldAtOnceThenAtEveryChangeAndCompletesAfterItsEnd() {
        Task task = put(TaskPhase.READY);
        Probe probe = subscribe(TASK, Map.of("taskId", task.id().toString()));
        probe.request(10);
        assertThat(at(probe.next(), "data.taskUpdated.status")).isEqualTo("PENDING");
        move(task, TaskPhase.RUNNING);
        assertThat(at(probe.next(), "data.taskUpdated.status")).isEqualTo("RUNNING");
        move(task, TaskPhase.COMPLETED);
        Map<String, ?> last = probe.next();
        assertThat(at(last, "data.taskUpdated.status")).isEqualTo("COMPLETED");
        assertThat(at(last, "data.taskUpdated.metrics.duration")).isEqualTo(20);
        probe.awaitCompletion();
        assertThat(ethics.taskListeners).isEmpty();
        assertThat(bench.streams.count()).isZero();
    }

    @Test
    void aTaskThatHasEndedIsToldOnce() {
        Task task = put(TaskPhase.FAILED);
        Probe probe = subscribe(TASK, Map.of("taskId", task.id().toString()));
        probe.request(1);
        assertThat(at(probe.next(), "data.taskUpdated.status")).isEqualTo("FAILED");
        probe.awaitCompletion();
    }

    @Test
    void aSlowReaderGetsTheNewestStateAndNothingInBetween() {
        Probe probe = subscribe(STATUS, Map.of());
        probe.request(1);
        assertThat(at(probe.next(), "data.domainStatusChanged")).isEqualTo("RUNNING");
        ethics.status(RuntimeStatus.PAUSED);
        ethics.status(RuntimeStatus.DRAINING);
        ethics.status(RuntimeStatus.STOPPED);
        probe.expectNothing();
        probe.request(5);
        assertThat(at(probe.next(), "data.domainStatusChanged")).isEqualTo("STOPPED");
        probe.expectNothing();
    }

    @Test
    void aChangeOfConfigurationIsNoChangeOfStatus() {
        Probe probe = subscribe(STATUS, Map.of());
        probe.request(10);
        probe.next();
        ethics.status(RuntimeStatus.RUNNING);
        ethics.status(RuntimeStatus.RUNNING);
        probe.expectNothing();
    }

    @Test
    void aDeletedDomainCompletesItsStreams() {
        Probe status = subscribe(STATUS, Map.of());
        Probe alerts = subscribe(ALERT, Map.of("t", 0.8));
        status.request(10);
        alerts.request(10);
        status.next();
        bench.host.remove("ethical-scoring");
        status.awaitCompletion();
        alerts.awaitCompletion();
        assertThat(ethics.stateListeners).isEmpty();
        assertThat(ethics.alertListeners).isEmpty();
    }

    @Test
    void anotherDomainOfTheSameIdIsNotTheOneSubscribedTo() {
        Probe probe = subscribe(STATUS, Map.of());
        probe.request(10);
        probe.next();
        bench.host.add("ethical-scoring");
        probe.awaitCompletion();
    }

    @Test
    void alertsThatFellOutAreCounted() {
        Probe probe = subscribe(ALERT, Map.of("t", 0.8));
        for (int i = 0; i < 1030; i++) {
            ResourceAlert alert =
                    new ResourceAlert(
                            new UUID(0, i),
                            DomainId.of("ethical-scoring"),
                            ResourceKind.MEMORY,
                            AlertSeverity.WARNING,
                            0.8,
                            i,
                            false,
                            "above",
                            FakeDomain.CREATED);
            ethics.alertListeners.forEach(listener -> listener.accept(alert));
        }
        probe.request(2);
        Map<String, ?> first = probe.next();
        assertThat(at(first, "data.resourceAlert.value")).isEqualTo(6.0);
        assertThat(at(first, "extensions.skipped")).isEqualTo(6L);
        assertThat(probe.next()).doesNotContainKey("extensions");
    }

    @Test
    void cancellingClosesTheWatchAndNothingFollows() {
        for (int i = 0; i < 1000; i++) {
            Probe probe = subscribe(STATUS, Map.of());
            if (i % 2 == 0) probe.request(1);
            probe.cancel();
        }
        assertThat(ethics.stateListeners).isEmpty();
        assertThat(bench.streams.count()).isZero();
    }

    @Test
    void whatCannotBeSubscribedToIsAnErrorOfTheOperation() {
        Map<String, ?> unknown =
                bench.response(
                        "subscription { domainStatusChanged(domainId: \"nobody\") }", Map.of());
        assertThat(unknown).containsEntry("data", null);
        assertThat(extensions(Bench.first(unknown.get("errors"))))
                .containsEntry("code", "NOT_FOUND");
        for (double threshold : new double[] {0, -1, 1.5, 80}) {
            Map<String, Object> error = bench.error(ALERT, Map.of("t", threshold));
            assertThat(extensions(error))
                    .containsEntry("code", "BAD_USER_INPUT")
                    .containsEntry("field", "threshold");
        }
        assertThat(String.valueOf(bench.error(ALERT, Map.of("t", 80)).get("message")))
                .contains("0.8");
        assertThat(bench.refused(TASK).kind()).isEqualTo(Refusal.VARIABLES);
        assertThat(
                        bench.refused(
                                        "subscription { a: domainStatusChanged(domainId: \"x\") b:"
                                                + " domainStatusChanged(domainId: \"x\") }")
                                .kind())
                .isEqualTo(Refusal.VALIDATION);
    }

    @Test
    void demandMustBePositiveAndThereIsOneReader() {
        Outcome.Stream stream = (Outcome.Stream) bench.ask(STATUS);
        Probe first = new Probe();
        stream.responses().subscribe(first);
        Probe second = new Probe();
        stream.responses().subscribe(second);
        assertThat(second.awaitError()).isInstanceOf(IllegalStateException.class);
        first.request(0);
        assertThat(first.awaitError()).isInstanceOf(IllegalArgumentException.class);
        assertThat(ethics.stateListeners).isEmpty();
    }

    @Test
    void aStreamGoesOnWithItsSchemaAfterASwap() {
        Probe probe = subscribe(STATUS, Map.of());
        probe.request(10);
        probe.next();
        bench.host.policies.add(
                FakeHost.policy("ACME_NEW", org.spicetime.runtime.api.scheduler.Ordering.STRICT));
        bench.generations.refresh();
        ethics.status(RuntimeStatus.PAUSED);
        assertThat(at(probe.next(), "data.domainStatusChanged")).isEqualTo("PAUSED");
    }
}
