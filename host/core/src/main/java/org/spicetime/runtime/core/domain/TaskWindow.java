// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.QueuedRef;
import org.spicetime.runtime.api.store.RankCursor;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskSlice;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.BulkResult;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.core.domain.WindowLooks.Look;
import org.spicetime.runtime.core.journal.StoreRefusals;
import org.spicetime.runtime.core.paging.ParkedScan;
import org.spicetime.runtime.core.paging.TaskScan;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.ForeignTask;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.Restored;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * Bounds how much of a long queue is in memory. The most urgent READY tasks are; the others are
 * <em>parked</em>: they lie in the store alone, and count. When half of those in memory are gone,
 * the most urgent of all that are stored are read again, and those that are not known come back. A
 * task that is new is parked when the window is full and it is less urgent than the last one read.
 *
 * <p>What comes back is looked up in the store first and taken up inside the guard afterwards; a
 * task that ends and is forgotten in between is remembered until then, so that it cannot come back.
 *
 * <p>Thread-safe; what is called inside the guard says so.
 */
final class TaskWindow {

    private static final Logger LOG = LoggerFactory.getLogger(TaskWindow.class);
    private static final int PART = 1000;

    /** A pause after reading the deadlines of what is parked; ns. */
    private static final long SOON = 200_000_000;

    private final DomainBody body;
    private final StoredAdmissions admissions;
    private final int size;

    /* Guarded by the guard. */
    private boolean filling;
    private boolean lookingAtDeadlines;
    private final WindowLooks looks = new WindowLooks();
    private long parkedMeanwhile;
    private long rankMeanwhile = Long.MAX_VALUE;

    /* What is parked is not more urgent than this rank, if it is known under this policy. */
    private long lastRank = Long.MIN_VALUE;
    private boolean known;
    private long generation;

    /* Written under the guard, read by the timer without. */
    private volatile long deadline = Long.MAX_VALUE;

    TaskWindow(DomainBody body, StoredAdmissions admissions, int size) {
        this.body = body;
        this.admissions = admissions;
        this.size = size;
    }

    /** Most READY tasks in memory, give or take the more urgent ones that come later. */
    int size() {
        return size;
    }

    private TaskStore store() {
        return body.node.store();
    }

    /** At a start, when the tasks in memory have been restored: what the store has besides. */
    void found(Map<TaskPhase, Long> stored) {
        long ready = stored.getOrDefault(TaskPhase.READY, 0L);
        body.tasks.run((kernel, now) -> {
            long more = ready - kernel.ready();
            if (more > 0) {
                kernel.foundParked(Math.toIntExact(more));
                known = false;
                deadline = now.nanos();
                LOG.info(
                        "domain={}: {} tasks are queued in memory, {} in the store",
                        body.id(),
                        kernel.ready(),
                        more);
            }
        });
    }

    /* ---- what is new ---- */

    /**
     * Whether an admission that holds is to be left to the store. Inside the guard.
     *
     * @param entries prepared by the kernel
     */
    boolean parks(DomainKernel kernel, List<TaskEntry> entries, Now now) {
        int ready = kernel.ready();
        if (!body.node.durable()) {
            return false;
        }
        if (ready < size && kernel.parked() == 0) {
            known = false;
            return false;
        }
        learn(kernel);
        for (TaskEntry entry : entries) {
            if (entry.durability() != Durability.DURABLE
                    || entry.phase() != TaskPhase.READY
                    || !entry.request().dependencies().isEmpty()
                    || ready < 2 * size && body.tasks.rank(entry) < lastRank) {
                return false;
            }
        }
        for (TaskEntry entry : entries) {
            lastRank = Math.min(lastRank, body.tasks.rank(entry));
            Instant due = entry.deadlineInstant();
            if (due != null) {
                deadline = Math.min(deadline, now.nanosOf(due));
            }
        }
        parkedMeanwhile += entries.size();
        rankMeanwhile = Math.min(rankMeanwhile, lastRank);
        return true;
    }

    /* The least urgent one that could be parked: memory has the head of the queue. */
    private void learn(DomainKernel kernel) {
        if (known && generation == kernel.policyGeneration()) {
            return;
        }
        known = true;
        generation = kernel.policyGeneration();
        lastRank = Long.MIN_VALUE;
        kernel.forEach(entry -> {
            if (entry.phase() == TaskPhase.READY
                    && entry.durability() == Durability.DURABLE
                    && entry.request().dependencies().isEmpty()) {
                lastRank = Math.max(lastRank, body.tasks.rank(entry));
            }
        });
    }

