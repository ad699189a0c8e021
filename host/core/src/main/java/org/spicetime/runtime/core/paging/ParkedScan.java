// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.paging;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskSlice;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.core.paging.Cursors.Place;
import org.spicetime.runtime.core.paging.Found.Positioned;

/**
 * The part of a page that waits READY in the store alone. The store does not know which of its
 * ready tasks are in memory as well; these are left out here, and memory has shown them. Under
 * SCHEDULE the parked tasks follow the ready ones in memory and come before those that wait for
 * something. Used by one thread, under no lock; may wait for the disk.
 */
public final class ParkedScan {

    private final TaskStore store;
    private final DomainId domain;
    private final TaskPageRequest request;
    private final int limit;
    private final Function<List<TaskId>, Set<TaskId>> parked;
    private final @Nullable TaskPlace bound;
    private final @Nullable TaskFilter filter;

    /**
     * A look for the part of a page.
     *
     * @param limit most tasks, whatever the request says
     * @param parked which of some ready tasks were parked when memory was looked at
     * @param bound a place by rank that no parked task comes before; null: unknown
     */
    public ParkedScan(
            TaskStore store,
            DomainId domain,
            TaskPageRequest request,
            int limit,
            Function<List<TaskId>, Set<TaskId>> parked,
            @Nullable TaskPlace bound) {
        this.store = store;
        this.domain = domain;
        this.request = request;
        this.limit = limit;
        this.parked = parked;
        this.bound = bound;
        filter = ready(request.filter());
    }

    /** The place of a parked task under SCHEDULE. */
    public static Place placeOf(TaskId task) {
        return new Place(TaskOrder.SCHEDULE, TaskKeys.PARKED, task);
    }

    /** The same conditions on ready tasks alone; null: none can match. */
    public static @Nullable TaskFilter ready(TaskFilter filter) {
        boolean wanted =
                (filter.phase().isEmpty() || filter.phase().contains(TaskPhase.READY))
                        && (filter.status().isEmpty()
                                || filter.status().contains(TaskPhase.READY.status()));
        return wanted ? filter.withPhase(List.of(TaskPhase.READY)) : null;
    }

    /**
     * Looks.
     *
     * @param scan the look at memory, done
     * @param memory what it found
     * @throws org.spicetime.runtime.api.store.StoreException if the store cannot be read
     */
    public Found run(TaskScan scan, Found memory) {
        if (filter == null) {
            return Found.NOTHING;
        }
        OptionalLong counted = store.count(domain, filter);
        long matches =
                counted.isPresent()
                        ? Math.max(0, counted.getAsLong() - scan.ready())
                        : TaskPage.MAX_COUNT + 1L;
        if (matches == 0) {
            return Found.NOTHING;
        }
        boolean schedule = request.order() == TaskOrder.SCHEDULE;
        Place after = scan.after();
        Place before = scan.before();
        if (schedule) {
            int first = after == null ? -1 : side(after);
            int last = before == null ? 1 : side(before);
            if (first > 0 || last < 0) {
                return new Found(
                        List.of(), false, first > 0 ? matches : 0, last < 0 ? matches : 0, matches);
            }
            after = first < 0 ? null : after;
            before = last > 0 ? null : before;
        }
        TaskPlace from = after == null ? start() : stored(after);
        TaskPlace to = before == null ? end() : stored(before);
        List<Positioned> found = collect(from, to, memory);
        boolean more = found.size() > limit;
        return new Found(found, more, isAny(null, after), isAny(before, null), matches)
                .cut(limit, request.fromEnd());
    }

    /* Where a place under SCHEDULE lies in the list: before the parked tasks, among or behind. */
    private int side(Place place) {
        int side = Long.compare(place.key(), TaskKeys.PARKED);
        return request.descending() ? -side : side;
    }

    private @Nullable TaskPlace start() {
        return request.order() == TaskOrder.SCHEDULE && !request.descending() ? bound : null;
    }

    private @Nullable TaskPlace end() {
        return request.order() == TaskOrder.SCHEDULE && request.descending() ? bound : null;
    }

    /* One more than the page holds, if there are so many. */
    private List<Positioned> collect(
            @Nullable TaskPlace first, @Nullable TaskPlace last, Found memory) {
        List<Positioned> found = new ArrayList<>();
        TaskPlace from = first;
        TaskPlace to = last;
        while (true) {
            int wanted = Math.min(TaskRange.MAX_LIMIT, Math.max(limit, 50) + 1);
            TaskSlice slice = store.query(domain, range(from, to, request.fromEnd(), wanted));
            List<TaskRecord> items = slice.items();
            Set<TaskId> wereParked =
                    parked.apply(items.stream().map(item -> item.task().id()).toList());
            List<Positioned> some =
                    items.stream()
                            .filter(item -> wereParked.contains(item.task().id()))
                            .map(this::positioned)
                            .toList();
            found.addAll(request.fromEnd() ? 0 : found.size(), some);
            if (!slice.more() || items.isEmpty() || found.size() > limit) {
                return found;
            }
            if (request.fromEnd()) {
                to = placeOf(items.getFirst());
            } else {
                from = placeOf(items.getLast());
            }
            if (isBeyond(
                    memory, positioned(request.fromEnd() ? items.getFirst() : items.getLast()))) {
                return found;
            }
        }
    }

    /* Whether memory fills the page with tasks that come before all that were not read yet. */
    private boolean isBeyond(Found memory, Positioned read) {
        if (!memory.more() || memory.entries().size() < limit || limit == 0) {
            return memory.more() && limit == 0;
        }
        Comparator<Place> order = Found.order(request.descending());
        return request.fromEnd()
                ? order.compare(read.place(), memory.entries().getFirst().place()) <= 0
                : order.compare(read.place(), memory.entries().getLast().place()) >= 0;
    }

    private TaskRange range(
            @Nullable TaskPlace after, @Nullable TaskPlace before, boolean fromEnd, int most) {
        return new TaskRange(
                filter == null ? TaskFilter.ALL : filter,
                request.order(),
                request.descending(),
                after,
                before,
                fromEnd,
                most);
    }

    /* Whether a task comes before a place or behind it, or is the place: 1 or 0. */
    private int isAny(@Nullable Place after, @Nullable Place before) {
        Place place = after == null ? before : after;
        if (place == null) {
            return 0;
        }
        TaskPlace from = after == null ? null : stored(after);
        TaskPlace to = before == null ? null : stored(before);
        boolean there =
                store.load(place.task())
                        .map(TaskRecord::task)
                        .filter(task ->
                                task.domain().equals(domain) && task.phase() == TaskPhase.READY)
                        .isPresent();
        return there || !store.query(domain, range(from, to, false, 1)).items().isEmpty() ? 1 : 0;
    }

    private TaskPlace stored(Place place) {
        if (request.order() != TaskOrder.SCHEDULE) {
            return new TaskPlace(place.key(), place.task());
        }
        long rank = store.load(place.task()).map(TaskRecord::rank).orElse(Long.MIN_VALUE);
        return new TaskPlace(rank, place.task());
    }

    private TaskPlace placeOf(TaskRecord record) {
        return request.order() == TaskOrder.SCHEDULE
                ? new TaskPlace(record.rank(), record.task().id())
                : TaskPlace.of(record.task(), request.order(), request.descending());
    }

    private Positioned positioned(TaskRecord record) {
        long key = request.order() == TaskOrder.SCHEDULE ? TaskKeys.PARKED : placeOf(record).key();
        return new Positioned(new Place(request.order(), key, record.task().id()), record.task());
    }
}
