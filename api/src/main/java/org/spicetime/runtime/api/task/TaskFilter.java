// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/**
 * Conditions on tasks, all of which must hold; an empty list or null is no condition. Immutable.
 *
 * @param ids the id is one of these
 * @param status the status is one of these
 * @param phase the phase is one of these
 * @param type the type is one of these
 * @param minPriority the base priority is at least this
 * @param maxPriority the base priority is at most this
 * @param deadlineBefore the deadline is before this; tasks without one do not match
 * @param deadlineAfter the deadline is after this; tasks without one do not match
 * @param createdAfter admitted at or after this
 * @param createdBefore admitted before this
 * @param handler the handler is one of these
 * @param owner scheduled by one of these
 * @param nameContains the name contains this, ignoring case
 * @param labels the labels contain all of these members
 * @param search each word of this occurs in name, handler, labels, idempotency key or error,
 *     ignoring case
 * @param deadLetter true: only those that are FAILED or TIMED_OUT with no attempt left; false: only
 *     others; null: both
 * @param scheduleIds a release of one of these schedules
 * @param limit at most this many, 1 or more, in scheduling order; absent: the host's limit
 */
public record TaskFilter(
        List<TaskId> ids,
        List<TaskStatus> status,
        List<TaskPhase> phase,
        List<TaskType> type,
        OptionalInt minPriority,
        OptionalInt maxPriority,
        @Nullable Instant deadlineBefore,
        @Nullable Instant deadlineAfter,
        @Nullable Instant createdAfter,
        @Nullable Instant createdBefore,
        List<String> handler,
        List<String> owner,
        @Nullable String nameContains,
        Map<String, String> labels,
        @Nullable String search,
        @Nullable Boolean deadLetter,
        List<UUID> scheduleIds,
        OptionalInt limit) {
    /** No condition. */
    public static final TaskFilter ALL =
            new TaskFilter(
                    List.of(),
                    List.of(),
                    List.of(),
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
                    null,
                    null,
                    List.of(),
                    OptionalInt.empty());

    public TaskFilter {
        ids = List.copyOf(ids);
        status = List.copyOf(status);
        phase = List.copyOf(phase);
        type = List.copyOf(type);
        handler = List.copyOf(handler);
        owner = List.copyOf(owner);
        labels = Map.copyOf(labels);
        scheduleIds = List.copyOf(scheduleIds);
        if (limit.isPresent() && limit.getAsInt() < 1)
            throw new IllegalArgumentException("limit must be 1 or more, was " + limit.getAsInt());
    }

    /**
     * The same with another condition.
     *
     * @param anyOf the status is one of these; none: any
     * @return a copy
     */
    public TaskFilter withStatus(List<TaskStatus> anyOf) {
        return new TaskFilter(
                ids,
                anyOf,
                phase,
                type,
                minPriority,
                maxPriority,
                deadlineBefore,
                deadlineAfter,
                createdAfter,
                createdBefore,
                handler,
                owner,
                nameContains,
                labels,
                search,
                deadLetter,
                scheduleIds,
                limit);
    }

    /**
     * The same with another condition.
     *
     * @param anyOf the phase is one of these; none: any
     * @return a copy
     */
    public TaskFilter withPhase(List<TaskPhase> anyOf) {
        return new TaskFilter(
                ids,
                status,
                anyOf,
                type,
                minPriority,
                maxPriority,
                deadlineBefore,
                deadlineAfter,
                createdAfter,
                createdBefore,
                handler,
                owner,
                nameContains,
                labels,
                search,
                deadLetter,
                scheduleIds,
                limit);
    }

    /**
     * The same with another condition.
     *
     * @param most at most this many, 1 or more
     * @return a copy
     */
    public TaskFilter withLimit(int most) {
        return new TaskFilter(
                ids,
                status,
                phase,
                type,
                minPriority,
                maxPriority,
                deadlineBefore,
                deadlineAfter,
                createdAfter,
                createdBefore,
                handler,
                owner,
                nameContains,
                labels,
                search,
                deadLetter,
                scheduleIds,
                OptionalInt.of(most));
    }
}
