// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.Known;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.store.rules.Change;

/** All that is kept, of all domains. Used under the store's lock. */
final class Memory {

    /** How long a key is known at least. */
    static final Duration KEY_LIFE = Duration.ofHours(24);

    final Map<DomainId, DomainData> domains = new HashMap<>();
    final Dependants dependants = new Dependants();

    private final Map<TaskId, DomainData> homes = new HashMap<>();
    private final InstantSource clock;
    private long lastSeq;
    private long bytes;

    Memory(InstantSource clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    long nextSeq() {
        return ++lastSeq;
    }

    /** Tasks of all domains. */
    int tasks() {
        return homes.size();
    }

    /** Bytes of payloads, results and texts of all tasks. */
    long bytes() {
        return bytes;
    }

    @Nullable Row find(TaskId task) {
        DomainData home = homes.get(task);
        return home == null ? null : home.rows.get(task);
    }

    List<TaskAttempt> attempts(TaskId task) {
        DomainData home = homes.get(task);
        return home == null || !home.attempts.containsKey(task)
                ? List.of()
                : List.copyOf(home.attempts.get(task).values());
    }

    /** What was admitted under a key that is still valid. */
    Optional<Known> known(DomainData domain, String key) {
        Change.Key found = domain.keys.get(key);
        return found == null || isOver(domain, found)
                ? Optional.empty()
                : Optional.of(found.known());
    }

    private boolean isOver(DomainData domain, Change.Key key) {
        Row row = domain.rows.get(key.known().task());
        return (row == null || row.phase().isFinal())
                && key.usedAt().plus(KEY_LIFE).isBefore(now());
    }

    /** Forgets keys whose time is over. */
    void dropKeys() {
        for (DomainData domain : domains.values()) {
            domain.keys.values().removeIf(key -> isOver(domain, key));
        }
    }

    /** Keys of all domains, those included whose time is over. */
    int keys() {
        int all = 0;
        for (DomainData domain : domains.values()) {
            all += domain.keys.size();
        }
        return all;
    }

    void put(DomainData domain, Row row) {
        Row former = domain.rows.get(row.id());
        bytes += row.bytes() - (former == null ? 0 : former.bytes());
        domain.put(row);
        homes.put(row.id(), domain);
        if (row.phase().isFinal()) {
            dependants.remove(row);
        } else if (former == null || former.phase().isFinal()) {
            dependants.add(row);
        }
    }

    void purge(DomainData domain, Row row, Instant at) {
        bytes -= row.bytes();
        homes.remove(row.id());
        dependants.remove(row);
        domain.purge(row, at);
    }

    void delete(DomainData domain) {
        domains.remove(domain.id);
        for (Row row : domain.rows.values()) {
            bytes -= row.bytes();
            homes.remove(row.id());
            dependants.remove(row);
        }
    }
}
