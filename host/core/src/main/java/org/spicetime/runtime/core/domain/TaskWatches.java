// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.ChangePage;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskChanges;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.core.dispatch.DomainGuard;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.core.history.ChangeLog;
import org.spicetime.runtime.core.paging.Cursors;
import org.spicetime.runtime.core.paging.Cursors.StreamPlace;
import org.spicetime.runtime.core.watches.Channel;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.ForeignTask;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.TaskEntry;
import org.spicetime.runtime.kernel.task.TaskMatch;

/**
 * Who wants to know of the tasks of a domain: those who watch one task, those who read the changes
 * of all, and other domains whose tasks wait for one of this. Methods that say so are called inside
 * the guard, the others take it.
 */
final class TaskWatches {

    private static final ChangeCursor NOTHING_STORED = new ChangeCursor(new UUID(0, 0), 0);

    private final DomainId id;
    private final DomainGuard guard;
    private final HostClock clock;
    private final DomainKernel kernel;
    private final ChangeLog changes;
    private final TaskEvents events;
    private final Executor notifier;

    /* Guarded by the guard. */
    private final Map<TaskId, List<Channel<Task>>> watches = new HashMap<>();
    private final Map<TaskId, Set<DomainId>> awaited = new HashMap<>();
    private final Set<TaskEntry> touched = new LinkedHashSet<>();
    private final List<ChangeReader> streams = new ArrayList<>();

    /* Written inside the guard. */
    private volatile ChangeCursor visible = NOTHING_STORED;

    private long toldUntil;
    private boolean ended;

    TaskWatches(
            DomainId id,
            DomainGuard guard,
            HostClock clock,
            DomainKernel kernel,
            ChangeLog changes,
            TaskEvents events,
            Executor notifier) {
        this.id = id;
        this.guard = guard;
        this.clock = clock;
        this.kernel = kernel;
        this.changes = changes;
        this.events = events;
        this.notifier = notifier;
    }

    /* ---- dependencies across domains ---- */

    /** From now on this domain is told of changes of the task; its state now; empty: unknown. */
    Optional<ForeignTask> await(TaskId task, DomainId waiting) {
        guard.enter();
        try {
            Optional<TaskEntry> entry = kernel.entry(task);
            if (entry.isPresent() && !entry.get().isFinal()) {
                awaited.computeIfAbsent(task, t -> new LinkedHashSet<>()).add(waiting);
            }
            return entry.map(this::foreignState);
        } finally {
            guard.leave();
        }
    }

    private ForeignTask foreignState(TaskEntry entry) {
        return new ForeignTask(id, entry.phase(), entry.attempt() > 0, entry.result());
    }

    /* ---- one task ---- */

    /**
     * Tells the states of a task, the present one first, until the final one; empty: it is not in
     * memory.
     */
    Optional<Watch> watch(TaskId task, Channel<Task> channel) {
        guard.enter();
        try {
            Now now = clock.now();
            Task present = kernel.task(task, now).orElse(null);
            if (present == null) {
                return Optional.empty();
            }
            channel.offer(present);
            if (present.phase().isFinal()) {
                return Optional.of(channel);
            }
            List<Channel<Task>> all = watches.computeIfAbsent(task, t -> new ArrayList<>(2));
            all.removeIf(Channel::closed);
            all.add(channel);
            return Optional.of(() -> {
                channel.close();
                forget(task, channel);
            });
        } finally {
            guard.leave();
        }
    }

    private void forget(TaskId task, Channel<Task> channel) {
        guard.enter();
        try {
            List<Channel<Task>> all = watches.get(task);
            if (all != null && all.remove(channel) && all.isEmpty()) {
                watches.remove(task);
            }
        } finally {
            guard.leave();
        }
    }

    /* ---- all tasks ---- */

    /** The changes after a cursor; from now on without one. */
    TaskChanges stream(TaskFilter filter, @Nullable String after, Runnable available) {
        guard.enter();
        try {
            if (ended) {
                throw RefusedException.notFound("domain", id);
            }
            long from = after == null ? changes.last() : Cursors.change("after", after, changes);
            TaskStream stream =
                    new TaskStream(this, changes.reader(from), new TaskMatch(filter), available);
            streams.add(stream);
            if (changes.last() > from) {
                stream.tell(guard, notifier);
            }
            return stream;
        } finally {
            guard.leave();
        }
    }

