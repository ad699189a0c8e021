// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ScheduleAnalysis;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.OverlapPolicy;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.schedule.ScheduleUpdate;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

class ScheduleTest {
    private static final String CREATE =
            "mutation($input: ScheduleInput!) { createSchedule(input: $input) { id name period task"
                    + " overlap misfire owner nextReleases(first: 2) domain { id } lastTask { id } }"
                    + " }";

    private final Bench bench = new Bench();
    private final FakeDomain ethics = bench.host.domain("ethical-scoring");

    @AfterEach
    void close() {
        bench.close();
    }

    private static Map<String, @Nullable Object> input(Map<String, Object> more) {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("domainId", "ethical-scoring");
        task.put("type", "IO");
        task.put("memory", 4096);
        task.put("payload", Map.of("n", 1));
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("name", "nightly");
        input.put("task", task);
        input.put("period", 60_000);
        for (Map.Entry<String, Object> one : more.entrySet()) {
            if (one.getKey().startsWith("task.")) {
                task.put(one.getKey().substring(5), one.getValue());
            } else {
                input.put(one.getKey(), one.getValue());
            }
        }
        return Map.of("input", input);
    }

    private String created() {
        return String.valueOf(at(bench.data(CREATE, input(Map.of())), "createSchedule.id"));
    }

    @Test
    void aScheduleIsCreatedWithItsDefaultsAndToldAsItWasSent() {
        Object answer = at(bench.data(CREATE, input(Map.of())), "createSchedule");
        ScheduleRequest asked = ethics.scheduleRequests.getFirst();
        assertThat(asked.recurrence()).isEqualTo(Recurrence.every(Duration.ofMinutes(1)));
        assertThat(asked.overlap()).isEqualTo(OverlapPolicy.SKIP);
        assertThat(asked.misfire()).isEqualTo(MisfirePolicy.RUN_ONCE);
        assertThat(asked.task().owner()).isEqualTo("maria");
        assertThat(asked.task().memory()).hasValue(4096);
        assertThat(String.valueOf(at(answer, "id"))).startsWith("schedule:");
        assertThat(at(answer, "period")).isEqualTo(60_000);
        assertThat(at(answer, "task.type")).isEqualTo("IO");
        assertThat(at(answer, "task.domainId")).isEqualTo("ethical-scoring");
        assertThat(at(answer, "task.payload.n")).isEqualTo(1);
        assertThat(at(answer, "domain.id")).isEqualTo("ethical-scoring");
        assertThat(at(answer, "lastTask")).isNull();
        assertThat((List<?>) at(answer, "nextReleases")).hasSize(2);
    }

    @Test
    void whatAScheduleDecidesItselfIsRefusedInItsTask() {
        Map<String, Object> wrong = new LinkedHashMap<>();
        wrong.put("task.deadline", "2030-01-01T00:00:00Z");
        wrong.put("task.relativeDeadline", 5);
        wrong.put("task.runAt", "2030-01-01T00:00:00Z");
        wrong.put("task.period", 5);
        wrong.put("task.idempotencyKey", "k");
        wrong.put("task.memory", 0);
        wrong.put("name", " ");
        wrong.put("period", 0);
        wrong.put("relativeDeadline", -1);
        wrong.forEach((field, value) -> {
            Map<String, Object> error = bench.error(CREATE, input(Map.of(field, value)));
            assertThat(extensions(error))
                    .as(field)
                    .containsEntry("code", "BAD_USER_INPUT")
                    .containsEntry("field", field);
        });
        Map<String, @Nullable Object> without = input(Map.of());
        ((Map<?, ?>) Objects.requireNonNull(without.get("input"))).remove("period");
        assertThat(extensions(bench.error(CREATE, without))).containsEntry("field", "period");
        assertThat(ethics.scheduleRequests).isEmpty();
    }

    @Test
    void aScheduleIsChangedPausedResumedAndDeletedByItsId() {
        String id = created();
        bench.data(
                "mutation($id: ID!) { updateSchedule(scheduleId: $id, expectedRevision: 7, input:"
                        + " {period: 5, overlap: QUEUE}) { revision } pauseSchedule(scheduleId: $id)"
                        + " { paused } resumeSchedule(scheduleId: $id) { paused }"
                        + " deleteSchedule(scheduleId: $id) { name } }",
                Map.of("id", id));
        ScheduleUpdate update = ethics.scheduleUpdates.getFirst();
        assertThat(update.period()).isEqualTo(Duration.ofMillis(5));
        assertThat(update.overlap()).isEqualTo(OverlapPolicy.QUEUE);
        assertThat(update.name()).isNull();
        assertThat(update.misfire()).isNull();
        assertThat(update.changedBy()).isEqualTo("maria");
        assertThat(ethics.asked)
                .containsExactly(
                        "update revision 7",
                        "pause by maria",
                        "resume by maria",
                        "delete by maria");
    }

