// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.ChangePage;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskChange;
import org.spicetime.runtime.core.dispatch.DomainGuard;
import org.spicetime.runtime.core.history.ChangeLog;
import org.spicetime.runtime.core.history.TaskTrace;
import org.spicetime.runtime.core.paging.Cursors;
import org.spicetime.runtime.core.paging.Cursors.StreamPlace;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.TaskEntry;
import org.spicetime.runtime.kernel.task.TaskMatch;

/**
 * One reader of the changes of a domain whose durable tasks are stored. Their changes come from the
 * store in the order of their commits, and no further than the kernel has taken note of them; so a
 * cursor can be continued by the next run of the host. What the store does not know (volatile
 * tasks, and what of durable ones is not stored) comes from memory. It holds two places and nothing
 * else, however slow it is. Thread-safe; the store is read under a lock of its own, never inside
 * the domain's guard.
 */
final class StoredStream extends ChangeReader {

    private final TaskStore store;
    private final TaskMatch match;
    private final ReentrantLock reading = new ReentrantLock();

    /* Changed by the holder of the lock, inside the guard. */
    private ChangeCursor place;
    private ChangeLog.Reader unstored;

    StoredStream(
            TaskWatches tasks,
            TaskStore store,
            ChangeCursor place,
            ChangeLog.Reader unstored,
            TaskMatch match,
            Runnable available) {
        super(tasks, available);
        this.store = store;
        this.place = place;
        this.unstored = unstored;
        this.match = match;
    }

    @Override
    public List<TaskChange> next(int most) {
        checkMost(most);
        reading.lock();
        try {
            while (true) {
                ChangeCursor visible = tasks.visible();
                ChangePage page =
                        StoreReads.ask(() -> store.changes(tasks.domain(), place, atOnce(most)));
                List<TaskChange> told = inside(page, visible.changedSeq(), most);
                if (told != null) {
                    return told;
                }
            }
        } finally {
            reading.unlock();
        }
    }

    /* Half of the room is for what is not stored, so that neither has to wait for the other. */
    private static int atOnce(int most) {
        return Math.max(1, most / 2);
    }

    /* Null: there is more by now, look again. */
    private @Nullable List<TaskChange> inside(ChangePage page, long seen, int most) {
        DomainGuard guard = tasks.guard();
        guard.enter();
        try {
            if (isClosed()) {
                return List.of();
            }
            List<TaskChange> told = new ArrayList<>();
            take(page, seen, told);
            takeUnstored(most - told.size(), told);
            if (told.isEmpty()) {
                tasks.checkNotEnded();
                if (unstored.behind() || tasks.visible().changedSeq() != seen) {
                    return null;
                }
                taken();
            }
            return told;
        } finally {
            guard.leave();
        }
    }

    private void take(ChangePage page, long seen, List<TaskChange> told) {
        switch (page) {
            case ChangePage.Expired expired -> {
                tasks.checkNotEnded();
                throw expired(expired, place);
            }
            case ChangePage.Changes changes -> {
                boolean all = !changes.more();
                for (ChangePage.TaskChange change : changes.changes()) {
                    if (change.cursor().changedSeq() > seen) {
                        all = true;
                        break;
                    }
                    place = change.cursor();
                    told.add(change(change));
                }
                long reached = all ? seen : Math.min(seen, changes.next().changedSeq());
                if (place.changedSeq() < reached) {
                    place = new ChangeCursor(place.incarnation(), reached);
                }
            }
        }
    }

    static RefusedException expired(ChangePage.Expired expired, ChangeCursor place) {
        return Cursors.expired(
                "after",
                expired.oldest().incarnation().equals(place.incarnation())
                        ? "is too old, tasks that were purged since are forgotten"
                        : "belongs to another domain, or to another incarnation of this one");
    }

    private void takeUnstored(int room, List<TaskChange> told) {
        if (unstored.expired()) {
            // Only volatile tasks were purged that often: they are told live, and not repeated.
            unstored.close();
            unstored = tasks.changes().reader(tasks.changes().last());
        }
        if (room > 0) {
            unstored.take(room, (number, task, trace) -> add(task, trace, told));
        }
    }

    private TaskChange change(ChangePage.TaskChange change) {
        String cursor = cursor();
        TaskRecord record = change.record();
        if (record == null) {
            return new TaskChange(cursor, null, change.task(), TaskChange.Kind.PURGED);
        }
        Task task = newest(record.task());
        return new TaskChange(
                cursor,
                task,
                change.task(),
                match.matches(task) ? TaskChange.Kind.UPSERT : TaskChange.Kind.LEFT_FILTER);
    }

    /* An unfinished task is told as the kernel has it: the store knows less of it. */
    private Task newest(Task stored) {
        if (stored.phase().isFinal()) {
            return stored;
        }
        TaskEntry entry = tasks.kernel().entry(stored.id()).orElse(null);
        return entry == null || entry.isFinal()
                ? stored
                : tasks.kernel().snapshot(entry, tasks.now());
    }

    private void add(TaskId id, @Nullable TaskTrace trace, List<TaskChange> told) {
        if (trace == null) {
            told.add(new TaskChange(null, null, id, TaskChange.Kind.PURGED));
            return;
        }
        TaskEntry entry = trace.entry();
        boolean durable = entry.durability() == Durability.DURABLE;
        if (durable && entry.isFinal()) {
            return;
        }
        Now now = tasks.now();
        told.add(
                new TaskChange(
                        durable ? cursor() : null,
                        tasks.kernel().snapshot(entry, now),
                        id,
                        match.test(entry) ? TaskChange.Kind.UPSERT : TaskChange.Kind.LEFT_FILTER));
    }

    private String cursor() {
        return Cursors.of(new StreamPlace(place, tasks.changes().id(), unstored.number()));
    }

    @Override
    void leave() {
        unstored.close();
    }
}
