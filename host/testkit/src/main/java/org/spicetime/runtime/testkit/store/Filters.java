// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskStatus;
import org.spicetime.runtime.api.task.TaskType;

/** Collects the conditions of a filter. Used by one thread. */
final class Filters {

    List<TaskId> ids = List.of();
    List<TaskStatus> status = List.of();
    List<TaskPhase> phase = List.of();
    List<TaskType> type = List.of();
    OptionalInt minPriority = OptionalInt.empty();
    OptionalInt maxPriority = OptionalInt.empty();
    @Nullable Instant deadlineBefore;
    @Nullable Instant deadlineAfter;
    @Nullable Instant createdAfter;
    @Nullable Instant createdBefore;
    List<String> handler = List.of();
    List<String> owner = List.of();
    @Nullable String nameContains;
    Map<String, String> labels = Map.of();
    @Nullable String search;
    @Nullable Boolean deadLetter;
    List<UUID> scheduleIds = List.of();

    static TaskFilter search(String words) {
        Filters filters = new Filters();
        filters.search = words;
        return filters.filter();
    }

    TaskFilter filter() {
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
                OptionalInt.empty());
    }
}
