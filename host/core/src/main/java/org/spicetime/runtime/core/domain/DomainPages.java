// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskHistory;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.core.domain.WindowLooks.Look;
import org.spicetime.runtime.core.history.StoredHistory;
import org.spicetime.runtime.core.paging.Cursors;
import org.spicetime.runtime.core.paging.Cursors.Place;
import org.spicetime.runtime.core.paging.Found;
import org.spicetime.runtime.core.paging.Found.Positioned;
import org.spicetime.runtime.core.paging.ParkedScan;
import org.spicetime.runtime.core.paging.StoredScan;
import org.spicetime.runtime.core.paging.TaskScan;
import org.spicetime.runtime.kernel.task.DomainKernel;

/**
 * The tasks of a domain, those in memory and those in the store, as one list. The kernel is looked
 * at first: what ends in between is then found in the store. Thread-safe; may wait for the disk,
 * never inside the guard.
 */
final class DomainPages {

    /** Longest list that a filter's own limit may ask for. */
    private static final int LONGEST_LIST = TaskPage.MAX_COUNT;

    /** How often a page is read anew because tasks came into memory and went on meanwhile. */
    private static final int TRIES = 3;

    private final DomainBody body;
    private final TaskWindow window;

    DomainPages(DomainBody body, TaskWindow window) {
        this.body = body;
        this.window = window;
    }

    private TaskStore store() {
        return body.node.store();
    }

    private boolean stored() {
        return body.node.durable();
    }

    /** A stored task of this domain; empty: unknown. */
    Optional<TaskRecord> load(TaskId id) {
        return !stored()
                ? Optional.empty()
                : StoreReads.ask(() -> store().load(id))
                        .filter(record -> record.task().domain().equals(body.id()));
    }

    /** A page of this domain. */
    TaskPage page(TaskPageRequest request) {
        String[] asOf = new String[1];
        Found found = found(request, asOf);
        return found.cut(request.limit(), request.fromEnd()).page(request.fromEnd(), asOf[0]);
    }

    /** What this domain contributes to a page of several. */
    Found found(TaskPageRequest request) {
        return found(request, new String[1]);
    }

    private Found found(TaskPageRequest asked, @Nullable String[] asOf) {
        if (!stored()) {
            return look(new TaskScan(asked, false), asOf, new Look[1]);
        }
        if (asked.filter().limit().isPresent()) {
            return limited(asked, asOf);
        }
        TaskPageRequest request = resolved(asked);
        return together(
                request,
                request.limit(),
                asOf,
                scan ->
                        new StoredScan(store(), body.id(), request)
                                .run(scan.after(), scan.before()));
    }

    /* Memory first, then what was parked at that moment, then what has ended by now. */
    private Found together(
            TaskPageRequest request,
            int limit,
            @Nullable String[] asOf,
            Function<TaskScan, Found> past) {
        for (int left = TRIES; ; left--) {
            TaskScan scan = new TaskScan(request, true, limit);
            Look[] looks = new Look[1];
            Found live = look(scan, asOf, looks);
            Look look = looks[0];
            if (look == null) {
                return live.with(StoreReads.ask(() -> past.apply(scan)), request);
            }
            try {
                ParkedScan parked =
                        new ParkedScan(
                                store(),
                                body.id(),
                                request,
                                limit,
                                ready -> body.tasks.with(kernel -> look.parked(kernel, ready)),
                                window.bound());
                Found ready = live.with(StoreReads.ask(() -> parked.run(scan, live)), request);
                Found all = ready.with(StoreReads.ask(() -> past.apply(scan)), request);
                if (left == 0 || !body.tasks.with(look::isDisturbed)) {
                    return all;
                }
            } finally {
                window.end(look);
            }
        }
    }

