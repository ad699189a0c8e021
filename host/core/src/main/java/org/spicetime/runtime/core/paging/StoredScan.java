// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.paging;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskSlice;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.core.paging.Cursors.Place;
import org.spicetime.runtime.core.paging.Found.Positioned;

/**
 * The part of a page that is in the store: the finished durable tasks of one domain, found by an
 * index and not by looking at all. Used by one thread, under no lock; may wait for the disk.
 */
public final class StoredScan {

    private static final List<TaskPhase> FINAL =
            Arrays.stream(TaskPhase.values()).filter(TaskPhase::isFinal).toList();

    private final TaskStore store;
    private final DomainId domain;
    private final TaskPageRequest request;
    private final @Nullable TaskFilter filter;

    /** A look for the part of a page. */
    public StoredScan(TaskStore store, DomainId domain, TaskPageRequest request) {
        this.store = store;
        this.domain = domain;
        this.request = request;
        filter = finished(request.filter());
    }

    /** The same conditions on finished tasks alone; null: none can match. */
    public static @Nullable TaskFilter finished(TaskFilter filter) {
        List<TaskPhase> phases =
                FINAL.stream()
                        .filter(phase -> filter.phase().isEmpty() || filter.phase().contains(phase))
                        .filter(phase ->
                                filter.status().isEmpty()
                                        || filter.status().contains(phase.status()))
                        .toList();
        return phases.isEmpty() ? null : filter.withPhase(phases);
    }

    /**
     * Looks.
     *
     * @param after where the range begins; null: at the start
     * @param before where it ends; null: at the end
     * @throws org.spicetime.runtime.api.store.StoreException if the store cannot be read
     */
    public Found run(@Nullable Place after, @Nullable Place before) {
        if (filter == null) {
            return Found.NOTHING;
        }
        OptionalLong counted = store.count(domain, filter);
        long matches = counted.orElse(TaskPage.MAX_COUNT + 1L);
        if (counted.isPresent() && matches == 0) {
            return Found.NOTHING;
        }
        boolean descending = request.descending();
        // Under SCHEDULE the finished ones follow the others, or come before them.
        if (isLive(after) && descending || isLive(before) && !descending) {
            return new Found(
                    List.of(),
                    false,
                    isLive(after) ? matches : 0,
                    isLive(before) ? matches : 0,
                    matches);
        }
        TaskPlace from = isLive(after) ? null : stored(after);
        TaskPlace to = isLive(before) ? null : stored(before);
        TaskSlice slice =
                request.limit() == 0
                        ? null
                        : store.query(domain, range(from, to, request.fromEnd(), request.limit()));
        boolean more = slice == null ? any(from, to) : slice.more();
        return new Found(
                slice == null ? List.of() : slice.items().stream().map(this::positioned).toList(),
                more,
                from != null && (any(null, from) || isThere(from)) ? 1 : 0,
                to != null && (any(to, null) || isThere(to)) ? 1 : 0,
                matches);
    }

    /**
     * The first ones of all, without regard to the places.
     *
     * @throws org.spicetime.runtime.api.store.StoreException if the store cannot be read
     */
    public List<Positioned> first(int most) {
        List<Positioned> found = new ArrayList<>();
        TaskPlace last = null;
        boolean more = filter != null;
        while (more && found.size() < most) {
            int limit = Math.min(most - found.size(), TaskRange.MAX_LIMIT);
            TaskSlice slice = store.query(domain, range(last, null, false, limit));
            slice.items().forEach(record -> found.add(positioned(record)));
            more = slice.more() && !slice.items().isEmpty();
            if (more) {
                last = placeOf(slice.items().getLast().task());
            }
        }
        return found;
    }

    private TaskRange range(
            @Nullable TaskPlace after, @Nullable TaskPlace before, boolean fromEnd, int limit) {
        return new TaskRange(
                Objects.requireNonNull(filter, "filter"),
                request.order(),
                request.descending(),
                after,
                before,
                fromEnd,
                limit);
    }

    private boolean any(@Nullable TaskPlace after, @Nullable TaskPlace before) {
        return !store.query(domain, range(after, before, false, 1)).items().isEmpty();
    }

    /* Whether the task of a place itself is stored: it lies outside of the range, too. */
    private boolean isThere(TaskPlace place) {
        TaskId id = place.task();
        return store.load(id)
                .map(TaskRecord::task)
                .filter(task -> task.domain().equals(domain) && task.phase().isFinal())
                .isPresent();
    }

    private static boolean isLive(@Nullable Place place) {
        return place != null && place.order() == TaskOrder.SCHEDULE && TaskKeys.isLive(place.key());
    }

    private static @Nullable TaskPlace stored(@Nullable Place place) {
        return place == null ? null : new TaskPlace(place.key(), place.task());
    }

    private TaskPlace placeOf(Task task) {
        return TaskPlace.of(task, request.order(), request.descending());
    }

    private Positioned positioned(TaskRecord record) {
        TaskPlace place = placeOf(record.task());
        return new Positioned(new Place(request.order(), place.key(), place.task()), record.task());
    }
}
