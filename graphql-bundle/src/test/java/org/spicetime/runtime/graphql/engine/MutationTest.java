// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;

class MutationTest {
    private static final String SCHEDULE =
            "mutation($i: TaskInput!) { scheduleTask(input: $i) { id } }";

    private final Bench bench = new Bench();
    private final FakeDomain ethics = bench.host.domain("ethical-scoring");

    @AfterEach
    void close() {
        bench.close();
    }

    private static Map<String, @Nullable Object> task(@Nullable Object... members) {
        Map<String, @Nullable Object> task = new HashMap<>();
        task.put("domainId", "ethical-scoring");
        task.put("type", "IO");
        for (int i = 0; i < members.length; i += 2)
            task.put(String.valueOf(members[i]), members[i + 1]);
        return task;
    }

    private TaskRequest scheduled(Map<String, @Nullable Object> input) {
        bench.data(SCHEDULE, Map.of("i", input));
        return ethics.requests.getLast();
    }

    private Map<String, Object> refused(Map<String, @Nullable Object> input) {
        int before = ethics.requests.size();
        Map<String, Object> error = bench.error(SCHEDULE, Map.of("i", input));
        assertThat(ethics.requests).hasSize(before);
        assertThat(extensions(error)).containsEntry("code", "BAD_USER_INPUT");
        return error;
    }

