// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskChange;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

class WatchTest {
    private static final String CHANGES =
            "subscription($after: String) { domainTaskChanges(domainId: \"ethical-scoring\", after:"
                    + " $after) { cursor taskId kind task { phase } } }";

    private final Bench bench = new Bench();
    private final FakeDomain ethics = bench.host.domain("ethical-scoring");

    @AfterEach
    void close() {
        bench.close();
    }

    private Probe subscribe(String query, Map<String, @Nullable Object> variables) {
        Probe probe = new Probe();
        ((Outcome.Stream) bench.ask(query, variables)).responses().subscribe(probe);
        return probe;
    }

    private void change(int number, TaskChange.Kind kind) {
        Task task =
                ethics.task(TaskRequest.of(TaskType.IO).owner("maria").build(), TaskPhase.RUNNING);
        ethics.changes.add(
                new TaskChange(
                        "c" + number,
                        kind == TaskChange.Kind.PURGED ? null : task,
                        task.id(),
                        kind));
        ethics.changeListeners.forEach(Runnable::run);
    }

    @Test
    void changesOfTasksAreToldInOrderFromTheCursorOn() {
        Probe probe = subscribe(CHANGES, Map.of("after", "c0"));
        probe.request(100);
        probe.expectNothing();
        for (int i = 1; i <= 70; i++) change(i, TaskChange.Kind.UPSERT);
        change(71, TaskChange.Kind.PURGED);
        for (int i = 1; i <= 70; i++) {
            Map<String, ?> item = probe.next();
            assertThat(at(item, "data.domainTaskChanges.cursor")).isEqualTo("c" + i);
            assertThat(at(item, "data.domainTaskChanges.task.phase")).isEqualTo("RUNNING");
        }
        Map<String, ?> last = probe.next();
        assertThat(at(last, "data.domainTaskChanges.kind")).isEqualTo("PURGED");
        assertThat(at(last, "data.domainTaskChanges.task")).isNull();
        assertThat(ethics.asked).contains("changes after c0");
        probe.cancel();
        assertThat(ethics.changeListeners).isEmpty();
    }

    @Test
    void whoLostItsConnectionGoesOnAfterTheCursorItGotLast() {
        Probe probe = new Probe();
        GraphQlRequest again = Bench.resumed(CHANGES, Map.of("after", "c0"), "c5");
        ((Outcome.Stream) bench.engine.execute(again)).responses().subscribe(probe);
        probe.request(1);
        change(6, TaskChange.Kind.UPSERT);

        assertThat(probe.nextAnswer().cursor()).isEqualTo("c6");
        assertThat(ethics.asked).contains("changes after c5").doesNotContain("changes after c0");
        probe.cancel();
    }

    @Test
    void nothingIsTakenBeforeTheReaderWantsIt() {
        Probe probe = subscribe(CHANGES, Map.of());
        change(1, TaskChange.Kind.UPSERT);
        change(2, TaskChange.Kind.UPSERT);
        probe.expectNothing();
        assertThat(ethics.changes).hasSize(2);
        probe.request(1);
        probe.next();
        probe.expectNothing();
        probe.request(1);
        probe.next();
    }

    @Test
    void aCursorThatExpiredIsTheLastItem() {
        ethics.changesFail =
                new RefusedException(RequestErrorCode.CURSOR_EXPIRED, "list again", Map.of());
        Probe probe = subscribe(CHANGES, Map.of("after", "old"));
        probe.request(10);
        assertThat(at(probe.next(), "errors.0.extensions.code")).isEqualTo("CURSOR_EXPIRED");
        probe.awaitCompletion();

        ethics.changesFail = null;
        Probe later = subscribe(CHANGES, Map.of());
        later.request(10);
        later.expectNothing();
        ethics.changesFail =
                new RefusedException(RequestErrorCode.CURSOR_EXPIRED, "too far", Map.of());
        ethics.changeListeners.forEach(Runnable::run);
        assertThat(at(later.next(), "errors.0.extensions.code")).isEqualTo("CURSOR_EXPIRED");
        later.awaitCompletion();
        assertThat(ethics.changeListeners).isEmpty();
    }

    @Test
    void changesEndWithTheirDomain() {
        Probe probe = subscribe(CHANGES, Map.of());
        probe.request(10);
        probe.expectNothing();
        ethics.changesFail = RefusedException.notFound("domain", "ethical-scoring");
        ethics.changeListeners.forEach(Runnable::run);
        probe.awaitCompletion();
    }

    @Test
    void aDomainIsToldAtEveryChangeUntilItIsDeleted() {
        Probe probe =
                subscribe(
                        "subscription { domainUpdated(domainId: \"ethical-scoring\") { id status } }",
                        Map.of());
        probe.request(10);
        assertThat(at(probe.next(), "data.domainUpdated.status")).isEqualTo("RUNNING");
        ethics.status(RuntimeStatus.PAUSED);
        assertThat(at(probe.next(), "data.domainUpdated.status")).isEqualTo("PAUSED");
        bench.host.remove("ethical-scoring");
        probe.awaitCompletion();
        assertThat(bench.streams.count()).isZero();
    }

    @Test
    void failuresAreToldOfOneDomainOrOfAll() {
        String query = "subscription($id: ID) { runtimeErrors(domainId: $id) { code message } }";
        Probe one = subscribe(query, Map.of("id", "ethical-scoring"));
        Probe all = subscribe(query, Map.of());
        one.request(10);
        all.request(10);
        RuntimeError error =
                new RuntimeError(
                        RuntimeErrorCode.TASK_TIMEOUT, "late", "ethical-scoring", null, Map.of());
        ethics.errorListeners.forEach(listener -> listener.accept(error));
        bench.host.errorListeners.forEach(listener -> listener.accept(error));
        for (Probe probe : List.of(one, all)) {
            assertThat(at(probe.next(), "data.runtimeErrors.code")).isEqualTo("TASK_TIMEOUT");
        }
        bench.host.remove("ethical-scoring");
        one.awaitCompletion();
        all.cancel();
        assertThat(bench.host.errorListeners).isEmpty();
        assertThat(ethics.errorListeners).isEmpty();
    }

    @Test
    void theHealthAndTheSchemaAreToldAtOnceAndWhenTheyChange() {
        Probe health = subscribe("subscription { systemHealthChanged { status } }", Map.of());
        Probe schema = subscribe("subscription { schemaChanged { generation hash } }", Map.of());
        health.request(10);
        schema.request(10);
        assertThat(at(health.next(), "data.systemHealthChanged.status")).isEqualTo("HEALTHY");
        assertThat(at(schema.next(), "data.schemaChanged.generation")).isEqualTo(1);
        bench.host.policies.add(FakeHost.policy("ACME_NEW", Ordering.STRICT));
        bench.generations.refresh();
        assertThat(at(schema.next(), "data.schemaChanged.generation")).isEqualTo(2);
        schema.cancel();
        health.cancel();
        assertThat(bench.host.healthListeners).isEmpty();
    }
}
