// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.store.rules.Change;
import org.spicetime.runtime.store.rules.TaskDraft;
import org.spicetime.runtime.store.sqlite.row.Columns;
import org.spicetime.runtime.store.sqlite.row.Micros;
import org.spicetime.runtime.store.sqlite.row.TaskColumns;
import org.spicetime.runtime.store.sqlite.row.TaskReader;

/**
 * The calls of one transaction. Each is applied to what is known of its domain and tasks, or
 * refused without a trace; nothing is written before all were. So what a task goes through within
 * one batch costs one row write: Started and Completed together are one. Called by the writer's
 * thread.
 */
final class Batch {

    private static final String BY_ID =
            "SELECT " + TaskColumns.ALL + " FROM task t WHERE t.uid = ?";
    private static final String EXISTS = "SELECT 1 FROM task WHERE uid = ?";
    private static final String EPOCH = "SELECT epoch FROM lease WHERE domain = ?";

    private final Sql sql;
    private final Known known;
    private final InstantSource clock;
    private final boolean careful;
    private final Map<TaskId, Live> touched = new LinkedHashMap<>();
    private final Map<DomainId, DomainState> domains = new HashMap<>();
    private final Set<DomainId> deleted = new HashSet<>();
    private final List<DomainState> gone = new ArrayList<>();

    /**
     * What the writer keeps between transactions.
     *
     * @param tasks live tasks
     * @param domains all domains used
     * @param seq number of the last task admitted
     */
    record Known(LiveTasks tasks, Map<DomainId, DomainState> domains, AtomicLong seq) {
        void clear() {
            tasks.clear();
            domains.clear();
        }
    }

    /**
     * An empty one.
     *
     * @param careful whether to look for tasks of the same id before one is added, which is needed
     *     only after the engine has said that there is one
     */
    Batch(Sql sql, Known known, InstantSource clock, boolean careful) {
        this.sql = sql;
        this.known = known;
        this.clock = clock;
        this.careful = careful;
    }

    Sql sql() {
        return sql;
    }

    Instant now() {
        return clock.instant();
    }

    Map<TaskId, Live> touched() {
        return touched;
    }

    /** All domains used in this batch. */
    Iterable<DomainState> domains() {
        return domains.values();
    }

    List<DomainState> gone() {
        return gone;
    }