    /** How many tasks that are in the store alone wait for their turn and match. */
    int parked(TaskFilter filter) {
        if (!stored()) {
            return 0;
        }
        TaskPageRequest request = TaskPageRequest.first(unlimited(filter), TaskOrder.CREATED_AT, 0);
        TaskScan scan = new TaskScan(request, true);
        Look[] look = new Look[1];
        Found live = look(scan, new String[1], look);
        if (look[0] == null) {
            return 0;
        }
        window.end(look[0]);
        ParkedScan parked = new ParkedScan(store(), body.id(), request, 0, ready -> Set.of(), null);
        return (int) StoreReads.ask(() -> parked.run(scan, live)).matches();
    }

    private Found look(TaskScan scan, @Nullable String[] asOf, @Nullable Look[] look) {
        return body.tasks.with(kernel -> {
            Found found = scan.run(kernel, body.node.clock().now());
            asOf[0] = body.tasks.watches().asOf(kernel.settings().durableStore());
            look[0] = window.look(kernel, scan);
            return found;
        });
    }

    /* Who was unfinished under SCHEDULE when its cursor was told may be in the store by now. */
    private TaskPageRequest resolved(TaskPageRequest request) {
        if (request.order() != TaskOrder.SCHEDULE) {
            return request;
        }
        return new TaskPageRequest(
                request.filter(),
                request.order(),
                request.descending(),
                request.limit(),
                resolved("after", request.after()),
                resolved("before", request.before()),
                request.fromEnd());
    }

    private @Nullable String resolved(String argument, @Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        TaskId task = Cursors.place(argument, cursor, TaskOrder.SCHEDULE).task();
        if (body.tasks.knows(task)) {
            return cursor;
        }
        return load(task)
                .map(TaskRecord::task)
                .map(found -> cursorOf(found, cursor))
                .orElse(cursor);
    }

    private static String cursorOf(Task found, String told) {
        Place place =
                found.phase() == TaskPhase.READY
                        ? ParkedScan.placeOf(found.id())
                        : new Place(
                                TaskOrder.SCHEDULE,
                                TaskPlace.of(found, TaskOrder.SCHEDULE, false).key(),
                                found.id());
        return found.phase() == TaskPhase.READY || found.phase().isFinal()
                ? Cursors.of(place)
                : told;
    }

    /* The filter's limit bounds the whole list: it is read as a whole, and cut afterwards. */
    private Found limited(TaskPageRequest request, @Nullable String[] asOf) {
        int most = request.filter().limit().orElse(LONGEST_LIST);
        if (most > LONGEST_LIST) {
            throw RefusedException.outOfRange("filter.limit", most, "1 .. " + LONGEST_LIST);
        }
        TaskScan places = new TaskScan(request, true);
        TaskPageRequest first =
                new TaskPageRequest(
                        unlimited(request.filter()),
                        request.order(),
                        request.descending(),
                        0,
                        null,
                        null,
                        false);
        List<Positioned> whole = whole(first, most, asOf);
        int from = places.after() == null ? 0 : 1 + indexOf(whole, "after", places.after(), first);
        int to =
                places.before() == null
                        ? whole.size()
                        : indexOf(whole, "before", places.before(), first);
        List<Positioned> range = from >= to ? List.of() : whole.subList(from, to);
        return new Found(range, false, from, whole.size() - to, whole.size())
                .cut(request.limit(), request.fromEnd());
    }

    private List<Positioned> whole(TaskPageRequest first, int most, @Nullable String[] asOf) {
        return together(
                        first,
                        most,
                        asOf,
                        scan ->
                                new Found(
                                        new StoredScan(store(), body.id(), first).first(most),
                                        false,
                                        0,
                                        0,
                                        0))
                .cut(most, false)
                .entries();
    }

