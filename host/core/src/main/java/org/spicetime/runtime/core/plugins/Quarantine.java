// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.PluginKind;

/**
 * Which plugins are not trusted for now, and what happened. The first sentence keeps a plugin away
 * for a minute, each further one twice as long as the one before, an hour at most; after a day
 * without one the count begins anew. It holds for one version of one bundle: another one starts
 * clean. Thread-safe.
 */
final class Quarantine {

    static final Duration FIRST = Duration.ofMinutes(1);
    static final Duration LONGEST = Duration.ofHours(1);
    static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

    /** Incidents kept of all plugins together. */
    static final int KEPT = 100;

    /**
     * Who is kept away from where. Immutable.
     *
     * @param domain the only one it is kept away from; null: all
     */
    record Subject(
            PluginKind kind,
            String name,
            String bundle,
            String version,
            @Nullable DomainId domain) {

        static Subject of(
                PluginKind kind, String name, PluginOrigin origin, @Nullable DomainId domain) {
            return new Subject(kind, name, origin.bundle(), origin.version(), domain);
        }
    }

    /**
     * How long. Immutable.
     *
     * @param count of sentences that followed each other
     */
    record Sentence(int count, Instant until) {}

    /** A plugin by its name. Immutable. */
    record Name(PluginKind kind, String name) {}

    /**
     * All there is to remember. Immutable.
     *
     * @param incidents oldest first
     */
    record Memory(Map<Subject, Sentence> sentences, List<Ejection> incidents) {
        static final Memory EMPTY = new Memory(Map.of(), List.of());

        Memory {
            sentences = Map.copyOf(sentences);
            incidents = List.copyOf(incidents);
        }
    }

    private final InstantSource clock;
    private final Map<Subject, Sentence> sentences = new LinkedHashMap<>();
    private final Set<Subject> serving = new HashSet<>();
    private final Deque<Ejection> incidents = new ArrayDeque<>();

    Quarantine(InstantSource clock) {
        this.clock = clock;
    }

    /** Goes on where a former run of the host ended. No sentence gets longer than the longest. */
    synchronized void recall(Memory memory) {
        Instant now = clock.instant();
        Instant latest = now.plus(LONGEST);
        memory.sentences()
                .forEach((subject, sentence) -> {
                    Instant until = sentence.until().isAfter(latest) ? latest : sentence.until();
                    sentences.put(subject, new Sentence(sentence.count(), until));
                    if (until.isAfter(now)) {
                        serving.add(subject);
                    }
                });
        memory.incidents().forEach(this::record);
    }

    /** All there is to remember now. */
    synchronized Memory memory() {
        Instant forgotten = clock.instant().minus(FORGOTTEN_AFTER);
        sentences.values().removeIf(sentence -> sentence.until().isBefore(forgotten));
        return new Memory(sentences, new ArrayList<>(incidents));
    }

    /** Notes what happened. */
    synchronized void record(Ejection incident) {
        incidents.addLast(incident);
        if (incidents.size() > KEPT) {
            incidents.removeFirst();
        }
    }

    /**
     * Keeps a plugin away; one that is kept away already, no longer than before.
     *
     * @return until when
     */
    synchronized Instant sentence(Subject subject) {
        Instant now = clock.instant();
        Sentence former = sentences.get(subject);
        if (former != null && former.until().isAfter(now)) {
            return former.until();
        }
        boolean relapse = former != null && former.until().plus(FORGOTTEN_AFTER).isAfter(now);
        int count = former != null && relapse ? former.count() + 1 : 1;
        Duration length = FIRST.multipliedBy(1L << Math.min(count - 1, 10));
        Instant until = now.plus(length.compareTo(LONGEST) > 0 ? LONGEST : length);
        sentences.put(subject, new Sentence(count, until));
        serving.add(subject);
        return until;
    }

    /**
     * Until when a plugin is kept away; null: it is not.
     *
     * @param domain asks for this domain; null: for all, so sentences for one domain do not count
     */
    synchronized @Nullable Instant until(
            PluginKind kind, Plugin plugin, @Nullable DomainId domain) {
        PluginOrigin origin = plugin.origin();
        if (origin == null) {
            return null;
        }
        Instant everywhere = running(Subject.of(kind, plugin.name(), origin, null));
        Instant here =
                domain == null ? null : running(Subject.of(kind, plugin.name(), origin, domain));
        return everywhere == null || here != null && here.isAfter(everywhere) ? here : everywhere;
    }

    private @Nullable Instant running(Subject subject) {
        Sentence sentence = sentences.get(subject);
        return sentence != null && clock.instant().isBefore(sentence.until())
                ? sentence.until()
                : null;
    }

    /** Forgets what a plugin is kept away for, in all bundles and domains; its incidents stay. */
    synchronized boolean pardon(PluginKind kind, String name) {
        serving.removeIf(subject -> subject.kind() == kind && subject.name().equals(name));
        return sentences
                .keySet()
                .removeIf(subject -> subject.kind() == kind && subject.name().equals(name));
    }

    /** The plugins of which a sentence ended since the last call. */
    synchronized Set<Name> takeReleased() {
        Set<Name> released = new LinkedHashSet<>();
        serving.removeIf(subject -> {
            if (running(subject) != null) {
                return false;
            }
            released.add(new Name(subject.kind(), subject.name()));
            return true;
        });
        return released;
    }

    /** The last incidents of all plugins, newest first. */
    synchronized List<Ejection> incidents() {
        return List.copyOf(new ArrayList<>(incidents).reversed());
    }

    /** The last incidents of a plugin, newest first. */
    synchronized List<Ejection> incidents(PluginKind kind, String name) {
        return incidents().stream()
                .filter(incident -> incident.kind() == kind && incident.name().equals(name))
                .toList();
    }
}
