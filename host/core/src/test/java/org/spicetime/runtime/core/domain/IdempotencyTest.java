// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.AdmissionGate;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;

@Timeout(60)
class IdempotencyTest {

    private static TaskRequest keyed(String key, int priority) {
        return TestHost.task("nothing").priority(priority).idempotencyKey(key).build();
    }

    @Test
    void theSameKeyAnswersTheSameTaskInItsPresentState() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("keys");
            Task first = TestHost.get(domain.schedule(keyed("a", 1)));
            TestHost.ended(domain, first.id());
            Task again = TestHost.get(domain.schedule(keyed("a", 1)));
            assertThat(again.id()).isEqualTo(first.id());
            assertThat(again.phase()).isEqualTo(TaskPhase.COMPLETED);
            assertThat(domain.metrics().tasksScheduled()).isEqualTo(1);

            TestHost.get(domain.stop(false));
            assertThat(TestHost.get(domain.schedule(keyed("a", 1))).id()).isEqualTo(first.id());
        }
    }

    @Test
    void aRepetitionInAnotherTraceAnswersTheSameTaskInItsOwn() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("keys");
            String id = "4bf92f3577b34da6a3ce929d0e0e4736";
            Task first =
                    TestHost.get(domain.schedule(keyed("a", 1).toBuilder().traceId(id).build()));
            Task again =
                    TestHost.get(
                            domain.schedule(
                                    keyed("a", 1).toBuilder().traceId("1".repeat(32)).build()));
            assertThat(again.id()).isEqualTo(first.id());
            assertThat(again.request().traceId()).isEqualTo(id);
        }
    }

    @Test
    void theSameKeyWithOtherContentIsAConflict() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("keys");
            TestHost.get(domain.schedule(keyed("a", 1)));
            ChangesTest.assertRefused(
                    () -> TestHost.get(domain.schedule(keyed("a", 2))), RequestErrorCode.CONFLICT);
            ChangesTest.assertRefused(
                    () ->
                            TestHost.get(
                                    domain.scheduleAll(
                                            List.of(keyed("b", 1), keyed("a", 2), keyed("c", 1)))),
                    RequestErrorCode.CONFLICT);
            assertThat(domain.metrics().tasksScheduled()).isEqualTo(1);
        }
    }

    @Test
    void aGateIsAskedForNewTasksAloneAndOnlyOnce() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("keys");
            List<Integer> asked = new ArrayList<>();
            AdmissionGate open = asked::add;
            AdmissionGate shut =
                    tasks -> {
                        throw new RefusedException(
                                RequestErrorCode.RATE_LIMITED, "too fast", Map.of());
                    };
            Task first = TestHost.get(domain.scheduleAll(List.of(keyed("a", 1)), open)).getFirst();
            assertThat(TestHost.get(domain.scheduleAll(List.of(keyed("a", 1)), shut)))
                    .extracting(Task::id)
                    .containsExactly(first.id());
            List<TaskRequest> mixed = List.of(keyed("a", 1), keyed("b", 1), keyed("b", 1));
            ChangesTest.assertRefused(
                    () -> TestHost.get(domain.scheduleAll(mixed, shut)),
                    RequestErrorCode.RATE_LIMITED);
            assertThat(domain.metrics().tasksScheduled()).isEqualTo(1);
            assertThat(TestHost.get(domain.scheduleAll(mixed, open))).hasSize(3);
            TestHost.get(
                    domain.scheduleAll(
                            List.of(
                                    TestHost.task("nothing").build(),
                                    TestHost.task("nothing").build()),
                            open));
            ChangesTest.assertRefused(
                    () ->
                            TestHost.get(
                                    domain.scheduleAll(
                                            List.of(TestHost.task("nothing").build()), shut)),
                    RequestErrorCode.RATE_LIMITED);
            assertThat(asked).containsExactly(1, 1, 2);
        }
    }

    @Test
    void aBatchThatIsKnownInPartAdmitsTheRestAndKeepsItsReferences() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("keys");
            Task known = TestHost.get(domain.schedule(keyed("a", 1)));
            TaskRequest dependant =
                    TestHost.task("nothing")
                            .idempotencyKey("d")
                            .dependsOn(DependencyRequest.success(new TaskRef.InBatch(0)))
                            .dependsOn(DependencyRequest.success(new TaskRef.InBatch(2)))
                            .build();
            List<TaskRequest> batch = List.of(keyed("a", 1), dependant, keyed("c", 1));
            List<Task> answered = TestHost.get(domain.scheduleAll(batch));
            assertThat(answered.getFirst().id()).isEqualTo(known.id());
            assertThat(answered.get(1).dependencies())
                    .extracting(dependency -> dependency.task())
                    .containsExactly(known.id(), answered.get(2).id());
            assertThat(TestHost.ended(domain, answered.get(1).id()).phase())
                    .isEqualTo(TaskPhase.COMPLETED);
            assertThat(TestHost.get(domain.scheduleAll(batch)))
                    .extracting(Task::id)
                    .isEqualTo(answered.stream().map(Task::id).toList());
            assertThat(domain.metrics().tasksScheduled()).isEqualTo(3);
        }
    }

    @Test
    void manyClientsWithOneKeyGetOneTask() throws InterruptedException {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("keys");
            Set<TaskId> ids = ConcurrentHashMap.newKeySet();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int k = 0; k < 50; k++) {
                                        ids.add(
                                                TestHost.get(domain.schedule(keyed("k" + k, 1)))
                                                        .id());
                                    }
                                }));
            }
            for (Thread client : clients) {
                client.join();
            }
            assertThat(ids).hasSize(50);
        }
    }

    @Test
    void whatCannotBeRunIsRefusedAtAdmission() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("refused");
            TaskRequest noHandler = TestHost.task("nothing").handler("no.such").build();
            TaskRequest badPayload =
                    TaskRequest.of(org.spicetime.runtime.api.task.TaskType.IO)
                            .payload(org.spicetime.runtime.api.Payload.json("{\"colour\": 3}"))
                            .build();
            for (TaskRequest request : List.of(noHandler, badPayload)) {
                ChangesTest.assertRefused(
                        () -> TestHost.get(domain.schedule(request)),
                        RequestErrorCode.BAD_USER_INPUT);
                ChangesTest.assertRefused(
                        () -> TestHost.get(domain.scheduleAll(List.of(keyed("x", 1), request))),
                        RequestErrorCode.BAD_USER_INPUT);
            }
            ChangesTest.assertRefused(
                    () -> TestHost.get(domain.scheduleAll(List.of())),
                    RequestErrorCode.BAD_USER_INPUT);
            ChangesTest.assertRefused(
                    () ->
                            TestHost.get(
                                    domain.scheduleAll(
                                            java.util.Collections.nCopies(1001, keyed("y", 1)))),
                    RequestErrorCode.BAD_USER_INPUT);
            assertThat(domain.metrics().tasksScheduled()).isZero();
        }
    }
}
