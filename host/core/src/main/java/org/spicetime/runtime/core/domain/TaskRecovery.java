// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.QueuedRef;
import org.spicetime.runtime.api.store.RankCursor;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.kernel.task.ForeignTask;
import org.spicetime.runtime.kernel.task.Restored;

/**
 * Brings back the unfinished tasks of all domains: first all are read, then each domain is given
 * its own, so that whoever waits for a task of another domain finds it. Used once, by one thread.
 */
final class TaskRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(TaskRecovery.class);
    private static final int PART = 1000;

    private final TaskStore store;
    private final PoisonTasks poison;
    private final Map<HostedDomain, Map<TaskId, TaskRecord>> live = new LinkedHashMap<>();
    private final Map<TaskId, DomainId> homes = new HashMap<>();

    /* Tasks waited for that have ended, and those whose results are wanted. */
    private final Map<TaskId, TaskRecord> ended = new HashMap<>();

    TaskRecovery(TaskStore store, PoisonTasks poison) {
        this.store = store;
        this.poison = poison;
    }

    /** Reads what a domain has not finished. */
    void read(HostedDomain domain) {
        DomainId id = domain.id();
        Map<TaskId, TaskRecord> records = new LinkedHashMap<>();
        live.put(domain, records);
        long after = 0;
        for (List<QueuedRef> page = store.held(id, after, PART);
                !page.isEmpty();
                page = store.held(id, after, PART)) {
            load(domain, page, records);
            after = page.getLast().seq();
        }
        RankCursor place = RankCursor.START;
        int room = domain.window().size();
        for (List<QueuedRef> page = store.head(id, place, Math.min(PART, room));
                !page.isEmpty();
                page = room == 0 ? List.of() : store.head(id, place, Math.min(PART, room))) {
            load(domain, page, records);
            place = page.getLast().cursor();
            room -= page.size();
        }
    }

    private void load(HostedDomain domain, List<QueuedRef> page, Map<TaskId, TaskRecord> records) {
        List<TaskId> ids = page.stream().map(QueuedRef::task).toList();
        List<TaskRecord> loaded = store.loadAll(ids);
        for (TaskRecord record : loaded) {
            poison.judge(domain.body(), record).ifPresent(left -> take(domain, left, records));
        }
        if (loaded.size() < ids.size()) {
            Set<TaskId> damaged = new HashSet<>(ids);
            loaded.forEach(record -> damaged.remove(record.task().id()));
            LOG.error(
                    "domain={}: {} tasks are damaged and stay in the store as they are: {}",
                    domain.id(),
                    damaged.size(),
                    damaged);
        }
        if (records.size() / 10_000 > (records.size() - loaded.size()) / 10_000) {
            LOG.info("domain={}: {} tasks are read so far", domain.id(), records.size());
        }
    }

    private void take(HostedDomain domain, TaskRecord record, Map<TaskId, TaskRecord> records) {
        records.put(record.task().id(), record);
        homes.put(record.task().id(), domain.id());
    }

    /** Reads the tasks that others wait for and that have ended. After the last {@link #read}. */
    void readPrerequisites() {
        Set<TaskId> wanted = new HashSet<>();
        for (Map<TaskId, TaskRecord> records : live.values()) {
            for (TaskRecord record : records.values()) {
                for (TaskDependency edge : record.task().dependencies()) {
                    if (StoredAdmissions.matters(edge) && !homes.containsKey(edge.task())) {
                        wanted.add(edge.task());
                    }
                }
            }
        }
        List<TaskId> ids = List.copyOf(wanted);
        for (int from = 0; from < ids.size(); from += PART) {
            store.loadAll(ids.subList(from, Math.min(ids.size(), from + PART)))
                    .forEach(this::prerequisite);
        }
    }

    /* Who is waited for is in memory, however long the queue. */
    private void prerequisite(TaskRecord record) {
        Task task = record.task();
        if (task.phase().isFinal()) {
            ended.put(task.id(), record);
            return;
        }
        live.forEach((domain, records) -> {
            if (domain.id().equals(task.domain())) {
                take(domain, record, records);
            }
        });
    }

    /**
     * Gives a domain its tasks.
     *
     * @return how many
     */
    int give(HostedDomain domain) {
        List<Restored> tasks = new ArrayList<>();
        StoredAdmissions admissions = domain.storedAdmissions();
        for (TaskRecord record : live.getOrDefault(domain, Map.of()).values()) {
            tasks.add(admissions.restored(record, other -> state(domain.id(), other)));
        }
        DomainBody body = domain.body();
        body.tasks.run((kernel, now) -> body.tasks.readmission().takeUp(tasks, now));
        domain.window().found(store.unfinished(domain.id()));
        return tasks.size();
    }

    /** Tells a domain again of what it waits for elsewhere, now that all domains have theirs. */
    void lookAcross(HostedDomain domain) {
        Set<TaskId> foreign = new HashSet<>();
        for (TaskRecord record : live.getOrDefault(domain, Map.of()).values()) {
            for (TaskDependency edge : record.task().dependencies()) {
                DomainId home = homes.get(edge.task());
                if (!edge.satisfied() && home != null && !home.equals(domain.id())) {
                    foreign.add(edge.task());
                }
            }
        }
        foreign.forEach(domain::lookAgain);
    }

    private @Nullable ForeignTask state(DomainId of, TaskId id) {
        TaskRecord over = ended.get(id);
        if (over != null) {
            return StoredAdmissions.state(over);
        }
        DomainId home = homes.get(id);
        if (home == null || home.equals(of)) {
            return null;
        }
        for (Map.Entry<HostedDomain, Map<TaskId, TaskRecord>> other : live.entrySet()) {
            TaskRecord record = other.getValue().get(id);
            if (record != null) {
                return StoredAdmissions.state(record);
            }
        }
        throw new IllegalStateException("task " + id + " was read and is gone");
    }
}
