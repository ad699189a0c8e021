// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

class QueryTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private Task task(TaskRequest.Builder request, TaskPhase phase) {
        FakeDomain domain = bench.host.domain("ethical-scoring");
        Task task = domain.task(request.build(), phase);
        domain.put(task);
        return task;
    }

    @Test
    void everyFieldThatIsServedHasAnAnswer() {
        task(TaskRequest.of(TaskType.IO).deadline(FakeDomain.CREATED), TaskPhase.COMPLETED);
        for (String query : EveryField.queries(bench.generations.current().schema(), bench.host)) {
            assertThat(bench.response(query, Map.of())).as(query).doesNotContainKey("errors");
        }
    }

    @Test
    void domainsAreOrderedByIdAndFiltered() {
        assertThat(at(bench.data("{ domains { id } }"), "domains"))
                .isEqualTo(
                        List.of(
                                Map.of("id", "content-processing"),
                                Map.of("id", "ethical-scoring")));
        assertThat(
                        at(
                                bench.data("{ domains(filter: {nameContains: \"ETHIC\"}) { id } }"),
                                "domains"))
                .isEqualTo(List.of(Map.of("id", "ethical-scoring")));
        assertThat(at(bench.data("{ domains(filter: {ids: []}) { id } }"), "domains"))
                .isEqualTo(List.of());
        assertThat(
                        at(
                                bench.data(
                                        "{ domains(filter: {labels: {team: \"none\"}}) { id } }"),
                                "domains"))
                .isEqualTo(List.of());
    }

    @Test
    void anUnknownDomainIsNotFoundAndEmptiesTheAnswer() {
        Map<String, ?> response = bench.response("{ domain(id: \"nobody\") { id } }", Map.of());
        assertThat(response).containsEntry("data", null);
        Map<String, Object> error = Bench.first(response.get("errors"));
        assertThat(error).containsEntry("path", List.of("domain"));
        assertThat(extensions(error))
                .containsEntry("code", "NOT_FOUND")
                .containsEntry("classification", "REQUEST")
                .containsEntry("requestId", "r-1");
        assertThat(bench.data("{ findDomain(id: \"nobody\") { id } findTask(id: \"x\") { id } }"))
                .containsEntry("findDomain", null)
                .containsEntry("findTask", null);
    }

    @Test
    void aTaskThatHasNotStartedTellsItsAdmissionAndTheTruthBeside() {
        task(TaskRequest.of(TaskType.IO), TaskPhase.READY);
        Object metrics =
                at(
                        bench.data(
                                "{ tasks(domainId: \"ethical-scoring\") { dependencies { taskId } metrics {"
                                        + " startTime started startedAt duration ioOperations ioCount"
                                        + " heapAllocated cpuTime cpuTimeNanos } } }"),
                        "tasks.0");
        assertThat(at(metrics, "dependencies")).isEqualTo(List.of());
        assertThat(at(metrics, "metrics.startTime")).isEqualTo("2026-01-31T12:00:00.000Z");
        assertThat(at(metrics, "metrics.started")).isEqualTo(false);
        assertThat(at(metrics, "metrics.startedAt")).isNull();
        assertThat(at(metrics, "metrics.duration")).isNull();
        assertThat(at(metrics, "metrics.ioOperations")).isEqualTo(0);
        assertThat(at(metrics, "metrics.ioCount")).isNull();
        assertThat(at(metrics, "metrics.heapAllocated")).isNull();
        assertThat(at(metrics, "metrics.cpuTime")).isEqualTo(7);
        assertThat(at(metrics, "metrics.cpuTimeNanos")).isEqualTo(7_654_321L);
    }

    @Test
    void whatNoSensorTellsIsZeroForTheApiDocumentAndNullBeside() {
        Object cpu =
                at(
                        bench.data(
                                "{ resourceUsage(domainId: \"ethical-scoring\") { cpu { usage utilization"
                                        + " temperature temperatureCelsius frequency frequencyMegahertz }"
                                        + " network { latency roundTripTime bandwidth bandwidthLimit }"
                                        + " storage { total iops } } }"),
                        "resourceUsage");
        assertThat(at(cpu, "cpu.usage")).isEqualTo(0.0);
        assertThat(at(cpu, "cpu.utilization")).isNull();
        assertThat(at(cpu, "cpu.temperature")).isEqualTo(0.0);
        assertThat(at(cpu, "cpu.temperatureCelsius")).isNull();
        assertThat(at(cpu, "cpu.frequency")).isEqualTo(0);
        assertThat(at(cpu, "cpu.frequencyMegahertz")).isNull();
        assertThat(at(cpu, "network.latency")).isEqualTo(0);
        assertThat(at(cpu, "network.roundTripTime")).isNull();
        assertThat(at(cpu, "network.bandwidth")).isEqualTo(0.0);
        assertThat(at(cpu, "network.bandwidthLimit")).isNull();
        assertThat(at(cpu, "storage.total")).isNull();
    }

    @Test
    void spansSaturateSlicesRoundUpAndLargeCountsAreStrings() {
        FakeDomain domain = bench.host.domain("ethical-scoring");
        domain.configured(Samples.config("FIFO", Duration.ofNanos(1_500_000)), "FIFO");
        Object answer =
                at(
                        bench.data(
                                "{ domain(id: \"ethical-scoring\") { metrics { uptime tasksScheduled"
                                        + " schedulingLatency { count p99 } } config { scheduler {"
                                        + " quantum quantumMicros } executor { workStealing"
                                        + " effectiveWorkStealing effectiveBatchSize } } } }"),
                        "domain");
        assertThat(at(answer, "metrics.uptime")).isEqualTo(Integer.MAX_VALUE);
        assertThat(at(answer, "metrics.tasksScheduled")).isEqualTo("9007199254740993");
        assertThat(at(answer, "metrics.schedulingLatency.count")).isEqualTo(0L);
        assertThat(at(answer, "metrics.schedulingLatency.p99")).isNull();
        assertThat(at(answer, "config.scheduler.quantum")).isEqualTo(2);
        assertThat(at(answer, "config.scheduler.quantumMicros")).isEqualTo(1500);
        assertThat(at(answer, "config.executor.workStealing")).isEqualTo(true);
        assertThat(at(answer, "config.executor.effectiveWorkStealing")).isEqualTo(false);
        assertThat(at(answer, "config.executor.effectiveBatchSize")).isEqualTo(1);

        bench.host.policies.add(FakeHost.policy("ACME_RELAXED", Ordering.RELAXED));
        bench.generations.refresh();
        domain.configured(Samples.config("ACME_RELAXED", Duration.ZERO), "ACME_RELAXED");
        Object relaxed =
                bench.data(
                        "{ domain(id: \"ethical-scoring\") { config { scheduler { activePolicy }"
                                + " executor { effectiveBatchSize } } } }");
        assertThat(at(relaxed, "domain.config.scheduler.activePolicy")).isEqualTo("ACME_RELAXED");
        assertThat(at(relaxed, "domain.config.executor.effectiveBatchSize")).isEqualTo(8);
    }

    @Test
    void payloadsAreJsonOrElseBase64() {
        task(
                TaskRequest.of(TaskType.IO)
                        .name("json")
                        .payload(Payload.json("{\"a\":[1,2.5,null]}")),
                TaskPhase.READY);
        task(
                TaskRequest.of(TaskType.IO)
                        .name("bytes")
                        .payload(new Payload(new byte[] {1, 2, 3}, "application/octet-stream")),
                TaskPhase.READY);
        task(
                TaskRequest.of(TaskType.IO).name("broken").payload(Payload.json("{oops")),
                TaskPhase.READY);
        Object tasks = bench.data("{ tasks(domainId: \"ethical-scoring\") { payload result } }");
        assertThat(at(tasks, "tasks.0.payload")).hasToString("{a=[1, 2.5, null]}");
        assertThat(at(tasks, "tasks.0.result")).isNull();
        assertThat(at(tasks, "tasks.1.payload")).isEqualTo("AQID");
        assertThat(at(tasks, "tasks.2.payload")).isEqualTo("e29vcHM=");
    }

    @Test
    void tasksOfNoStateAndOfForeignIdsAreNone() {
        task(TaskRequest.of(TaskType.IO), TaskPhase.READY);
        String query =
                "query($f: TaskFilter) { tasks(domainId: \"ethical-scoring\", filter: $f) { id } }";
        for (Map<String, Object> filter :
                List.<Map<String, Object>>of(
                        Map.of("ids", List.of("not-a-task")),
                        Map.of("ids", List.of()),
                        Map.of("status", List.of()))) {
            assertThat(bench.data(query, Map.of("f", filter)))
                    .as("%s", filter)
                    .containsEntry("tasks", List.of());
        }
        assertThat(extensions(bench.error(query, Map.of("f", Map.of("limit", 0)))))
                .containsEntry("code", "BAD_USER_INPUT")
                .containsEntry("field", "filter.limit");
    }

    @Test
    void nodesAreFoundByTheKindOfTheirId() {
        Task task = task(TaskRequest.of(TaskType.IO), TaskPhase.READY);
        Object nodes =
                bench.data(
                        "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }",
                        Map.of("ids", List.of(task.id().toString(), "ethical-scoring", "nobody")));
        assertThat(at(nodes, "nodes.0.__typename")).isEqualTo("Task");
        assertThat(at(nodes, "nodes.1.__typename")).isEqualTo("DomainRuntime");
        assertThat(at(nodes, "nodes.2")).isNull();
    }

    @Test
    void aDefectIsToldByItsIncidentAlone() {
        bench.host.domain("ethical-scoring").defect =
                new IllegalStateException("secret detail of org.example.Internals");
        Map<String, Object> error =
                bench.error("{ resourceUsage(domainId: \"ethical-scoring\") { cpu { load } } }");
        assertThat(extensions(error))
                .containsEntry("code", "INTERNAL_SERVER_ERROR")
                .containsEntry("classification", "INTERNAL")
                .containsKey("incident");
        assertThat(error.toString()).doesNotContain("secret", "Internals", "Exception");
    }

    @Test
    void anErrorOfTheMachineIsADefectOfItsFieldAndInTheLog() {
        Logger logger = (Logger) LoggerFactory.getLogger(FetchFailures.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            for (Error planted :
                    List.of(new StackOverflowError(), new OutOfMemoryError("a secret"))) {
                bench.host.domain("ethical-scoring").defect = planted;
                Map<String, ?> response =
                        bench.response(
                                "{ a: findDomain(id: \"content-processing\") { id }"
                                        + " b: findDomain(id: \"ethical-scoring\") { resources { cpu { load } } } }",
                                Map.of());
                assertThat(at(response, "data.a.id")).isEqualTo("content-processing");
                assertThat(at(response, "errors.0.extensions.code"))
                        .isEqualTo("INTERNAL_SERVER_ERROR");
                assertThat(response.toString()).doesNotContain("secret", "Error:");
                ILoggingEvent told = log.list.getLast();
                assertThat(told.getFormattedMessage())
                        .contains(String.valueOf(at(response, "errors.0.extensions.incident")));
                assertThat(told.getThrowableProxy().getClassName())
                        .isEqualTo(planted.getClass().getName());
            }
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void whatIsReadyIsKeptWhenAnotherFieldFails() {
        bench.host.domain("ethical-scoring").defect = new IllegalStateException("no");
        Map<String, ?> response =
                bench.response(
                        "{ a: findDomain(id: \"content-processing\") { id }"
                                + " b: findDomain(id: \"ethical-scoring\") { resources { cpu { load } } } }",
                        Map.of());
        assertThat(at(response, "data.a.id")).isEqualTo("content-processing");
        assertThat(at(response, "data.b")).isNull();
        assertThat(at(response, "errors.0.path")).isEqualTo(List.of("b", "resources"));
    }
}
