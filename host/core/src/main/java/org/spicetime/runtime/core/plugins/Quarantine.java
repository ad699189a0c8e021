// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;

/**
 * Which plugins are not trusted for now, and what happened. The first ejection keeps a plugin away
 * for a minute, each further one twice as long as the one before, an hour at most. Another version
 * of its bundle starts anew. Thread-safe.
 */
final class Quarantine {

    static final Duration FIRST = Duration.ofMinutes(1);
    static final Duration LONGEST = Duration.ofHours(1);

    /** Incidents kept for each plugin. */
    static final int KEPT = 32;

    /** Incidents shown of all plugins together. */
    static final int MOST = 100;

    private record Name(PluginKind kind, String name) {}

    private record Sentence(String bundle, String version, int count, Instant until) {
        boolean concerns(PluginOrigin origin) {
            return bundle.equals(origin.bundle()) && version.equals(origin.version());
        }
    }

    private final InstantSource clock;
    private final Map<Name, Sentence> sentences = new HashMap<>();
    private final Map<Name, Deque<Ejection>> incidents = new HashMap<>();

    Quarantine(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Notes an incident.
     *
     * @param origin its bundle; null: gone, or built in, and so not to be kept away
     * @return until when it is kept away; null: it is not
     */
    synchronized @Nullable Instant eject(
            PluginKind kind, String name, @Nullable PluginOrigin origin, Ejection ejection) {
        Name key = new Name(kind, name);
        Deque<Ejection> seen = incidents.computeIfAbsent(key, none -> new ArrayDeque<>());
        seen.addFirst(ejection);
        if (seen.size() > KEPT) {
            seen.removeLast();
        }
        if (origin == null || ejection.reason() == EjectionReason.BUNDLE_GONE) {
            return null;
        }
        Sentence former = sentences.get(key);
        int count = former != null && former.concerns(origin) ? former.count() + 1 : 1;
        Duration length = FIRST.multipliedBy(1L << Math.min(count - 1, 10));
        if (length.compareTo(LONGEST) > 0) {
            length = LONGEST;
        }
        Instant until = clock.instant().plus(length);
        sentences.put(key, new Sentence(origin.bundle(), origin.version(), count, until));
        return until;
    }

    /** Until when a plugin is kept away; null: it is not. */
    synchronized @Nullable Instant until(Plugin plugin, PluginKind kind) {
        PluginOrigin origin = plugin.origin();
        Sentence sentence = sentences.get(new Name(kind, plugin.name()));
        return origin != null
                        && sentence != null
                        && sentence.concerns(origin)
                        && clock.instant().isBefore(sentence.until())
                ? sentence.until()
                : null;
    }

    /** Forgets what a plugin is kept away for; its incidents stay. */
    synchronized boolean pardon(PluginKind kind, String name) {
        return sentences.remove(new Name(kind, name)) != null;
    }

    /** The last incidents of all plugins, newest first. */
    synchronized List<Ejection> incidents() {
        return incidents.values().stream()
                .flatMap(Deque::stream)
                .sorted(Comparator.comparing(Ejection::timestamp).reversed())
                .limit(MOST)
                .toList();
    }

    synchronized List<Ejection> incidents(PluginKind kind, String name) {
        Deque<Ejection> seen = incidents.get(new Name(kind, name));
        return seen == null ? List.of() : new ArrayList<>(seen);
    }
}