    /** A task is not in memory any more. Inside the guard. */
    void left(TaskEntry entry) {
        looks.left(entry.taskId());
    }

    /* ---- what comes back ---- */

    /** Fills the window up if half of it is gone. Inside the guard, at its end. */
    void look(DomainKernel kernel) {
        if (kernel.parked() > 0 && !filling && inMemory(kernel) <= size / 2) {
            filling = true;
            Look look = looks.begin();
            parkedMeanwhile = 0;
            rankMeanwhile = Long.MAX_VALUE;
            body.guard.afterwards(() -> later(() -> fill(look)));
        }
    }

    /* What waits for its handler is READY in the store, and would only be read again. */
    private static int inMemory(DomainKernel kernel) {
        return kernel.ready() + kernel.awaitingHandlers();
    }

    private void later(Runnable action) {
        try {
            body.node.control().execute(action);
        } catch (RejectedExecutionException hostStops) {
            LOG.debug("domain={}: the host stops", body.id(), hostStops);
        }
    }

    /* ---- pages ---- */

    /**
     * The begin of a page that has to look at what is parked too; null: nothing is. Inside the
     * guard, when memory was looked at.
     */
    @Nullable Look look(DomainKernel kernel, TaskScan seen) {
        return kernel.parked() > 0 && seen.asksForReady() ? looks.begin() : null;
    }

    private @Nullable Look lookIf(Predicate<DomainKernel> condition) {
        @Nullable Look[] look = new Look[1];
        body.tasks.run((kernel, now) -> {
            if (condition.test(kernel)) {
                look[0] = looks.begin();
            }
        });
        return look[0];
    }

    /** Ends a look. */
    void end(Look look) {
        body.tasks.run((kernel, now) -> looks.end(look));
    }

    /** A place by rank that no parked task comes before; null: unknown. */
    @Nullable TaskPlace bound() {
        return null;
    }

    private void fill(Look look) {
        boolean all = false;
        QueuedRef last = null;
        try {
            RankCursor place = RankCursor.START;
            for (int seen = 0; seen < size && !all; ) {
                int most = Math.min(PART, size - seen);
                List<QueuedRef> page = store().head(body.id(), place, most);
                bringBack(look, page.stream().map(QueuedRef::task).toList());
                all = page.size() < most;
                seen += page.size();
                if (!page.isEmpty()) {
                    last = page.getLast();
                    place = last.cursor();
                }
            }
        } catch (StoreException unreadable) {
            LOG.error("domain={}: the queue cannot be read", body.id(), unreadable);
        } finally {
            filled(look, all, last);
        }
    }

    private void filled(Look look, boolean all, @Nullable QueuedRef last) {
        boolean seenAll = all;
        body.tasks.run((kernel, now) -> {
            filling = false;
            looks.end(look);
            if (last != null) {
                known = true;
                generation = kernel.policyGeneration();
                // What was parked meanwhile may be more urgent and was not read.
                lastRank = Math.min(last.rank(), rankMeanwhile);
            }
            int rest = kernel.parked();
            if (seenAll && rest > parkedMeanwhile) {
                // What ended in the store by itself, damaged tasks among it.
                kernel.unpark((int) (rest - parkedMeanwhile));
            }
        });
    }

    /** Takes tasks up that are known by their ids alone; those in memory stay as they are. */
    private void bringBack(Look look, List<TaskId> ids) {
        List<TaskId> unknown =
                body.tasks.with(kernel ->
                        ids.stream().filter(id -> !kernel.knows(id) && !look.isOver(id)).toList());
        for (int from = 0; from < unknown.size(); from += PART) {
            List<Restored> tasks = new ArrayList<>();
            for (TaskRecord record :
                    store().loadAll(unknown.subList(from, Math.min(unknown.size(), from + PART)))) {
                if (record.task().phase() == TaskPhase.READY
                        && record.task().domain().equals(body.id())) {
                    tasks.add(admissions.restored(record, this::stateOf));
                }
            }
            body.tasks.run((kernel, now) -> takeUp(kernel, look, tasks, now));
        }
    }