    /**
     * A domain. The first time in a transaction it is looked whether its epoch is still the one
     * that is known.
     */
    @Nullable DomainState domain(DomainId id) {
        DomainState used = domains.get(id);
        if (used != null || deleted.contains(id)) {
            return used;
        }
        try {
            DomainState state = known.domains().get(id);
            Long epoch = sql.first(EPOCH, to -> to.text(id.value()), row -> row.getLong(1));
            if (state == null || epoch == null || epoch != state.lease.epoch()) {
                state = epoch == null ? null : DomainState.load(sql, id);
            }
            if (state != null) {
                use(state);
            }
            return state;
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    /** Its row was changed without it. */
    void forgetState(DomainId id) {
        domains.remove(id);
        known.domains().remove(id);
    }

    void use(DomainState state) {
        domains.put(state.id, state);
        known.domains().put(state.id, state);
    }

    /**
     * Applies an append.
     *
     * @return the domain, whose number is known when the batch was written
     * @throws StoreException if it is refused; nothing is changed then
     */
    DomainState apply(Lease lease, List<StoreEvent> events) {
        DomainState state = domain(lease.domain());
        if (state == null || !state.owns(lease)) {
            throw new StoreException(
                    StoreException.Reason.FENCED,
                    "domain %s: epoch %d is no longer the present one (%s)"
                            .formatted(
                                    lease.domain(),
                                    lease.epoch(),
                                    state == null ? "none" : state.lease.epoch()));
        }
        Change change = new Change(new View(this, state), lease);
        change.apply(events);
        merge(state, change);
        return state;
    }

    private void merge(DomainState state, Change change) {
        if (change.isDeleted()) {
            delete(state);
            return;
        }
        if (!Objects.equals(change.record(), state.record)) {
            state.record = change.record();
            state.recordChanged = true;
        }
        state.revisions.addAll(change.revisions());
        state.keys.putAll(change.keys());
        change.schedules()
                .forEach((id, schedule) -> {
                    state.schedulesChanged.add(id);
                    if (schedule == null) {
                        state.schedules.remove(id);
                    } else {
                        state.schedules.put(id, schedule);
                    }
                });
        for (TaskDraft draft : change.drafts()) {
            merge(draft);
        }
        change.attempts()
                .forEach((task, attempts) ->
                        attempts.forEach((number, attempt) -> {
                            Live live = touched.get(task);
                            if (live != null && attempt != null) {
                                merge(live, attempt);
                            }
                        }));
    }

    private void merge(TaskDraft draft) {
        TaskRecord now = draft.record(0);
        Live live = draft.isNew() ? touched.get(draft.id()) : live(draft.id());
        if (live == null) {
            live = new Live(now, true);
        } else if (live.storedEdges == null && !live.inserted) {
            live.storedEdges = live.record.task().dependencies();
        }
        live.record = now;
        live.changed |= draft.isVisible();
        live.purged |= draft.isPurged();
        touched.put(draft.id(), live);
    }

    private static void merge(Live live, TaskAttempt attempt) {
        if (live.attempts == null) {
            throw new IllegalStateException("attempts are changed that were not read");
        }
        if (!attempt.log().isEmpty()) {
            live.log(attempt.number(), attempt.log());
        }
        live.attempts.put(attempt.number(), withoutLines(attempt));
        live.attemptsChanged.add(attempt.number());
    }

    static TaskAttempt withoutLines(TaskAttempt attempt) {
        return new TaskAttempt(
                attempt.number(),
                attempt.startedAt(),
                attempt.finishedAt(),
                attempt.outcome(),
                attempt.error(),
                attempt.host(),
                List.of(),
                attempt.linesDropped());
    }

    private void delete(DomainState state) {
        deleted.add(state.id);
        gone.add(state);
        domains.remove(state.id);
        known.domains().remove(state.id);
        touched.values().removeIf(live -> live.record.task().domain().equals(state.id));
        known.tasks().clear();
    }

    /** A task, of any domain; null: unknown. A purged one is still known within the batch. */
    @Nullable Live live(TaskId task) {
        Live live = touched.get(task);
        if (live == null) {
            live = known.tasks().get(task);
        }
        if (live == null) {
            TaskRecord stored = stored(task);
            live = stored == null ? null : new Live(stored, false);
            if (live != null) {
                known.tasks().keep(task, live);
            }
        }
        return live;
    }

    private @Nullable TaskRecord stored(TaskId task) {
        try {
            return sql.first(
                    BY_ID,
                    to -> to.bytes(Micros.bytes(task)),
                    row -> TaskReader.read(row, sql.connection()));
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    boolean exists(TaskId task) {
        if (touched.containsKey(task) || known.tasks().get(task) != null) {
            return true;
        }
        if (!careful) {
            return false;
        }
        try {
            return sql.first(EXISTS, to -> to.bytes(Micros.bytes(task)), row -> true) != null;
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    /** Headers of the attempts of a task, to be changed. */
    static Map<Integer, TaskAttempt> attempts(Sql sql, Live live) {
        if (live.attempts == null) {
            Map<Integer, TaskAttempt> read = new HashMap<>(0);
            try {
                sql.each(
                        Rows.ATTEMPTS,
                        to -> to.number(live.record.seq()),
                        row -> {
                            TaskAttempt attempt = Rows.attempt(new Columns(row, 1));
                            return read.put(attempt.number(), attempt);
                        });
            } catch (SQLException e) {
                throw new SqlFailure(e);
            }
            live.attempts = read;
        }
        return live.attempts;
    }

    long nextSeq() {
        return known.seq().incrementAndGet();
    }

    /** What was written is what is known now. */
    void written() {
        touched.forEach((id, live) -> {
            live.written();
            if (live.purged || live.record.task().phase().isFinal()) {
                known.tasks().drop(id);
            } else {
                known.tasks().keep(id, live);
            }
        });
        touched.clear();
        domains.values().forEach(DomainState::written);
    }
}