    private static int indexOf(
            List<Positioned> list, String argument, Place place, TaskPageRequest request) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).place().task().equals(place.task())) {
                return i;
            }
        }
        if (request.order() == TaskOrder.SCHEDULE) {
            throw Cursors.expired(argument, "names a task that is not in the list any more");
        }
        int before = 0;
        while (before < list.size()
                && Found.order(request.descending()).compare(list.get(before).place(), place) < 0) {
            before++;
        }
        return "after".equals(argument) ? before - 1 : before;
    }

    private static TaskFilter unlimited(TaskFilter filter) {
        return new TaskFilter(
                filter.ids(),
                filter.status(),
                filter.phase(),
                filter.type(),
                filter.minPriority(),
                filter.maxPriority(),
                filter.deadlineBefore(),
                filter.deadlineAfter(),
                filter.createdAfter(),
                filter.createdBefore(),
                filter.handler(),
                filter.owner(),
                filter.nameContains(),
                filter.labels(),
                filter.search(),
                filter.deadLetter(),
                filter.scheduleIds(),
                OptionalInt.empty());
    }

    /** The first tasks that match, in the order of the scheduler. */
    List<Task> list(TaskFilter filter) {
        if (!stored()) {
            return body.tasks.with(kernel -> kernel.tasks(filter, body.node.clock().now()));
        }
        int most =
                Math.min(filter.limit().orElse(DomainKernel.MAX_LISTED), DomainKernel.MAX_LISTED);
        TaskPageRequest first = TaskPageRequest.first(unlimited(filter), TaskOrder.SCHEDULE, 0);
        return whole(first, most, new String[1]).stream().map(Positioned::task).toList();
    }

    /** The tasks that wait or waited for this one, in order of admission. */
    List<Task> dependents(TaskId id) {
        List<Task> known =
                body.tasks.with(kernel ->
                        kernel.entry(id).isPresent()
                                ? kernel.dependents(id, body.node.clock().now())
                                : List.<Task>of());
        if (!stored()) {
            return known.isEmpty() && !body.tasks.knows(id) ? unknown(id) : known;
        }
        if (!body.tasks.knows(id) && load(id).isEmpty()) {
            return unknown(id);
        }
        List<Task> all = new ArrayList<>(known);
        List<TaskId> missing =
                StoreReads.ask(() -> store().dependants(id)).stream()
                        .filter(waiting -> known.stream().noneMatch(t -> t.id().equals(waiting)))
                        .limit(DomainKernel.MAX_LISTED)
                        .toList();
        missing.forEach(waiting -> task(waiting).ifPresent(all::add));
        return all;
    }

    private static List<Task> unknown(TaskId id) {
        throw RefusedException.notFound("task", id);
    }

    /** Up to where the changes of a domain are stored, before anything happens in this run. */
    static ChangeCursor asOf(TaskStore store, Lease lease) {
        ChangeCursor stored =
                StoreReads.ask(() ->
                        store.query(lease.domain(), TaskRange.newest(TaskFilter.ALL, 1)).asOf());
        return stored.incarnation().equals(lease.incarnation())
                ? stored
                : new ChangeCursor(lease.incarnation(), 0);
    }

    /** What happened to a task, wherever it is; empty: unknown, or purged. */
    Optional<TaskHistory> history(TaskId id) {
        Optional<TaskHistory> known = body.tasks.history(id);
        if (known.isPresent() && (!stored() || isWhole(id, known.get()))) {
            return known;
        }
        // Memory knows it from the last start on, the store what went before.
        return load(id).map(record ->
                        known.isPresent() && !record.task().phase().isFinal()
                                ? StoredHistory.before(
                                        known.get(), StoreReads.ask(() -> store().attempts(id)))
                                : history(record))
                .or(() -> known);
    }

    private boolean isWhole(TaskId id, TaskHistory history) {
        return !history.transitions().isEmpty()
                && body.tasks
                        .task(id)
                        .filter(task ->
                                TaskPlace.micros(task.createdAt())
                                                == TaskPlace.micros(
                                                        history.transitions()
                                                                .getFirst()
                                                                .timestamp())
                                        && history.attempts().size() >= task.attempt())
                        .isPresent();
    }

    private TaskHistory history(TaskRecord record) {
        List<TaskAttempt> attempts = StoreReads.ask(() -> store().attempts(record.task().id()));
        return StoredHistory.of(record, attempts, body.node.host());
    }

    /** A task of this domain, wherever it is; empty: unknown, or purged. */
    Optional<Task> task(TaskId id) {
        return body.tasks.task(id).or(() -> load(id).map(TaskRecord::task));
    }
}
