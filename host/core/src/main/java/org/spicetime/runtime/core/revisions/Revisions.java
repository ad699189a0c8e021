// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.revisions;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigChange;
import org.spicetime.runtime.api.domain.ConfigOperations;
import org.spicetime.runtime.api.domain.ConfigOrigin;
import org.spicetime.runtime.api.domain.ConfigRevision;
import org.spicetime.runtime.api.domain.ConfigSource;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.core.config.ConfigTable;
import org.spicetime.runtime.core.payload.Json;

/** The newest configurations of one domain, and the origin of each value. Thread-safe. */
public final class Revisions {

    private record Kept(ConfigRevision told, DomainConfig config) {}

    private final ConfigTable table;
    private final ArrayDeque<Kept> newestFirst = new ArrayDeque<>();
    private final Map<String, ConfigOrigin> origins = new LinkedHashMap<>();

    /**
     * A configuration that was in force once. Immutable.
     *
     * @param revision its number
     * @param at since when
     * @param who made it
     * @param config what it says
     */
    public record Past(int revision, Instant at, ChangedBy who, DomainConfig config) {}

    /** The past of a new domain: its first configuration, against the defaults. */
    public Revisions(ConfigTable table, DomainConfig first, ChangedBy who, Instant at) {
        this(table, List.of(new Past(1, at, who, first)));
    }

    /**
     * The past of a domain that was stored.
     *
     * @param past oldest first; not empty. The first of them is compared with the defaults
     */
    public Revisions(ConfigTable table, List<Past> past) {
        if (past.isEmpty()) {
            throw new IllegalArgumentException("a domain has a first configuration");
        }
        this.table = table;
        DomainConfig defaults = table.defaults();
        table.paths()
                .forEach(path ->
                        origins.put(
                                path,
                                new ConfigOrigin(path, ConfigSource.DEFAULT, null, null, null)));
        DomainConfig before = defaults;
        for (Past one : past) {
            add(one.revision(), before, one.config(), one.who(), one.at());
            before = one.config();
        }
    }

    /** The revision in force. */
    public synchronized int newest() {
        return newestFirst.getFirst().told().revision();
    }

    /** A configuration has taken effect. */
    public synchronized void add(
            int revision, DomainConfig before, DomainConfig after, ChangedBy who, Instant at) {
        List<ConfigChange> changes = table.changes(before, after);
        if (newestFirst.size() == ConfigOperations.MAX_REVISIONS) {
            newestFirst.removeLast();
        }
        newestFirst.addFirst(
                new Kept(
                        new ConfigRevision(
                                revision,
                                at,
                                who.actor(),
                                who.source(),
                                changes,
                                Json.text(table.nested(after))),
                        after));
        for (ConfigChange change : changes) {
            origins.put(
                    change.path(),
                    new ConfigOrigin(change.path(), who.source(), revision, who.actor(), at));
        }
    }

    /** The newest, at most so many. */
    public synchronized List<ConfigRevision> newest(int most) {
        return newestFirst.stream().limit(most).map(Kept::told).toList();
    }

    /** The configuration of a revision, as long as it is kept. */
    public synchronized Optional<DomainConfig> find(int revision) {
        return newestFirst.stream()
                .filter(kept -> kept.told().revision() == revision)
                .map(Kept::config)
                .findFirst();
    }

    /** The oldest revision that is kept. */
    public synchronized int oldest() {
        return newestFirst.getLast().told().revision();
    }

    /** Where each value comes from, in the order of the schema. */
    public synchronized List<ConfigOrigin> origins() {
        return List.copyOf(origins.values());
    }
}
