// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.store;

import java.time.Instant;
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
import org.spicetime.runtime.api.store.TaskEvent;

/**
 * The events of one append. They are applied to drafts; nothing is changed before {@link #commit},
 * so an event that is refused undoes the others. Used once, under the store's lock.
 */
final class Transaction {

    private final Memory memory;
    private final DomainData domain;
    private final Lease lease;
    private final Map<TaskId, TaskDraft> drafts = new LinkedHashMap<>();
    private final Map<String, DomainData.Key> keys = new HashMap<>();
    private final Map<UUID, @Nullable ScheduleRecord> schedules = new LinkedHashMap<>();
    private @Nullable DomainRecord record;
    private boolean deleted;

    Transaction(Memory memory, DomainData domain, Lease lease) {
        this.memory = memory;
        this.domain = domain;
        this.lease = lease;
        record = domain.record;
    }

    void apply(List<StoreEvent> events) {
        for (StoreEvent event : events) {
            if (deleted) {
                throw stale("domain " + domain.id + " was deleted by an event before", event);
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
        if (!event.admitted().domain().equals(domain.id)) {
            throw stale("task " + id + " belongs to domain " + event.admitted().domain(), event);
        }
        if (drafts.containsKey(id) || memory.find(id) != null) {
            throw TaskRules.stale(id, "was admitted before", event);
        }
        String key = event.admitted().request().idempotencyKey();
        if (key != null && event.inputHash() != null) {
            if (keys.containsKey(key) || memory.known(domain, key).isPresent()) {
                throw new StoreException(
                        StoreException.Reason.DUPLICATE_KEY,
                        "task %s: another task has its idempotency key in domain %s"
                                .formatted(id, domain.id));
            }
            keys.put(key, new DomainData.Key(new Known(id, event.inputHash()), memory.now()));
        }
        drafts.put(id, new TaskDraft(event, memory.nextSeq()));
    }

    private void touch(TaskEvent event) {
        TaskDraft draft = drafts.get(event.task());
        if (draft == null) {
            Row row = domain.rows.get(event.task());
            if (row == null) {
                throw TaskRules.stale(event.task(), "is not a task of domain " + domain.id, event);
            }
            draft = new TaskDraft(row);
            drafts.put(event.task(), draft);
        }
        if (draft.purged) {
            throw TaskRules.stale(event.task(), "was purged", event);
        }
        TaskRules.apply(draft, event, lease);
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
        Map<UUID, @Nullable ScheduleRecord> all = new HashMap<>(domain.schedules);
        all.putAll(schedules);
        for (ScheduleRecord other : all.values()) {
            if (other != null
                    && !other.id().equals(schedule.id())
                    && other.name().equals(schedule.name())) {
                throw stale("schedule " + other.id() + " has the name " + other.name(), event);
            }
        }
        schedules.put(schedule.id(), schedule);
    }

    private @Nullable ScheduleRecord schedule(UUID id) {
        return schedules.containsKey(id) ? schedules.get(id) : domain.schedules.get(id);
    }

    private ScheduleRecord present(UUID id, StoreEvent event) {
        ScheduleRecord schedule = schedule(id);
        if (schedule == null) {
            throw stale("there is no schedule " + id + " in domain " + domain.id, event);
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
                                            domain.id,
                                            former.config().revision(),
                                            changed.config().revision()),
                            event);
                }
                update(former, changed.config(), former.intended(), former.grants(), event.at());
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
        if (!now.id().equals(domain.id) || !now.incarnation().equals(domain.incarnation)) {
            throw stale(
                    "domain %s of incarnation %s is not that of the lease"
                            .formatted(now.id(), now.incarnation()),
                    event);
        }
        if (record != null && record.config().revision() != now.config().revision()) {
            throw stale(
                    "domain %s has configuration %d, not %d"
                            .formatted(
                                    domain.id, record.config().revision(), now.config().revision()),
                    event);
        }
        record = now;
    }

    private DomainRecord saved(StoreEvent event) {
        DomainRecord present = record;
        if (present == null) {
            throw stale("domain " + domain.id + " was never saved", event);
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

    /** Makes it so. Never fails. */
    void commit() {
        if (deleted) {
            memory.delete(domain);
            return;
        }
        domain.record = record;
        domain.keys.putAll(keys);
        schedules.forEach((id, schedule) -> {
            if (schedule == null) {
                domain.schedules.remove(id);
            } else {
                domain.schedules.put(id, schedule);
            }
        });
        for (TaskDraft draft : drafts.values()) {
            Row former = domain.rows.get(draft.id());
            if (draft.purged) {
                if (former != null) {
                    memory.purge(domain, former, draft.updatedAt);
                }
            } else if (draft.visible) {
                memory.put(domain, draft.row(domain.nextChange()));
            }
        }
    }
}
