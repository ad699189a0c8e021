// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.paging;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.core.paging.Cursors.Place;

/**
 * What was found in one source of tasks. Immutable.
 *
 * @param entries the tasks of the page with their places, in the order asked for
 * @param more whether the range holds more of them than the page
 * @param ahead matches that lie before the range; where they are not counted, 1 for some
 * @param behind matches that lie behind the range, as above
 * @param matches all of them; more than {@link TaskPage#MAX_COUNT} where they are not counted
 */
public record Found(List<Positioned> entries, boolean more, long ahead, long behind, long matches) {

    /** Nothing. */
    public static final Found NOTHING = new Found(List.of(), false, 0, 0, 0);

    public Found {
        entries = List.copyOf(entries);
    }

    /** A task and its place. Immutable. */
    public record Positioned(Place place, Task task) {}

    /** The page, when this is all there is. */
    public TaskPage page(boolean fromEnd, @Nullable String asOf) {
        return new TaskPage(
                entries.stream()
                        .map(entry -> new TaskPage.Entry(Cursors.of(entry.place()), entry.task()))
                        .toList(),
                behind > 0 || more && !fromEnd,
                ahead > 0 || more && fromEnd,
                matches > TaskPage.MAX_COUNT ? null : (int) matches,
                asOf);
    }

    /** The order of places under a request, for those that have keys. */
    public static Comparator<Place> order(boolean descending) {
        Comparator<Place> order = Comparator.comparingLong(Place::key).thenComparing(Place::task);
        return descending ? order.reversed() : order;
    }

    /** At most so many of the entries, from the side that was asked for. */
    public Found cut(int limit, boolean fromEnd) {
        if (entries.size() <= limit) {
            return this;
        }
        List<Positioned> page =
                fromEnd
                        ? entries.subList(entries.size() - limit, entries.size())
                        : entries.subList(0, limit);
        return new Found(page, true, ahead, behind, matches);
    }

    /**
     * This, of the kernel, and what was read from the store afterwards, as one. A task that is in
     * both ended in between, and is shown as it is stored.
     */
    public Found with(Found stored, TaskPageRequest request) {
        Set<TaskId> ended =
                stored.entries.stream().map(entry -> entry.task().id()).collect(Collectors.toSet());
        List<Positioned> live =
                entries.stream().filter(entry -> !ended.contains(entry.task().id())).toList();
        List<Positioned> all = new ArrayList<>(live.size() + stored.entries.size());
        if (request.order() == TaskOrder.SCHEDULE) {
            List<Positioned> finished = new ArrayList<>();
            List<Positioned> unfinished = new ArrayList<>();
            live.forEach(e -> (isFinal(e) ? finished : unfinished).add(e));
            stored.entries.forEach(e -> (isFinal(e) ? finished : unfinished).add(e));
            Comparator<TaskPlace> order = TaskPlace.order(TaskOrder.SCHEDULE, request.descending());
            finished.sort(Comparator.comparing(Found::stored, order));
            Comparator<Positioned> groups = Comparator.comparingLong(e -> e.place().key());
            unfinished.sort(request.descending() ? groups.reversed() : groups);
            all.addAll(request.descending() ? finished : unfinished);
            all.addAll(request.descending() ? unfinished : finished);
        } else {
            all.addAll(live);
            all.addAll(stored.entries);
            all.sort(Comparator.comparing(Positioned::place, order(request.descending())));
        }
        return new Found(
                all,
                more || stored.more,
                ahead + stored.ahead,
                behind + stored.behind,
                matches + stored.matches);
    }

    private static boolean isFinal(Positioned entry) {
        return entry.task().phase().isFinal();
    }

    private static TaskPlace stored(Positioned entry) {
        return new TaskPlace(entry.place().key(), entry.place().task());
    }
}
