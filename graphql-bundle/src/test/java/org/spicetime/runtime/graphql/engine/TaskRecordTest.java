// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.api.task.AttemptOutcome;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskHistory;
import org.spicetime.runtime.api.task.TaskLogLine;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskTransition;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.api.task.TaskWait;
import org.spicetime.runtime.api.task.WaitReason;

class TaskRecordTest {
    private static final String PAGE =
            "query($orderBy: TaskOrder, $first: Int, $last: Int, $after: String, $filter: TaskFilter)"
                    + " { domain(id: \"ethical-scoring\") { page: tasksConnection(orderBy: $orderBy,"
                    + " first: $first, last: $last, after: $after, filter: $filter) { nodes { id }"
                    + " edges { cursor } totalCount asOf pageInfo { hasNextPage } } } }";

    private final Bench bench = new Bench();
    private final FakeDomain ethics = bench.host.domain("ethical-scoring");

    @AfterEach
    void close() {
        bench.close();
    }

    private Task put(TaskPhase phase) {
        Task task = ethics.task(TaskRequest.of(TaskType.IO).owner("maria").build(), phase);
        ethics.put(task);
        return task;
    }

    @Test
    void aTaskTellsWhatHappenedToIt() {
        Task task = put(TaskPhase.FAILED);
        Task other = put(TaskPhase.RUNNING);
        List<TaskLogLine> log =
                IntStream.range(0, 5)
                        .mapToObj(i ->
                                new TaskLogLine(FakeDomain.CREATED, LogLevel.INFO, "line " + i))
                        .toList();
        ethics.histories.put(
                task.id(),
                new TaskHistory(
                        List.of(
                                new TaskTransition(
                                        FakeDomain.CREATED, TaskPhase.READY, null, "maria", null),
                                new TaskTransition(
                                        FakeDomain.CREATED, TaskPhase.RUNNING, 3, null, "go")),
                        List.of(
                                new TaskAttempt(
                                        1,
                                        FakeDomain.CREATED,
                                        null,
                                        AttemptOutcome.LOST,
                                        null,
                                        new HostRef("host", new UUID(1, 2)),
                                        log,
                                        1L << 40)),
                        List.of(
                                new TaskWait(
                                        WaitReason.DEPENDENCY,
                                        FakeDomain.CREATED,
                                        Duration.ofHours(10),
                                        true,
                                        other.id(),
                                        null))));
        Map<String, ?> told =
                bench.data(
                        "query($id: ID!) { task(id: $id) { events { timestamp phase worker actor"
                                + " message } attempts { number outcome error { code } host { id }"
                                + " log(last: 2) { level message } linesDropped } waits { reason"
                                + " length open blockedBy { id } resource } } }",
                        Map.of("id", task.id().toString()));
        assertThat(at(told, "task.events.0.actor")).isEqualTo("maria");
        assertThat(at(told, "task.events.1.worker")).isEqualTo(3);
        assertThat(at(told, "task.attempts.0.outcome")).isEqualTo("LOST");
        assertThat(at(told, "task.attempts.0.log.0.message")).isEqualTo("line 3");
        assertThat(at(told, "task.attempts.0.linesDropped")).isEqualTo(Integer.MAX_VALUE);
        assertThat(at(told, "task.waits.0.length")).isEqualTo(Integer.MAX_VALUE);
        assertThat(at(told, "task.waits.0.blockedBy.id")).isEqualTo(other.id().toString());
    }

    @Test
    void aTaskWithoutRecordHasEmptyLists() {
        Task task = put(TaskPhase.READY);
        Map<String, ?> told =
                bench.data(
                        "query($id: ID!) { task(id: $id) { events { phase } attempts { number }"
                                + " waits { reason } schedule { id } } }",
                        Map.of("id", task.id().toString()));
        assertThat((List<?>) at(told, "task.events")).isEmpty();
        assertThat(at(told, "task.schedule")).isNull();
    }

    @Test
    void theCallStackIsForAdministrators() {
        Task task = put(TaskPhase.RUNNING);
        String query = "query($id: ID!) { task(id: $id) { stack } }";
        Map<String, @Nullable Object> id = Map.of("id", task.id().toString());
        assertThat(at(bench.data(query, id), "task.stack")).isNull();
        ethics.histories.put(task.id(), new TaskHistory(List.of(), List.of(), List.of()));
        assertThat(at(bench.data(query, id), "task.stack.0"))
                .isEqualTo("vendor.Handler.run(Handler.java:7)");
        Outcome refused = bench.engine.execute(Bench.request(query, id, Role.OPERATOR));
        Map<String, ?> response =
                ((Outcome.Executed) refused)
                        .response()
                        .toCompletableFuture()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join()
                        .map();
        assertThat(extensions(Bench.first(Objects.requireNonNull(response.get("errors")))))
                .containsEntry("code", "FORBIDDEN");
    }

