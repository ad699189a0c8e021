// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.read;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.store.sqlite.row.Codes;
import org.spicetime.runtime.store.sqlite.row.Micros;

/**
 * The conditions of a filter as SQL. Phases become numbers in the text, because an index of part of
 * the rows is used only by a statement that repeats its condition; all else is a parameter. Used by
 * one thread.
 */
final class TaskWhere {

    /** No text that is searched is longer; the engine refuses patterns that are much longer. */
    private static final int LONGEST_TEXT = 8192;

    /** Phases of finished tasks. */
    static final Set<TaskPhase> FINAL =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            TaskPhase.COMPLETED,
                            TaskPhase.FAILED,
                            TaskPhase.TIMED_OUT,
                            TaskPhase.CANCELLED));

    /** Phase of tasks that wait for nothing but their turn. */
    static final Set<TaskPhase> READY = Collections.unmodifiableSet(EnumSet.of(TaskPhase.READY));

    /** Phases of all others. */
    static final Set<TaskPhase> HELD =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            TaskPhase.SCHEDULED,
                            TaskPhase.RETRY_WAIT,
                            TaskPhase.WAITING_DEPENDENCY,
                            TaskPhase.SUSPENDED,
                            TaskPhase.RUNNING,
                            TaskPhase.CANCELLING));

    /** All phases; PREEMPTED and WAITING_RESOURCE are stored as what they come from. */
    static final Set<TaskPhase> STORED;

    private static final Set<TaskPhase> DEAD =
            Collections.unmodifiableSet(EnumSet.of(TaskPhase.FAILED, TaskPhase.TIMED_OUT));

    static {
        EnumSet<TaskPhase> all = EnumSet.copyOf(FINAL);
        all.addAll(READY);
        all.addAll(HELD);
        STORED = Collections.unmodifiableSet(all);
    }

    private final StringBuilder text = new StringBuilder("domain = ?");
    private final List<Object> values = new ArrayList<>();
    private final boolean few;
    private @Nullable String index;
    private boolean never;

    /** The tasks of a domain that meet a filter. */
    TaskWhere(DomainId domain, TaskFilter filter, Set<TaskPhase> among) {
        values.add(domain.value());
        few = !filter.ids().isEmpty() || !filter.scheduleIds().isEmpty();
        phases(filter, among);
        anyOf("uid", filter.ids(), Micros::bytes);
        anyOf("type", filter.type(), Codes.TYPE::of);
        anyOf("handler", filter.handler(), name -> name);
        anyOf("owner", filter.owner(), name -> name);
        anyOf("schedule", filter.scheduleIds(), Micros::bytes);
        filter.minPriority().ifPresent(least -> and("priority >= ?", least));
        filter.maxPriority().ifPresent(most -> and("priority <= ?", most));
        instant("deadline < ?", filter.deadlineBefore());
        instant("deadline > ?", filter.deadlineAfter());
        instant("created >= ?", filter.createdAfter());
        instant("created < ?", filter.createdBefore());
        if (filter.nameContains() != null) {
            contains(List.of("name"), filter.nameContains());
        }
        for (Map.Entry<String, String> label : filter.labels().entrySet()) {
            and(
                    "labels IS NOT NULL AND EXISTS"
                            + " (SELECT 1 FROM json_each(labels) WHERE key = ? AND value = ?)",
                    label.getKey(),
                    label.getValue());
        }
        if (filter.search() != null) {
            Arrays.stream(filter.search().split("\\s+"))
                    .filter(word -> !word.isEmpty())
                    .forEach(this::found);
        }
    }

    private void phases(TaskFilter filter, Set<TaskPhase> among) {
        EnumSet<TaskPhase> left = EnumSet.copyOf(among);
        left.removeIf(phase ->
                !filter.status().isEmpty() && !filter.status().contains(phase.status())
                        || !filter.phase().isEmpty() && !filter.phase().contains(phase)
                        || filter.deadLetter() != null
                                && filter.deadLetter() != DEAD.contains(phase));
        never = left.isEmpty();
        if (never || left.equals(STORED)) {
            return;
        }
        Set<TaskPhase> said = Set.of();
        if (DEAD.containsAll(left)) {
            text.append(" AND phase IN (11, 12)");
            index = "task_dead";
            said = DEAD;
        } else if (FINAL.containsAll(left)) {
            text.append(" AND phase >= 10");
            said = FINAL;
        } else if (among.equals(HELD)) {
            text.append(" AND phase BETWEEN 1 AND 6");
            index = "task_held";
            said = HELD;
        } else if (among.equals(READY)) {
            index = "task_ready";
        }
        if (!left.equals(said)) {
            String numbers =
                    left.stream()
                            .map(Codes.PHASE::of)
                            .sorted()
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
            text.append(
                    left.size() == 1
                            ? " AND phase = " + numbers
                            : " AND phase IN (" + numbers + ")");
        }
    }

    private void and(String condition, Object... parameters) {
        text.append(" AND ").append(condition);
        values.addAll(Arrays.asList(parameters));
    }

    private void instant(String condition, @Nullable Instant instant) {
        if (instant != null) {
            and(condition, TaskPlace.micros(instant));
        }
    }

    private <T> void anyOf(String column, Collection<T> allowed, Function<T, Object> code) {
        if (!allowed.isEmpty()) {
            and(
                    column
                            + " IN ("
                            + String.join(", ", Collections.nCopies(allowed.size(), "?"))
                            + ")",
                    allowed.stream().map(code).toArray());
        }
    }

    /* The engine's LIKE ignores the case of ASCII letters alone, and is far quicker than a call. */
    private static boolean isAscii(String word) {
        return word.chars().allMatch(c -> c < 128);
    }

    private void contains(List<String> columns, String word) {
        if (word.length() > LONGEST_TEXT) {
            never = true;
            return;
        }
        and(
                columns.stream()
                        .map(column -> contains(column, word))
                        .collect(Collectors.joining(" OR ", "(", ")")));
        columns.forEach(column -> values.add(pattern(word)));
    }

    private static String contains(String column, String word) {
        return isAscii(word)
                ? column + " LIKE ? ESCAPE '\\'"
                : "(" + strange(column) + " AND instr(fold(" + column + "), ?) > 0)";
    }

    /* Other letters can only be found in a text that has some. */
    private static String strange(String column) {
        return column + " GLOB '*[^ -~]*'";
    }

    private static String pattern(String word) {
        return isAscii(word)
                ? "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
                : word.toLowerCase(Locale.ROOT);
    }

    /* JSON is read only where its text holds the word, if the word is the same in JSON. */
    private void found(String word) {
        if (word.length() > LONGEST_TEXT) {
            never = true;
            return;
        }
        boolean plain = isAscii(word) && word.indexOf('"') < 0 && word.indexOf('\\') < 0;
        List<String> columns = new ArrayList<>();
        for (String column : List.of("handler", "name", "idem_key")) {
            columns.add(contains(column, word));
        }
        columns.add(rough("error", plain, word) + contains("error ->> '$.message'", word));
        columns.add(
                rough("labels", plain, word)
                        + "EXISTS (SELECT 1 FROM json_each(labels) WHERE "
                        + contains("key", word)
                        + " OR "
                        + contains("value", word)
                        + ")");
        and("((" + String.join(") OR (", columns) + "))");
        for (int i = 0; i < columns.size() + 1 + (plain ? 2 : 0); i++) {
            values.add(pattern(word));
        }
    }

    private static String rough(String column, boolean plain, String word) {
        if (plain) {
            return contains(column, word) + " AND ";
        }
        return column + " IS NOT NULL AND " + (isAscii(word) ? "" : strange(column) + " AND ");
    }

    /** Only tasks behind or before a place. */
    void place(String key, boolean greater, TaskPlace place) {
        and(
                "(" + key + ", uid) " + (greater ? ">" : "<") + " (?, ?)",
                place.key(),
                Micros.bytes(place.task()));
    }

    /** Only tasks behind or before a place by rank; one that is gone is behind all of its rank. */
    void rank(boolean greater, TaskPlace place) {
        and(
                "(rank, seq) "
                        + (greater ? ">" : "<")
                        + " (?, ifnull((SELECT seq FROM task WHERE uid = ?), "
                        + Long.MAX_VALUE
                        + "))",
                place.key(),
                Micros.bytes(place.task()));
    }

    /** Whether no task can meet the filter, so that nothing need be asked. */
    boolean isNever() {
        return never;
    }

    /** Whether an index of ids or schedules leaves so few that no order is worth an index. */
    boolean leavesFew() {
        return few;
    }

    /**
     * What follows the name of the table. The engine counts no rows, so it takes an index of few of
     * them for no better than one of all.
     */
    String index() {
        return index == null || few ? "" : " INDEXED BY " + index;
    }

    /** The conditions, joined. */
    String text() {
        return text.toString();
    }

    /** Sets the parameters, in their order, from the first on. */
    int bind(PreparedStatement statement) throws SQLException {
        int index = 0;
        for (Object value : values) {
            statement.setObject(++index, value);
        }
        return index;
    }
}
