// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.paging;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.core.paging.Cursors.Place;
import org.spicetime.runtime.core.paging.Found.Positioned;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.TaskEntry;
import org.spicetime.runtime.kernel.task.TaskMatch;

/**
 * One look through the tasks a domain has in memory for a page: every task is compared once, only
 * as many as the page holds are kept (a heap of the page's size), so a page of n tasks costs O(n
 * log page) and no sorting of all; tasks asked for by their ids are looked up. Used once, under the
 * guard of the domain.
 */
public final class TaskScan {

    private final TaskPageRequest request;
    private final boolean stored;
    private final int limit;
    private final TaskMatch match;
    private @Nullable Place after;
    private @Nullable Place before;

    private long matches;
    private long ready;
    private long ahead;
    private long behind;

    /**
     * A look for a page; refuses cursors that are none.
     *
     * @param stored whether finished durable tasks are left out, because they are in the store
     */
    public TaskScan(TaskPageRequest request, boolean stored) {
        this(request, stored, request.limit());
    }

    /**
     * A look for the beginning of a list.
     *
     * @param limit most tasks, whatever the request says
     */
    public TaskScan(TaskPageRequest request, boolean stored, int limit) {
        this.request = request;
        this.stored = stored;
        this.limit = limit;
        match = new TaskMatch(request.filter());
        after = place("after", request.after());
        before = place("before", request.before());
    }

    private @Nullable Place place(String argument, @Nullable String cursor) {
        return cursor == null ? null : Cursors.place(argument, cursor, request.order());
    }

    /** Where the range begins, as of the look when that is done; null: at the start. */
    public @Nullable Place after() {
        return after;
    }

    /** Where the range ends; null: at the end. */
    public @Nullable Place before() {
        return before;
    }

    /** Whether ready tasks may be in the answer. */
    public boolean asksForReady() {
        return ParkedScan.ready(request.filter()) != null;
    }

    /** Matches that the store has as ready, too. */
    long ready() {
        return ready;
    }

    /** Looks. Under the guard. */
    public Found run(DomainKernel kernel, Now now) {
        Ordered ordered =
                request.order() == TaskOrder.SCHEDULE ? new BySchedule(kernel) : new ByKey();
        Comparator<TaskEntry> order = ordered.order();
        PriorityQueue<TaskEntry> kept =
                new PriorityQueue<>(request.fromEnd() ? order : order.reversed());
        int most = request.filter().limit().isPresent() ? Integer.MAX_VALUE : limit + 1;
        candidates(
                kernel,
                entry -> {
                    if (!match.test(entry)) {
                        return;
                    }
                    matches++;
                    if (entry.phase() == TaskPhase.READY
                            && entry.durability() == Durability.DURABLE) {
                        ready++;
                    }
                    if (most != Integer.MAX_VALUE && outside(ordered, entry)) {
                        return;
                    }
                    if (kept.size() < most) {
                        kept.add(entry);
                    } else if (kept.comparator().compare(entry, kept.peek()) > 0) {
                        kept.remove();
                        kept.add(entry);
                    }
                });
        List<TaskEntry> sorted = new ArrayList<>(kept);
        sorted.sort(order);
        if (most == Integer.MAX_VALUE) {
            sorted = withinLimit(sorted, ordered);
        }
        boolean more = sorted.size() > limit;
        List<TaskEntry> page = sorted;
        if (more) {
            page =
                    request.fromEnd()
                            ? sorted.subList(sorted.size() - limit, sorted.size())
                            : sorted.subList(0, limit);
        }
        List<Positioned> entries =
                page.stream()
                        .map(entry -> new Positioned(placeOf(entry), kernel.snapshot(entry, now)))
                        .toList();
        return new Found(entries, more, ahead, behind, matches);
    }