    @Test
    void moreLogThanIsKeptIsRefused() {
        Task task = put(TaskPhase.READY);
        ethics.histories.put(
                task.id(),
                new TaskHistory(
                        List.of(),
                        List.of(
                                new TaskAttempt(
                                        1,
                                        FakeDomain.CREATED,
                                        null,
                                        null,
                                        null,
                                        new HostRef("host", new UUID(1, 2)),
                                        List.of(),
                                        0)),
                        List.of()));
        assertThat(
                        extensions(
                                bench.error(
                                        "query($id: ID!) { task(id: $id) { attempts { log(last: -1)"
                                                + " { message } } } }",
                                        Map.of("id", task.id().toString()))))
                .containsEntry("field", "last");
    }

    @Test
    void aPageIsAskedForInItsOrderAndTellsWhereChangesGoOn() {
        Task task = put(TaskPhase.READY);
        Map<String, ?> page = bench.data(PAGE, Map.of());
        TaskPageRequest asked = ethics.pages.getLast();
        assertThat(asked.order()).isEqualTo(TaskOrder.SCHEDULE);
        assertThat(asked.limit()).isEqualTo(50);
        assertThat(asked.fromEnd()).isFalse();
        assertThat(at(page, "domain.page.nodes.0.id")).isEqualTo(task.id().toString());
        assertThat(at(page, "domain.page.edges.0.cursor")).isEqualTo("cursor of " + task.id());
        assertThat(at(page, "domain.page.asOf")).isEqualTo("as-of");

        bench.data(
                PAGE,
                Map.of(
                        "last",
                        7,
                        "after",
                        "c",
                        "orderBy",
                        Map.of("field", "DEADLINE", "direction", "DESC"),
                        "filter",
                        Map.of(
                                "search",
                                "red blue",
                                "deadLetter",
                                false,
                                "scheduleIds",
                                List.of("schedule:" + new UUID(4, 5)))));
        asked = ethics.pages.getLast();
        assertThat(asked.order()).isEqualTo(TaskOrder.DEADLINE);
        assertThat(asked.descending()).isTrue();
        assertThat(asked.limit()).isEqualTo(7);
        assertThat(asked.fromEnd()).isTrue();
        assertThat(asked.after()).isEqualTo("c");
        assertThat(asked.filter().search()).isEqualTo("red blue");
        assertThat(asked.filter().deadLetter()).isFalse();
        assertThat(asked.filter().scheduleIds()).containsExactly(new UUID(4, 5));
    }

    @Test
    void aFilterThatNothingMatchesHasAnEmptyPageAndStillACursor() {
        put(TaskPhase.READY);
        Map<String, ?> page =
                bench.data(PAGE, Map.of("filter", Map.of("scheduleIds", List.of("no schedule"))));
        assertThat((List<?>) at(page, "domain.page.nodes")).isEmpty();
        assertThat(at(page, "domain.page.totalCount")).isEqualTo(0);
        assertThat(at(page, "domain.page.asOf")).isEqualTo("as-of");
    }

    @Test
    void manyTasksAreChangedAtOnceOrCounted() {
        put(TaskPhase.FAILED);
        Map<String, ?> answer =
                bench.data(
                        "mutation { a: cancelTasks(domainId: \"ethical-scoring\", filter: {owner:"
                                + " [\"maria\"]}, reason: \"late\", dryRun: true) { matched changed"
                                + " more } b: retryTasks(domainId: \"ethical-scoring\", filter:"
                                + " {deadLetter: true}, cascade: true) { changed } c:"
                                + " purgeTasks(domainId: \"ethical-scoring\", filter: {status:"
                                + " [FAILED]}) { changed } d: cancelTasks(domainId:"
                                + " \"ethical-scoring\", filter: {ids: []}) { matched } }");
        assertThat(at(answer, "a.matched")).isEqualTo(1);
        assertThat(at(answer, "a.changed")).isEqualTo(0);
        assertThat(at(answer, "b.changed")).isEqualTo(1);
        assertThat(at(answer, "d.matched")).isEqualTo(0);
        assertThat(ethics.asked)
                .containsExactly("cancelAll late true", "retryAll true false", "purgeAll false");
        assertThat(ethics.callers).extracting("actor").containsOnly("maria");
    }
}
