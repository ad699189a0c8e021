// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.memory;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.store.rules.Change;
import org.spicetime.runtime.store.rules.Present;
import org.spicetime.runtime.store.rules.TaskDraft;

/** The events of one append. Used once, under the store's lock. */
final class Transaction implements Present {

    private final Memory memory;
    private final DomainData domain;
    private final Lease lease;
    private final Change change;

    Transaction(Memory memory, DomainData domain, Lease lease) {
        this.memory = memory;
        this.domain = domain;
        this.lease = lease;
        change = new Change(this, lease);
    }

    void apply(List<StoreEvent> events) {
        change.apply(events);
    }

    @Override
    public @Nullable DomainRecord record() {
        return domain.record;
    }

    @Override
    public HostRef holder() {
        return (domain.lease == null ? lease : domain.lease).holder();
    }

    @Override
    public boolean exists(TaskId task) {
        return memory.find(task) != null;
    }

    @Override
    public @Nullable TaskRecord task(TaskId task) {
        Row row = domain.rows.get(task);
        return row == null ? null : row.record();
    }

    @Override
    public @Nullable TaskAttempt attempt(TaskDraft task, int number) {
        return domain.attempts.getOrDefault(task.id(), new TreeMap<>()).get(number);
    }

    @Override
    public boolean isKnown(String key) {
        return memory.known(domain, key).isPresent();
    }

    @Override
    public @Nullable ScheduleRecord schedule(UUID id) {
        return domain.schedules.get(id);
    }

    @Override
    public @Nullable UUID scheduleNamed(String name) {
        for (ScheduleRecord schedule : domain.schedules.values()) {
            if (schedule.name().equals(name)) {
                return schedule.id();
            }
        }
        return null;
    }

    @Override
    public long nextSeq() {
        return memory.nextSeq();
    }

    @Override
    public Instant now() {
        return memory.now();
    }

    /** Makes it so. Never fails. */
    void commit() {
        if (change.isDeleted()) {
            memory.delete(domain);
            return;
        }
        domain.record = change.record();
        domain.keys.putAll(change.keys());
        change.revisions().forEach(each -> domain.revisions.put(each.config().revision(), each));
        change.attempts()
                .forEach((task, changed) ->
                        changed.forEach((number, attempt) -> {
                            if (attempt != null) {
                                domain.attempts
                                        .computeIfAbsent(task, id -> new TreeMap<>())
                                        .put(number, attempt);
                            }
                        }));
        change.schedules()
                .forEach((id, schedule) -> {
                    if (schedule == null) {
                        domain.schedules.remove(id);
                    } else {
                        domain.schedules.put(id, schedule);
                    }
                });
        for (TaskDraft draft : change.drafts()) {
            Row former = domain.rows.get(draft.id());
            if (draft.isPurged()) {
                if (former != null) {
                    memory.purge(domain, former, draft.updatedAt());
                }
            } else if (draft.isVisible()) {
                memory.put(domain, new Row(draft.record(domain.nextChange())));
            }
        }
    }
}