    @Test
    void aTaskCarriesTheTraceOfItsRequestAndTellsIt() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String one = SCHEDULE.replace("{ id }", "{ traceId }");
        String many = "mutation($i: TaskInput!) { scheduleTasks(inputs: [$i, $i]) { traceId } }";
        assertThat(traced(one, trace)).isEqualTo(Map.of("scheduleTask", Map.of("traceId", trace)));
        assertThat(traced(many, trace))
                .isEqualTo(
                        Map.of(
                                "scheduleTasks",
                                List.of(Map.of("traceId", trace), Map.of("traceId", trace))));
        assertThat(at(bench.data(one, Map.of("i", task())), "scheduleTask.traceId")).isNull();
    }

    private @Nullable Object traced(String mutation, String trace) {
        GraphQlRequest request = Bench.request(mutation, Map.of("i", task()), Role.ADMIN);
        Outcome outcome = bench.engine.execute(Bench.traced(request, trace));
        return outcome instanceof Outcome.Executed executed
                ? executed.response().toCompletableFuture().join().map().get("data")
                : outcome;
    }

    @Test
    void aTaskCarriesEverythingItsInputSays() {
        TaskRequest request =
                scheduled(
                        task(
                                "priority",
                                7,
                                "deadline",
                                "2031-01-01T00:00:00+01:00",
                                "onDeadlineMiss",
                                "CANCEL",
                                "runAt",
                                "2030-12-31T00:00:00Z",
                                "dependencies",
                                List.of(
                                        Map.of(
                                                "taskId",
                                                "01890a5d-ac96-774b-bcce-b302099a8057",
                                                "type",
                                                "DATA",
                                                "timeout",
                                                5)),
                                "name",
                                "nightly",
                                "handler",
                                "digest",
                                "payload",
                                Map.of("a", List.of(1, 2.5, true)),
                                "timeout",
                                1000,
                                "estimatedDuration",
                                1.5,
                                "maxRetries",
                                3,
                                "retry",
                                Map.of("initialDelay", 10, "jitter", 0),
                                "labels",
                                Map.of("k", "v"),
                                "idempotencyKey",
                                "key",
                                "durability",
                                "VOLATILE",
                                "onCrash",
                                "ASK"));
        assertThat(request.priority()).hasValue(7);
        assertThat(request.deadline()).isEqualTo(Instant.parse("2030-12-31T23:00:00Z"));
        assertThat(request.runAt()).isEqualTo(Instant.parse("2030-12-31T00:00:00Z"));
        assertThat(request.dependencies())
                .singleElement()
                .satisfies(d -> {
                    assertThat(d.type()).isEqualTo(DependencyType.DATA);
                    assertThat(d.timeout()).isEqualTo(Duration.ofMillis(5));
                });
        assertThat(request.payload()).isNotNull();
        assertThat(request.payload().utf8()).isEqualTo("{\"a\":[1,2.5,true]}");
        assertThat(request.payload().contentType()).isEqualTo("application/json");
        assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(request.estimatedDuration()).isEqualTo(Duration.ofNanos(1_500_000));
        assertThat(request.maxRetries()).isEqualTo(3);
        assertThat(request.retry().initialDelay()).isEqualTo(Duration.ofMillis(10));
        assertThat(request.retry().maxDelay()).isEqualTo(Duration.ofMinutes(1));
        assertThat(request.retry().jitter()).isZero();
        assertThat(request.labels()).isEqualTo(Map.of("k", "v"));
        assertThat(request.owner()).isEqualTo("maria");
        assertThat(request.onCrash()).hasToString("ASK");
    }

    @Test
    void aTaskThatNamesOnlyItsTypeHasEveryDefault() {
        TaskRequest request = scheduled(task("name", null, "payload", null, "priority", null));
        assertThat(request).isEqualTo(TaskRequest.of(request.type()).owner("maria").build());
    }

    @Test
    void everyRefusalNamesItsField() {
        assertThat(extensions(refused(task("timeout", -1)))).containsEntry("field", "timeout");
        assertThat(extensions(refused(task("relativeDeadline", 0))))
                .containsEntry("field", "relativeDeadline")
                .containsKey("range");
        assertThat(extensions(refused(task("estimatedDuration", 0))))
                .containsEntry("field", "estimatedDuration");
        assertThat(extensions(refused(task("maxRetries", 1001))))
                .containsEntry("field", "maxRetries");
        assertThat(extensions(refused(task("name", "")))).containsEntry("field", "name");
        assertThat(extensions(refused(task("name", "x".repeat(257)))))
                .containsEntry("field", "name");
        assertThat(extensions(refused(task("handler", " ")))).containsEntry("field", "handler");
        assertThat(extensions(refused(task("idempotencyKey", ""))))
                .containsEntry("field", "idempotencyKey");
        assertThat(extensions(refused(task("payload", "x".repeat(65_536)))))
                .containsEntry("field", "payload");
        assertThat(extensions(refused(task("retry", Map.of("multiplier", 0.5)))))
                .containsEntry("field", "retry.multiplier");
        assertThat(extensions(refused(task("retry", Map.of("initialDelay", -1)))))
                .containsEntry("field", "retry.initialDelay");
        assertThat(
                        extensions(
                                refused(
                                        task(
                                                "deadline",
                                                "2031-01-01T00:00:00Z",
                                                "relativeDeadline",
                                                5))))
                .containsEntry("field", "deadline");
        assertThat(extensions(refused(task("dependencies", List.of(Map.of("taskId", "nobody"))))))
                .containsEntry("field", "dependencies[0].taskId");
        assertThat(extensions(refused(task("dependencies", List.of(Map.of("taskId", "#0"))))))
                .containsEntry("field", "dependencies[0].taskId");
        assertThat(
                        extensions(
                                refused(
                                        task(
                                                "dependencies",
                                                List.of(
                                                        Map.of(
                                                                "taskId",
                                                                "01890a5d-ac96-774b-bcce-b302099a8057",
                                                                "timeout",
                                                                -1))))))
                .containsEntry("field", "dependencies[0].timeout");
    }

    @Test
    void aBatchMayReferToItselfForwardsAndBackwards() {
        String mutation = "mutation($i: [TaskInput!]!) { scheduleTasks(inputs: $i) { id } }";
        bench.data(
                mutation,
                Map.of(
                        "i",
                        List.of(task("dependencies", List.of(Map.of("taskId", "#1"))), task())));
        assertThat(ethics.requests.getFirst().dependencies().getFirst().task())
                .isEqualTo(new TaskRef.InBatch(1));
        assertThat(
                        extensions(
                                bench.error(
                                        mutation,
                                        Map.of(
                                                "i",
                                                List.of(
                                                        task(),
                                                        task(
                                                                "dependencies",
                                                                List.of(
                                                                        Map.of(
                                                                                "taskId",
                                                                                "#2"))))))))
                .containsEntry("field", "inputs[1].dependencies[0].taskId")
                .containsEntry("range", "#0 .. #1");
        Map<String, @Nullable Object> elsewhere = task();
        elsewhere.put("domainId", "content-processing");
        assertThat(extensions(bench.error(mutation, Map.of("i", List.of(task(), elsewhere)))))
                .containsEntry("field", "inputs[1].domainId");
        assertThat(bench.data(mutation, Map.of("i", List.of())))
                .containsEntry("scheduleTasks", List.of());
        assertThat(
                        extensions(
                                bench.error(
                                        mutation, Map.of("i", Collections.nCopies(1001, task())))))
                .containsEntry("field", "inputs");
    }

    @Test
    void aPatchReachesTheDomainAsItWasSentWithItsNulls() {
        Map<String, @Nullable Object> scheduler = new HashMap<>();
        scheduler.put("policy", "EDF");
        scheduler.put("quantum", null);
        bench.data(
                "mutation($i: RuntimeConfigInput!) { configureDomain(domainId: \"ethical-scoring\","
                        + " config: $i) { id status config { memory { poolSize allocationType } } } }",
                Map.of(
                        "i",
                        Map.of("scheduler", scheduler, "memory", Map.of("poolSize", "67108864"))));
        Map<String, @Nullable Object> sent = ethics.patches.getLast().values();
        assertThat(sent).containsEntry("scheduler", scheduler);
        assertThat(at(sent, "memory.poolSize")).isEqualTo(67_108_864L);
        assertThat(sent).doesNotContainKeys("executor", "tasks");
    }

    @Test
    void aNameThatNoBundleShipsIsToldWithWhatIsThere() {
        Outcome.Refused variable =
                bench.refused(
                        "mutation($i: RuntimeConfigInput!) { configureDomain(domainId: \"x\", config: $i) { id } }",
                        Map.of("i", Map.of("scheduler", Map.of("policy", "LOTTERY"))));
        assertThat(variable.kind()).isEqualTo(Refusal.VARIABLES);
        assertThat(extensions(variable))
                .containsEntry("code", "BAD_USER_INPUT")
                .containsEntry("reason", "NOT_AVAILABLE")
                .containsEntry("field", "i.scheduler.policy")
                .containsEntry("available", List.of("EDF", "FIFO", "PRIORITY", "SAFE_FIFO"));
        Outcome.Refused literal =
                bench.refused(
                        "mutation { configureDomain(domainId: \"x\", config: {memory: {allocationType: BUDDY}}) { id } }");
        assertThat(literal.kind()).isEqualTo(Refusal.VALIDATION);
        assertThat(literal.errors()).hasSize(1);
        assertThat(extensions(literal))
                .containsEntry("reason", "NOT_AVAILABLE")
                .containsEntry("field", "config.memory.allocationType")
                .containsEntry("available", List.of("FIRST_FIT", "TLSF"));
    }

    @Test
    void aReservationIsCheckedAndAnswered() {
        String mutation =
                "mutation AllocateResources($input: ResourceAllocationInput!) { allocateResources("
                        + "domainId: \"content-processing\", resources: $input) { cpu { cores priority }"
                        + " memory { size type } network { bandwidth } } }";
        Object granted =
                bench.data(
                        mutation,
                        Map.of(
                                "input",
                                Map.of(
                                        "cpu",
                                        Map.of("cores", 0.5),
                                        "memory",
                                        Map.of("size", 1048576),
                                        "priority",
                                        3)));
        assertThat(at(granted, "allocateResources.cpu.cores")).isEqualTo(0.5);
        assertThat(at(granted, "allocateResources.memory.size")).isEqualTo(1_048_576L);
        assertThat(at(granted, "allocateResources.network")).isNull();
        for (Map.Entry<String, Map<String, Object>> bad :
                Map.<String, Map<String, Object>>of(
                                "resources.cpu.cores", Map.of("cpu", Map.of("cores", 0)),
                                "resources.memory.size", Map.of("memory", Map.of("size", -1)),
                                "resources.network.bandwidth",
                                        Map.of("network", Map.of("bandwidth", -1)))
                        .entrySet()) {
            Map<String, Object> input = new HashMap<>(bad.getValue());
            input.put("priority", 1);
            assertThat(extensions(bench.error(mutation, Map.of("input", input))))
                    .containsEntry("field", bad.getKey());
        }
    }

    @Test
    void aRefusalOfTheHostKeepsItsCodeAndItsFacts() {
        ethics.refusal =
                RefusedException.exhausted("the queue is full", 1, 0)
                        .with("domain", "ethical-scoring");
        Map<String, Object> error = bench.error(SCHEDULE, Map.of("i", task()));
        assertThat(extensions(error))
                .containsEntry("code", "RESOURCE_EXHAUSTED")
                .containsEntry("classification", "RUNTIME")
                .containsEntry("domain", "ethical-scoring")
                .containsEntry("requested", 1L)
                .containsEntry("available", 0L);
        assertThat(at(error, "extensions.context.requested")).isEqualTo(1L);
    }

    @Test
    void changesOfOneRequestRunOneAfterTheOther() {
        CompletableFuture<DomainState> slow = new CompletableFuture<>();
        ethics.pending = slow;
        Outcome outcome =
                bench.ask(
                        "mutation { a: configureDomain(domainId: \"ethical-scoring\", config: {}) { id }"
                                + " b: pauseDomain(domainId: \"ethical-scoring\") { status } }");
        assertThat(ethics.state.status()).hasToString("RUNNING");
        slow.complete(ethics.state);
        Map<String, ?> response =
                ((Outcome.Executed) outcome).response().toCompletableFuture().join().map();
        assertThat(at(response, "data.b.status")).isEqualTo("PAUSED");
    }

    @Test
    void domainsAreCreatedAndDeleted() {
        String create = "mutation($i: CreateDomainInput!) { createDomain(input: $i) { id } }";
        bench.data(create, Map.of("i", Map.of("id", "new", "labels", Map.of("a", "b"))));
        assertThat(bench.host.created.getLast().start()).isTrue();
        assertThat(extensions(bench.error(create, Map.of("i", Map.of("id", "new")))))
                .containsEntry("code", "CONFLICT");
        assertThat(extensions(bench.error(create, Map.of("i", Map.of("id", "no spaces")))))
                .containsEntry("code", "BAD_USER_INPUT")
                .containsEntry("field", "id");
        assertThat(extensions(bench.error(create, Map.of("i", Map.of("id", "n", "name", " ")))))
                .containsEntry("field", "name");
        assertThat(
                        at(
                                bench.data(
                                        "mutation { deleteDomain(domainId: \"new\") { domainId cancelledTasks } }"),
                                "deleteDomain"))
                .isEqualTo(Map.of("domainId", "new", "cancelledTasks", 3));
    }

    @Test
    void aRehearsalChangesNothingAndShowsTheDifference() {
        String query =
                "mutation($r: Int) { reconfigureDomain(domainId: \"ethical-scoring\", dryRun: true,"
                        + " expectedRevision: $r, config: {scheduler: {policy: FIFO}}) { applied"
                        + " changes { path before after } config { scheduler { policy } }"
                        + " domain { config { scheduler { policy } } } } }";
        Object answer = at(bench.data(query, Map.of("r", 1)), "reconfigureDomain");
        assertThat(at(answer, "applied")).isEqualTo(false);
        assertThat(at(answer, "config.scheduler.policy")).isEqualTo("FIFO");
        assertThat(at(answer, "domain.config.scheduler.policy")).isEqualTo("PRIORITY");
        assertThat(at(answer, "changes.0"))
                .isEqualTo(
                        Map.of("path", "scheduler.policy", "before", "PRIORITY", "after", "FIFO"));
        assertThat(extensions(bench.error(query, Map.of("r", 9))))
                .containsEntry("code", "CONFLICT");
    }

    @Test
    void aCollectionIsAnsweredInMicroseconds() {
        Object answer =
                bench.data(
                        "mutation { collectGarbage(domainId: \"ethical-scoring\") { duration longestPause"
                                + " reclaimed memory { total } } }");
        assertThat(at(answer, "collectGarbage.duration")).isEqualTo(3);
        assertThat(at(answer, "collectGarbage.longestPause")).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void swappingOutAnswersThePoolAndRefusesWhatIsNoNumberOfBytes() {
        String swapOut =
                "mutation($b: BigInt) { swapOut(domainId: \"ethical-scoring\", bytes: $b) {"
                        + " total stall } }";
        assertThat(at(bench.data(swapOut), "swapOut.stall")).isEqualTo(0.25);
        bench.data(swapOut, Map.of("b", "9007199254740993"));
        assertThat(ethics.asked)
                .containsExactly(
                        "swapOut OptionalLong.empty", "swapOut OptionalLong[9007199254740993]");
        assertThat(extensions(bench.error(swapOut, Map.of("b", "9".repeat(30)))))
                .containsEntry("code", "BAD_USER_INPUT")
                .containsEntry("field", "bytes");
    }

    @Test
    void aBackupTellsTheNameOfItsFileAndNoPath() {
        assertThat(
                        at(
                                bench.data(
                                        "mutation { backupStore { file size sha256 takenAt"
                                                + " duration } }"),
                                "backupStore.file"))
                .isEqualTo("store.db");
        assertThat(bench.host.asked).containsExactly("backup maria");
    }

    @Test
    void aPluginIsEjectedAndReinstatedInTheNameOfTheCaller() {
        assertThat(
                        at(
                                bench.data(
                                        "mutation { ejectPlugin(kind: SCHEDULING_POLICY, name: \"EDF\","
                                                + " domainId: \"ethical-scoring\", reason: \"slow\") {"
                                                + " name reason } }"),
                                "ejectPlugin.0.name"))
                .isEqualTo("EDF");
        assertThat(
                        at(
                                bench.data(
                                        "mutation { reinstatePlugin(kind: SCHEDULING_POLICY, name:"
                                                + " \"EDF\") { __typename name state } }"),
                                "reinstatePlugin.__typename"))
                .isEqualTo("SchedulingPolicyInfo");
        assertThat(bench.host.asked)
                .containsExactly(
                        "eject SCHEDULING_POLICY EDF ethical-scoring slow maria",
                        "reinstate SCHEDULING_POLICY EDF maria");
        assertThat(
                        extensions(
                                bench.error(
                                        "mutation { ejectPlugin(kind: ALLOCATOR, domainId:"
                                                + " \"nobody\", reason: \"slow\") { name } }")))
                .containsEntry("code", "NOT_FOUND");
    }
}