    private @Nullable ForeignTask stateOf(TaskId other) {
        return store().load(other).map(StoredAdmissions::state).orElse(null);
    }

    private void takeUp(DomainKernel kernel, Look look, List<Restored> tasks, Now now) {
        List<Restored> fresh =
                tasks.stream()
                        .filter(task ->
                                !kernel.knows(task.admission().id())
                                        && !look.isOver(task.admission().id()))
                        .toList();
        body.tasks.readmission().takeUp(fresh, now);
        fresh.forEach(task -> looks.takenUp(task.admission().id()));
        kernel.unpark(Math.min(fresh.size(), kernel.parked()));
    }

    /**
     * Makes sure that a task is in memory if it is parked, before something is done with it. May
     * wait for the store; without the guard.
     */
    void bring(TaskId task) {
        if (!body.node.durable()) {
            return;
        }
        Look look = lookIf(kernel -> kernel.parked() > 0 && !kernel.knows(task));
        if (look != null) {
            try {
                bringBack(look, List.of(task));
            } catch (StoreException unreadable) {
                LOG.warn("domain={} task={} cannot be read", body.id(), task, unreadable);
            } finally {
                end(look);
            }
        }
    }

    /** As {@link #bring}, whatever new tasks are to wait for. */
    void bringPrerequisites(List<TaskRequest> requests) {
        for (TaskRequest request : requests) {
            for (DependencyRequest dependency : request.dependencies()) {
                if (dependency.task() instanceof TaskRef.Existing(TaskId id)) {
                    bring(id);
                }
            }
        }
    }

    /** As {@link #bring}, the tasks that match, as many as can be changed at once. */
    void bringAll(TaskFilter filter) {
        TaskFilter ready = ParkedScan.ready(filter);
        Look look = ready == null ? null : lookIf(kernel -> kernel.parked() > 0);
        if (ready == null || look == null) {
            return;
        }
        try {
            TaskRange range = TaskRange.newest(ready, PART);
            for (int found = 0; found < BulkResult.MAX_CHANGED; ) {
                TaskSlice slice = store().query(body.id(), range);
                bringBack(look, slice.items().stream().map(item -> item.task().id()).toList());
                found += slice.items().size();
                if (!slice.more()) {
                    return;
                }
                range =
                        range.after(
                                TaskPlace.of(
                                        slice.items().getLast().task(),
                                        range.order(),
                                        range.descending()));
            }
        } catch (StoreException unreadable) {
            throw StoreRefusals.of(body.id(), unreadable);
        } finally {
            end(look);
        }
    }

    /* ---- deadlines of what is parked ---- */

    /** When a parked task may miss its deadline; {@link Long#MAX_VALUE}: none does. Any thread. */
    long nextNanos() {
        return deadline;
    }

    /** Takes up the parked tasks whose deadline is over, so that it is judged. */
    void elapsed(Now now) {
        if (deadline > now.nanos()) {
            return;
        }
        deadline = Long.MAX_VALUE;
        Look look =
                lookIf(kernel -> {
                    boolean begins = !lookingAtDeadlines && kernel.parked() > 0;
                    lookingAtDeadlines |= begins;
                    return begins;
                });
        if (look != null) {
            later(() -> judgeDeadlines(look));
        }
    }

    private void judgeDeadlines(Look look) {
        Instant next = null;
        try {
            Instant present = body.node.clock().instants().instant();
            List<QueuedRef> first = store().deadlines(body.id(), PART);
            List<TaskId> over = new ArrayList<>();
            for (QueuedRef ref : first) {
                Instant due = ref.deadline();
                if (due != null && !due.isAfter(present)) {
                    over.add(ref.task());
                } else if (due != null && next == null) {
                    next = due;
                }
            }
            bringBack(look, over);
            if (over.size() == PART) {
                next = present;
            }
        } catch (StoreException unreadable) {
            LOG.error("domain={}: deadlines cannot be read", body.id(), unreadable);
        } finally {
            judged(look, next);
        }
    }

    private void judged(Look look, @Nullable Instant next) {
        body.tasks.run((kernel, now) -> {
            lookingAtDeadlines = false;
            looks.end(look);
            if (next != null && kernel.parked() > 0) {
                deadline = Math.min(deadline, Math.max(now.nanos() + SOON, now.nanosOf(next) + 1));
            }
        });
        body.node.timer().rearm(deadline);
    }
}