    /**
     * The same where durable tasks are stored; may wait for the disk, so not inside the guard.
     *
     * @param store of the domain's tasks
     */
    TaskChanges stream(
            TaskStore store, TaskFilter filter, @Nullable String after, Runnable available) {
        StreamPlace from = after == null ? null : Cursors.streamPlace("after", after);
        ChangePage page =
                from == null ? null : StoreReads.ask(() -> store.changes(id, from.stored(), 1));
        guard.enter();
        try {
            checkNotEnded();
            if (from != null && page instanceof ChangePage.Expired expired) {
                throw StoredStream.expired(expired, from.stored());
            }
            boolean goesOn =
                    from != null
                            && from.run().equals(changes.id())
                            && changes.reaches(from.number());
            long number = from != null && goesOn ? from.number() : changes.last();
            StoredStream stream =
                    new StoredStream(
                            this,
                            store,
                            from == null ? visible() : from.stored(),
                            changes.reader(number),
                            new TaskMatch(filter),
                            available);
            streams.add(stream);
            if (from != null) {
                stream.tell(guard, notifier);
            }
            return stream;
        } finally {
            guard.leave();
        }
    }

    /** What the store has of the domain before anything happens in this run. Once. */
    void begin(ChangeCursor stored) {
        visible = stored;
    }

    /**
     * All stored changes up to this one hold, and the kernel has taken note of them. Any thread, in
     * the order of the commits.
     */
    void committed(ChangeCursor asOf) {
        guard.enter();
        try {
            ChangeCursor before = visible;
            if (asOf.incarnation().equals(before.incarnation())
                    && asOf.changedSeq() <= before.changedSeq()) {
                return;
            }
            visible = asOf;
            for (ChangeReader stream : streams) {
                stream.tell(guard, notifier);
            }
        } finally {
            guard.leave();
        }
    }

    /** Up to where stored changes may be told. */
    ChangeCursor visible() {
        return visible;
    }

    DomainId domain() {
        return id;
    }

    ChangeLog changes() {
        return changes;
    }

    /** The present end of the changes, for one who lists and then goes on. Inside the guard. */
    String asOf(boolean stored) {
        return stored
                ? Cursors.of(new StreamPlace(visible, changes.id(), changes.last()))
                : Cursors.of(changes, changes.last());
    }

    DomainGuard guard() {
        return guard;
    }

    DomainKernel kernel() {
        return kernel;
    }

    Now now() {
        return clock.now();
    }

    String cursor(long number) {
        return Cursors.of(changes, number);
    }

    void remove(ChangeReader stream) {
        streams.remove(stream);
    }

    /** Refuses to go on when the domain is gone. Inside the guard. */
    void checkNotEnded() {
        if (ended) {
            throw RefusedException.notFound("domain", id);
        }
    }

    /** The domain is gone: readers are told once more, and then that there is nothing any more. */
    void end() {
        guard.enter();
        try {
            ended = true;
            streams.forEach(stream -> stream.tell(guard, notifier));
        } finally {
            guard.leave();
        }
    }

    /* ---- inside the guard ---- */

    /** A task has changed. */
    void changed(TaskEntry entry) {
        if (watches.isEmpty() && awaited.isEmpty()) {
            return;
        }
        if (watches.containsKey(entry.taskId()) || awaited.containsKey(entry.taskId())) {
            touched.add(entry);
        }
    }

    /** Tells what changed since the last call. */
    void settle() {
        if (!touched.isEmpty()) {
            Now now = clock.now();
            for (TaskEntry entry : touched) {
                tell(entry, now);
            }
            touched.clear();
        }
        if (!streams.isEmpty() && changes.last() != toldUntil) {
            toldUntil = changes.last();
            for (ChangeReader stream : streams) {
                stream.tell(guard, notifier);
            }
        }
    }

    private void tell(TaskEntry entry, Now now) {
        TaskId task = entry.taskId();
        List<Channel<Task>> all = watches.get(task);
        if (all != null) {
            Task snapshot = kernel.snapshot(entry, now);
            all.forEach(channel -> channel.offer(snapshot));
            if (entry.isFinal()) {
                watches.remove(task);
            }
        }
        Set<DomainId> waiting = awaited.get(task);
        if (waiting != null) {
            events.awaitedChanged(Set.copyOf(waiting), task, foreignState(entry));
            if (entry.isFinal()) {
                awaited.remove(task);
            }
        }
    }
}
