// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;

/**
 * What the schedules of a domain have taken for themselves: a name each, and processor time that
 * may be guaranteed. A claim holds before its schedule is stored, so two that are made at once
 * cannot both have what is there for one. Thread-safe; what can be guaranteed is asked without the
 * lock, because the answer takes a while.
 */
final class Claims {

    private final ScheduleHost host;

    /* One decision on what can be guaranteed at a time; taken before the lock. */
    private final ReentrantLock deciding = new ReentrantLock();

    /* Guards the maps. Held for a look or a change, and may be taken under any other. */
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, String> names = new LinkedHashMap<>();
    private final Map<UUID, ScheduleRequest> wanted = new LinkedHashMap<>();

    /** Without claims. */
    Claims(ScheduleHost host) {
        this.host = host;
    }

    /** What each schedule asks for, those included that are being created. */
    Map<UUID, ScheduleRequest> wanted() {
        lock.lock();
        try {
            return new LinkedHashMap<>(wanted);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Claims what a new schedule asks for.
     *
     * @throws RefusedException it cannot be guaranteed, there are too many, or the name is taken
     */
    void begin(UUID id, ScheduleRequest request) {
        deciding.lock();
        try {
            host.guarantee(id, wantedWith(id, request));
            addNew(id, request);
        } finally {
            deciding.unlock();
        }
    }

    private Map<UUID, ScheduleRequest> wantedWith(UUID id, ScheduleRequest request) {
        Map<UUID, ScheduleRequest> all = wanted();
        all.put(id, request);
        return all;
    }

    private void addNew(UUID id, ScheduleRequest request) {
        lock.lock();
        try {
            if (names.size() >= Schedule.MAX_PER_DOMAIN) {
                throw RefusedException.exhausted(
                        "domain \""
                                + host.domain()
                                + "\" has "
                                + names.size()
                                + " schedules, the most it may have; delete one first",
                        1,
                        0);
            }
            name(id, request.name());
            wanted.put(id, request);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Claims a name, in place of the one the schedule has.
     *
     * @throws RefusedException another schedule has it; the former name stays claimed
     */
    void name(UUID id, String name) {
        lock.lock();
        try {
            boolean taken =
                    names.entrySet().stream()
                            .anyMatch(other ->
                                    !other.getKey().equals(id) && other.getValue().equals(name));
            if (taken) {
                throw RefusedException.conflict(
                                "domain \""
                                        + host.domain()
                                        + "\" has a schedule named \""
                                        + name
                                        + "\" already; choose another name")
                        .with("name", name);
            }
            names.put(id, name);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Claims the processor time of a changed schedule. Who asks for less is never refused, whatever
     * the others ask for.
     *
     * @throws RefusedException it cannot be guaranteed; the former claim stays
     */
    void change(LiveSchedule former, LiveSchedule changed) {
        deciding.lock();
        try {
            if (Updates.asksForMore(former, changed)) {
                host.guarantee(changed.id, wantedWith(changed.id, changed.request));
            }
            lock.lock();
            try {
                wanted.put(changed.id, changed.request);
            } finally {
                lock.unlock();
            }
        } finally {
            deciding.unlock();
        }
    }

    /** A schedule has what it was stored with, whatever was claimed for it since. */
    void stored(UUID id, ScheduleRequest request) {
        lock.lock();
        try {
            names.put(id, request.name());
            wanted.put(id, request);
        } finally {
            lock.unlock();
        }
    }

    /** Frees what a schedule has claimed. */
    void free(UUID id) {
        lock.lock();
        try {
            names.remove(id);
            wanted.remove(id);
        } finally {
            lock.unlock();
        }
    }
}
