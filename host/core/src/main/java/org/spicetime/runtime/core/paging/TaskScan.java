// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.paging;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.core.paging.Cursors.Place;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.TaskEntry;
import org.spicetime.runtime.kernel.task.TaskMatch;

/**
 * One look through the tasks of a domain for a page: every task is compared once, only as many as
 * the page holds are kept (a heap of the page's size), so a page of n tasks costs O(n log page) and
 * no sorting of all. Used once, under the guard of the domain.
 */
public final class TaskScan {

    private final TaskPageRequest request;
    private final TaskMatch match;
    private final @Nullable Place after;
    private final @Nullable Place before;

    private long matches;
    private long ahead;
    private long behind;

    /** A look for a page; refuses cursors that are none. */
    public TaskScan(TaskPageRequest request) {
        this.request = request;
        match = new TaskMatch(request.filter());
        after = place("after", request.after());
        before = place("before", request.before());
    }

    private @Nullable Place place(String argument, @Nullable String cursor) {
        return cursor == null ? null : Cursors.place(argument, cursor, request.order());
    }

    /**
     * What was found in one domain. Immutable.
     *
     * @param entries the tasks of the page with their places, in the order asked for
     * @param more whether the range holds more of them than the page
     * @param ahead matches that lie before the range
     * @param behind matches that lie behind the range
     * @param matches all of them
     */
    public record Found(
            List<Positioned> entries, boolean more, long ahead, long behind, long matches) {
        public Found {
            entries = List.copyOf(entries);
        }

        /** The page, when this is all there is. */
        public TaskPage page(boolean fromEnd, @Nullable String asOf) {
            return new TaskPage(
                    entries.stream()
                            .map(entry ->
                                    new TaskPage.Entry(Cursors.of(entry.place()), entry.task()))
                            .toList(),
                    behind > 0 || more && !fromEnd,
                    ahead > 0 || more && fromEnd,
                    matches > TaskPage.MAX_COUNT ? null : (int) matches,
                    asOf);
        }
    }

    /** A task and its place. Immutable. */
    public record Positioned(Place place, Task task) {}

    /** The order of places under a request, for those that have keys. */
    public static Comparator<Place> order(boolean descending) {
        Comparator<Place> order = Comparator.comparingLong(Place::key).thenComparing(Place::task);
        return descending ? order.reversed() : order;
    }

    /** Looks. Under the guard. */
    public Found run(DomainKernel kernel, Now now) {
        Ordered ordered =
                request.order() == TaskOrder.SCHEDULE ? new BySchedule(kernel) : new ByKey();
        int limit = request.limit();
        Comparator<TaskEntry> order = ordered.order();
        PriorityQueue<TaskEntry> kept =
                new PriorityQueue<>(request.fromEnd() ? order : order.reversed());
        int most = request.filter().limit().isPresent() ? Integer.MAX_VALUE : limit + 1;
        kernel.forEach(entry -> {
            if (!match.test(entry)) {
                return;
            }
            matches++;
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

    /** The order of the scheduler: a place is where its task is now. */
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
        }

        private static @Nullable TaskEntry entry(
                String argument, @Nullable Place place, DomainKernel kernel) {
            return place == null
                    ? null
                    : kernel.entry(place.task())
                            .orElseThrow(() ->
                                    Cursors.expired(
                                            argument, "names a task that is not known any more"));
        }

        @Override
        public Comparator<TaskEntry> order() {
            return order;
        }

        @Override
        public int compare(TaskEntry entry, Place place) {
            TaskEntry other = place.equals(after) ? start : end;
            return other == null ? 0 : order.compare(entry, other);
        }
    }
}