    @Test
    void aScheduleStaysInItsDomain() {
        Map<String, Object> error =
                bench.error(
                        "mutation($id: ID!) { updateSchedule(scheduleId: $id, input: {task:"
                                + " {domainId: \"content-processing\", type: IO}}) { id } }",
                        Map.of("id", created()));
        assertThat(extensions(error)).containsEntry("field", "task.domainId");
    }

    @Test
    void anIdThatNoScheduleHasIsNotFound() {
        for (String id :
                List.of(
                        "",
                        "nightly",
                        "schedule:",
                        "schedule:x",
                        "schedule:" + new java.util.UUID(1, 1))) {
            assertThat(
                            extensions(
                                    bench.error(
                                            "mutation($id: ID!) { pauseSchedule(scheduleId: $id) {"
                                                    + " id } }",
                                            Map.of("id", id))))
                    .as(id)
                    .containsEntry("code", "NOT_FOUND");
        }
    }

    @Test
    void schedulesAreListedAndFoundAsNodes() {
        String id = created();
        Map<String, ?> all =
                bench.data(
                        "query($id: ID!) { schedules { id } domain(id: \"ethical-scoring\") {"
                                + " schedules { name } } node(id: $id) { id __typename } other:"
                                + " schedules(domainId: \"content-processing\") { id } }",
                        Map.of("id", id));
        assertThat(at(all, "schedules.0.id")).isEqualTo(id);
        assertThat(at(all, "domain.schedules.0.name")).isEqualTo("nightly");
        assertThat(at(all, "node.__typename")).isEqualTo("Schedule");
        assertThat((List<?>) at(all, "other")).isEmpty();
    }

    @Test
    void theAnalysisTellsWhatIsGuaranteedAndShowsEachScheduleByItsLastRelease() {
        TaskId known =
                ethics.schedule(TaskRequest.of(TaskType.IO).build())
                        .toCompletableFuture()
                        .join()
                        .id();
        ethics.analysis =
                new ScheduleAnalysis(
                        "RATE_MONOTONIC",
                        false,
                        0.9914,
                        0.8284,
                        List.of(
                                time(known, Duration.ofNanos(118_500_000), false),
                                time(known, null, false),
                                time(null, Duration.ofMillis(3), true)),
                        "late");
        Object analysis =
                at(
                        bench.data(
                                "{ domain(id: \"ethical-scoring\") { analysis { schedulable utilization"
                                        + " bound responseTimes { task { id } worstCase meetsDeadline } } } }"),
                        "domain.analysis");
        assertThat(at(analysis, "schedulable")).isEqualTo(false);
        assertThat(at(analysis, "utilization")).isEqualTo(0.9914);
        assertThat(at(analysis, "bound")).isEqualTo(0.8284);
        assertThat((List<?>) at(analysis, "responseTimes")).hasSize(2);
        assertThat(at(analysis, "responseTimes.0.task.id")).isEqualTo(known.toString());
        assertThat(at(analysis, "responseTimes.0.worstCase")).isEqualTo(118.5);
        assertThat(at(analysis, "responseTimes.1.worstCase")).isNull();
    }

    private static ScheduleAnalysis.ResponseTime time(
            @Nullable TaskId task, @Nullable Duration worst, boolean meets) {
        return new ScheduleAnalysis.ResponseTime(UUID.randomUUID(), task, worst, meets);
    }

    @Test
    void anAnalysisIsDearSoAFewFitIntoARequest() {
        String many =
                IntStream.range(0, 20)
                        .mapToObj(i -> "a" + i + ": analysis { schedulable }")
                        .collect(Collectors.joining(" "));
        assertThat(
                        extensions(
                                bench.refused(
                                        "{ domain(id: \"ethical-scoring\") { " + many + " } }")))
                .containsEntry("code", "QUERY_TOO_COMPLEX");
    }

    @Test
    void aPeriodShorterThanTheRunTimeIsRefused() {
        assertThat(
                        extensions(
                                bench.error(
                                        CREATE,
                                        input(
                                                Map.of(
                                                        "period",
                                                        10,
                                                        "task.estimatedDuration",
                                                        10.5)))))
                .containsEntry("code", "BAD_USER_INPUT")
                .containsEntry("field", "period");
        assertThat(ethics.scheduleRequests).isEmpty();
    }
}
