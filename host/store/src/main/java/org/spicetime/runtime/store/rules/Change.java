// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.rules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.DomainEvent;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.IntendedState;
import org.spicetime.runtime.api.store.Known;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.ScheduleEvent;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoredConfig;
import org.spicetime.runtime.api.store.StoredRevision;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.TaskAttempt;

/**
 * The events of one append. They are applied to drafts, and what they change is told afterwards, so
 * an event that is refused undoes the others. Used once, by one thread.
 */
public final class Change {

    /**
     * What is to be remembered under an idempotency key.
     *
     * @param known the task and the hash of its input
     * @param usedAt when
     */
    public record Key(Known known, Instant usedAt) {}

    private final Present present;
    private final Lease lease;
    private final Map<TaskId, TaskDraft> drafts = new LinkedHashMap<>();
    private final Map<String, Key> keys = new HashMap<>();
    private final Map<UUID, @Nullable ScheduleRecord> schedules = new LinkedHashMap<>();
    private final Map<TaskId, Map<Integer, @Nullable TaskAttempt>> attempts = new HashMap<>();
    private final List<StoredRevision> revisions = new ArrayList<>();
    private @Nullable DomainRecord record;
    private boolean deleted;

    /**
     * Nothing yet.
     *
     * @param present what is stored
     * @param lease under which the events are told
     */
    public Change(Present present, Lease lease) {
        this.present = present;
        this.lease = lease;
        record = present.record();
    }

    /**
     * Applies events; after a refusal this is of no use any more.
     *
     * @param events in order
     * @throws StoreException if one is refused
     */
    public void apply(List<StoreEvent> events) {
        for (StoreEvent event : events) {
            if (deleted) {
                throw stale("domain " + lease.domain() + " was deleted by an event before", event);
            }
            switch (event) {
                case TaskEvent.Submitted submitted -> submit(submitted);
                case TaskEvent task -> touch(task);
                case ScheduleEvent schedule -> apply(schedule);
                case DomainEvent about -> apply(about);
            }
        }
    }

    private void submit(TaskEvent.Submitted event) {
        TaskId id = event.task();
        if (!event.admitted().domain().equals(lease.domain())) {
            throw stale("task " + id + " belongs to domain " + event.admitted().domain(), event);
        }
        if (drafts.containsKey(id) || present.exists(id)) {
            throw TaskRules.stale(id, "was admitted before", event);
        }
        String key = event.admitted().request().idempotencyKey();
        if (key != null && event.inputHash() != null) {
            if (keys.containsKey(key) || present.isKnown(key)) {
                throw new StoreException(
                        StoreException.Reason.DUPLICATE_KEY,
                        "task %s: another task has its idempotency key in domain %s"
                                .formatted(id, lease.domain()));
            }
            keys.put(key, new Key(new Known(id, event.inputHash()), present.now()));
        }
        drafts.put(id, new TaskDraft(event, present.nextSeq()));
    }

    private void touch(TaskEvent event) {
        TaskDraft draft = drafts.get(event.task());
        if (draft == null) {
            TaskRecord stored = present.task(event.task());
            if (stored == null) {
                throw TaskRules.stale(
                        event.task(), "is not a task of domain " + lease.domain(), event);
            }
            draft = new TaskDraft(stored);
            drafts.put(event.task(), draft);
        }
        if (draft.isPurged()) {
            throw TaskRules.stale(event.task(), "was purged", event);
        }
        Instant firstStart = draft.startedAt();
        TaskRules.apply(draft, event, lease);
        int number = AttemptRules.number(event);
        if (number > 0) {
            attempt(number, event, draft, firstStart);
        }
    }

    private void attempt(
            int number, TaskEvent event, TaskDraft draft, @Nullable Instant firstStart) {
        Map<Integer, @Nullable TaskAttempt> changed =
                attempts.computeIfAbsent(draft.id(), id -> new HashMap<>());
        TaskAttempt kept =
                changed.containsKey(number) ? changed.get(number) : present.attempt(draft, number);
        changed.put(number, AttemptRules.after(event, draft, firstStart, kept, present.holder()));
    }

    private void apply(ScheduleEvent event) {
        switch (event) {
            case ScheduleEvent.ScheduleSaved saved -> save(saved);
            case ScheduleEvent.ScheduleDeleted gone -> {
                present(gone.schedule(), event);
                schedules.put(gone.schedule(), null);
            }
            case ScheduleEvent.ScheduleAdvanced advanced -> {
                ScheduleRecord former = present(advanced.schedule(), event);
                boolean released = advanced.task() != null;
                schedules.put(
                        former.id(),
                        new ScheduleRecord(
                                former.id(),
                                former.name(),
                                former.definition(),
                                former.paused(),
                                advanced.nextRelease(),
                                released ? advanced.task() : former.lastTask(),
                                former.released() + (released ? 1 : 0),
                                former.skipped() + advanced.skipped(),
                                former.revision(),
                                former.owner(),
                                former.changedBy(),
                                former.createdAt(),
                                advanced.at()));
            }
        }
    }

