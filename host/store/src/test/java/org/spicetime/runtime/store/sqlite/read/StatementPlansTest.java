// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskStatus;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.store.sqlite.BareStore;
import org.spicetime.runtime.store.sqlite.prune.Housekeeping;

/** Reads the engine's plan of every statement: each finds its rows by an index. */
class StatementPlansTest {

    private static final DomainId DOMAIN = DomainId.of("scoring");
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final TaskId ID = TaskId.of(NOW, new SplittableRandom(1));

    private Connection connection;
    private ReadSession session;

    @BeforeEach
    void makeLayout() throws Exception {
        connection = BareStore.connect(":memory:");
        BareStore.layOut(connection);
        session = new ReadSession(connection);
    }

    @AfterEach
    void close() {
        session.close();
    }

    private List<String> plan(String sql) throws SQLException {
        List<String> steps = new ArrayList<>();
        try (PreparedStatement explain = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql);
                ResultSet rows = explain.executeQuery()) {
            while (rows.next()) {
                steps.add(rows.getString("detail"));
            }
        }
        return steps;
    }

    private void searched(String sql) throws SQLException {
        List<String> steps = plan(sql);
        assertThat(steps).as(sql).isNotEmpty();
        assertThat(steps)
                .as(sql)
                .noneMatch(step ->
                        step.startsWith("SCAN")
                                && !step.contains("subquery")
                                && !step.contains("json_each"));
    }

    private void unsorted(String sql) throws SQLException {
        searched(sql);
        assertThat(plan(sql)).as(sql).noneMatch(step -> step.contains("FOR ORDER BY"));
    }

    @Test
    void everyConstantStatementFindsItsRowsInOrder() throws SQLException {
        for (String sql : ReadStatements.ALL) {
            unsorted(sql);
            assertThat(plan(sql)).as(sql).noneMatch(step -> step.contains("ORDER BY"));
        }
        for (String sql : Housekeeping.statements()) {
            unsorted(sql);
        }
        unsorted(TaskRowReader.BY_ID);
        unsorted(TaskRowReader.BY_SEQ);
    }

    @Test
    void partOfTheRowsIsFoundByTheIndexOfThatPart() throws SQLException {
        uses(ReadStatements.HEAD, "task_ready (domain=? AND rank>?)");
        uses(ReadStatements.DUE, "task_due (domain=?)");
        uses(ReadStatements.HELD, "task_held (domain=? AND seq>?)");
        uses(ReadStatements.DEADLINES, "task_deadline (domain=?");
        uses(ReadStatements.COUNT_READY, "COVERING INDEX task_ready");
        uses(ReadStatements.DEPENDANTS, "dep_on (on_uid=?)");
        uses(ReadStatements.CHANGES, "task_changed (domain=? AND changed_seq>?)");
    }

    private void uses(String sql, String index) throws SQLException {
        assertThat(plan(sql)).as(sql).anyMatch(step -> step.contains(index));
    }

    private static TaskFilter filter(
            List<TaskId> ids,
            List<TaskStatus> status,
            List<TaskPhase> phase,
            @Nullable String search,
            @Nullable Boolean deadLetter,
            List<UUID> schedules) {
        return new TaskFilter(
                ids,
                status,
                phase,
                List.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                null,
                Map.of(),
                search,
                deadLetter,
                schedules,
                OptionalInt.empty());
    }

    private static final TaskFilter EVERYTHING =
            new TaskFilter(
                    List.of(),
                    List.of(TaskStatus.PENDING, TaskStatus.FAILED),
                    List.of(),
                    List.of(TaskType.IO),
                    OptionalInt.of(1),
                    OptionalInt.of(2),
                    NOW,
                    NOW,
                    NOW,
                    NOW,
                    List.of("a", "b"),
                    List.of("c"),
                    "näme",
                    Map.of("x", "y"),
                    "wörd word",
                    null,
                    List.of(),
                    OptionalInt.empty());

    private static final List<TaskFilter> FILTERS =
            List.of(
                    TaskFilter.ALL,
                    EVERYTHING,
                    filter(List.of(ID), List.of(), List.of(), null, null, List.of()),
                    filter(List.of(), List.of(), List.of(), null, null, List.of(new UUID(1, 1))),
                    filter(List.of(), List.of(), List.of(), "word", true, List.of()),
                    filter(List.of(), List.of(), List.of(), null, false, List.of()),
                    filter(
                            List.of(),
                            List.of(TaskStatus.COMPLETED, TaskStatus.FAILED),
                            List.of(),
                            null,
                            null,
                            List.of()),
                    filter(List.of(), List.of(), List.of(TaskPhase.READY), null, null, List.of()),
                    filter(
                            List.of(),
                            List.of(TaskStatus.FAILED),
                            List.of(TaskPhase.READY),
                            null,
                            null,
                            List.of()));

    private static List<TaskOrdering.Part> parts(TaskFilter filter, TaskOrder order, int which) {
        TaskPlace place = new TaskPlace(7, ID);
        return new TaskOrdering(
                        new TaskRange(
                                filter,
                                order,
                                (which & 1) != 0,
                                (which & 2) != 0 ? place : null,
                                (which & 4) != 0 ? place : null,
                                (which & 8) != 0,
                                50))
                .parts(DOMAIN);
    }

    @ParameterizedTest
    @EnumSource(TaskOrder.class)
    void everyListFindsItsRowsByAnIndex(TaskOrder order) throws SQLException {
        for (TaskFilter filter : FILTERS) {
            for (int which = 0; which < 16; which++) {
                for (TaskOrdering.Part part : parts(filter, order, which)) {
                    searched(part.sql());
                }
            }
            TaskWhere where = new TaskWhere(DOMAIN, filter, TaskWhere.STORED);
            if (!where.isNever()) {
                searched(TaskReads.countOf(where));
            }
        }
    }

    @Test
    void aListThatAnIndexKeepsInOrderIsNotSorted() throws SQLException {
        for (int which = 0; which < 16; which++) {
            unsorted(parts(TaskFilter.ALL, TaskOrder.CREATED_AT, which).getFirst().sql());
            unsorted(parts(TaskFilter.ALL, TaskOrder.SCHEDULE, which).getFirst().sql());
            unsorted(parts(TaskFilter.ALL, TaskOrder.UPDATED_AT, which).getFirst().sql());
            String dead = parts(FILTERS.get(4), TaskOrder.UPDATED_AT, which).getFirst().sql();
            unsorted(dead);
            uses(dead, "task_dead");
        }
    }

    @Test
    void aListOfIdsOrOfASchedulesReleasesReadsThoseAlone() throws SQLException {
        for (TaskOrder order : TaskOrder.values()) {
            uses(parts(FILTERS.get(2), order, 0).getFirst().sql(), "(uid=?)");
            uses(parts(FILTERS.get(3), order, 0).getFirst().sql(), "task_release (schedule=?)");
        }
    }
}