    private void candidates(DomainKernel kernel, Consumer<TaskEntry> visitor) {
        Consumer<TaskEntry> wanted =
                entry -> {
                    if (!stored || !entry.isFinal() || entry.durability() != Durability.DURABLE) {
                        visitor.accept(entry);
                    }
                };
        if (request.filter().ids().isEmpty()) {
            kernel.forEach(wanted);
        } else {
            new HashSet<>(request.filter().ids()).forEach(id -> kernel.entry(id).ifPresent(wanted));
        }
    }

    private boolean outside(Ordered ordered, TaskEntry entry) {
        if (after != null && ordered.compare(entry, after) <= 0) {
            ahead++;
            return true;
        }
        if (before != null && ordered.compare(entry, before) >= 0) {
            behind++;
            return true;
        }
        return false;
    }

    /* The filter's limit bounds the whole list, so the list has to be known first. */
    private List<TaskEntry> withinLimit(List<TaskEntry> all, Ordered ordered) {
        int whole = Math.min(all.size(), request.filter().limit().orElse(Integer.MAX_VALUE));
        matches = whole;
        return all.subList(0, whole).stream().filter(entry -> !outside(ordered, entry)).toList();
    }

    private Place placeOf(TaskEntry entry) {
        return new Place(request.order(), keyOf(entry), entry.taskId());
    }

    private long keyOf(TaskEntry entry) {
        return TaskKeys.of(entry, request.order(), request.descending());
    }

    /** An order of tasks in which places can be found. */
    private interface Ordered {
        Comparator<TaskEntry> order();

        int compare(TaskEntry entry, Place place);
    }

    private final class ByKey implements Ordered {
        private final int sign = request.descending() ? -1 : 1;

        @Override
        public Comparator<TaskEntry> order() {
            return (left, right) ->
                    compare(keyOf(left), left.taskId(), keyOf(right), right.taskId());
        }

        @Override
        public int compare(TaskEntry entry, Place place) {
            return compare(keyOf(entry), entry.taskId(), place.key(), place.task());
        }

        private int compare(long key, TaskId id, long otherKey, TaskId otherId) {
            int byKey = Long.compare(key, otherKey);
            return sign * (byKey != 0 ? byKey : id.compareTo(otherId));
        }
    }

    /**
     * The order of the scheduler: a place is where its task is now. One that is not in memory any
     * more lies among the finished ones, where its key says.
     */
    private final class BySchedule implements Ordered {
        private final Comparator<TaskEntry> order;
        private final @Nullable TaskEntry start;
        private final @Nullable TaskEntry end;

        BySchedule(DomainKernel kernel) {
            order =
                    request.descending()
                            ? kernel.scheduleOrder().reversed()
                            : kernel.scheduleOrder();
            start = entry("after", after, kernel);
            end = entry("before", before, kernel);
            after = start == null || start.isFinal() ? after : placeOf(start);
            before = end == null || end.isFinal() ? before : placeOf(end);
        }

        private @Nullable TaskEntry entry(
                String argument, @Nullable Place place, DomainKernel kernel) {
            if (place == null) {
                return null;
            }
            TaskEntry known = kernel.entry(place.task()).orElse(null);
            if (known == null && place.key() != TaskKeys.PARKED && TaskKeys.isLive(place.key())) {
                throw Cursors.expired(argument, "names a task that is not known any more");
            }
            return known;
        }

        @Override
        public Comparator<TaskEntry> order() {
            return order;
        }

        @Override
        public int compare(TaskEntry entry, Place place) {
            TaskEntry other = place.equals(after) ? start : end;
            if (other != null) {
                return order.compare(entry, other);
            }
            if (!entry.isFinal() || TaskKeys.isLive(place.key())) {
                int side = Long.compare(Math.min(keyOf(entry), 0), Math.min(place.key(), 0));
                return request.descending() ? -side : side;
            }
            return TaskPlace.order(TaskOrder.SCHEDULE, request.descending())
                    .compare(
                            new TaskPlace(keyOf(entry), entry.taskId()),
                            new TaskPlace(place.key(), place.task()));
        }
    }
}