    private void save(ScheduleEvent.ScheduleSaved event) {
        ScheduleRecord schedule = event.schedule();
        ScheduleRecord former = schedule(schedule.id());
        if (former != null && schedule.revision() != former.revision() + 1) {
            throw stale(
                    "schedule %s has revision %d, and %d does not follow"
                            .formatted(schedule.id(), former.revision(), schedule.revision()),
                    event);
        }
        UUID namesake = namesake(schedule.name());
        if (namesake != null && !namesake.equals(schedule.id())) {
            throw stale("schedule " + namesake + " has the name " + schedule.name(), event);
        }
        schedules.put(schedule.id(), schedule);
    }

    private @Nullable UUID namesake(String name) {
        for (ScheduleRecord changed : schedules.values()) {
            if (changed != null && changed.name().equals(name)) {
                return changed.id();
            }
        }
        UUID stored = present.scheduleNamed(name);
        return schedules.containsKey(stored) ? null : stored;
    }

    private @Nullable ScheduleRecord schedule(UUID id) {
        return schedules.containsKey(id) ? schedules.get(id) : present.schedule(id);
    }

    private ScheduleRecord present(UUID id, StoreEvent event) {
        ScheduleRecord schedule = schedule(id);
        if (schedule == null) {
            throw stale("there is no schedule " + id + " in domain " + lease.domain(), event);
        }
        return schedule;
    }

    private void apply(DomainEvent event) {
        switch (event) {
            case DomainEvent.DomainSaved saved -> save(saved);
            case DomainEvent.ConfigChanged changed -> {
                DomainRecord former = saved(event);
                if (changed.config().revision() != former.config().revision() + 1) {
                    throw stale(
                            "domain %s has configuration %d, and %d does not follow"
                                    .formatted(
                                            lease.domain(),
                                            former.config().revision(),
                                            changed.config().revision()),
                            event);
                }
                update(former, changed.config(), former.intended(), former.grants(), event.at());
                remember(changed);
            }
            case DomainEvent.GrantsChanged changed -> {
                DomainRecord former = saved(event);
                update(former, former.config(), former.intended(), changed.grants(), event.at());
            }
            case DomainEvent.StateIntended intended -> {
                DomainRecord former = saved(event);
                update(former, former.config(), intended.intended(), former.grants(), event.at());
            }
            case DomainEvent.DomainDeleted gone -> {
                saved(event);
                deleted = true;
            }
        }
    }

    private void save(DomainEvent.DomainSaved event) {
        DomainRecord now = event.domain();
        if (!now.id().equals(lease.domain()) || !now.incarnation().equals(lease.incarnation())) {
            throw stale(
                    "domain %s of incarnation %s is not that of the lease"
                            .formatted(now.id(), now.incarnation()),
                    event);
        }
        if (record != null && record.config().revision() != now.config().revision()) {
            throw stale(
                    "domain %s has configuration %d, not %d"
                            .formatted(
                                    lease.domain(),
                                    record.config().revision(),
                                    now.config().revision()),
                    event);
        }
        record = now;
        if (event.first() != null) {
            if (present.record() != null) {
                throw stale("domain " + lease.domain() + " was saved before", event);
            }
            remember(event.first());
        }
    }

    private void remember(DomainEvent.ConfigChanged change) {
        revisions.add(
                new StoredRevision(
                        change.config(),
                        change.at(),
                        change.changes(),
                        change.source(),
                        change.by()));
    }

    private DomainRecord saved(StoreEvent event) {
        DomainRecord present = record;
        if (present == null) {
            throw stale("domain " + lease.domain() + " was never saved", event);
        }
        return present;
    }

    private void update(
            DomainRecord former,
            StoredConfig config,
            IntendedState intended,
            @Nullable String grants,
            Instant at) {
        record =
                new DomainRecord(
                        former.id(),
                        former.incarnation(),
                        former.name(),
                        former.description(),
                        former.labels(),
                        intended,
                        config,
                        grants,
                        former.createdAt(),
                        at);
    }

    private static StoreException stale(String what, StoreEvent event) {
        return new StoreException(
                StoreException.Reason.STALE,
                what + "; " + event.getClass().getSimpleName() + " is refused");
    }

    /**
     * The tasks that changed.
     *
     * @return in the order in which they were first touched
     */
    public Collection<TaskDraft> drafts() {
        return drafts.values();
    }

    /**
     * The idempotency keys that were used.
     *
     * @return by key
     */
    public Map<String, Key> keys() {
        return keys;
    }

    /**
     * The schedules that changed.
     *
     * @return by id; null: deleted
     */
    public Map<UUID, @Nullable ScheduleRecord> schedules() {
        return schedules;
    }

    /**
     * The attempts that changed.
     *
     * @return by task and number; null: nothing is to be kept
     */
    public Map<TaskId, Map<Integer, @Nullable TaskAttempt>> attempts() {
        return attempts;
    }

    /**
     * The configurations that came into force.
     *
     * @return in order
     */
    public List<StoredRevision> revisions() {
        return revisions;
    }

    /**
     * The domain.
     *
     * @return as it is afterwards; null: it was never saved
     */
    public @Nullable DomainRecord record() {
        return record;
    }

    /**
     * Whether the domain is gone, with all that belongs to it.
     *
     * @return whether it was deleted
     */
    public boolean isDeleted() {
        return deleted;
    }
}
