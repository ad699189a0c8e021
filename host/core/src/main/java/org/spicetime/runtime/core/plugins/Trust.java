// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.core.plugins.Quarantine.Subject;

/** Whether plugins are kept away, what happened to them, and the file of it. Thread-safe. */
final class Trust {

    private static final Logger LOG = LoggerFactory.getLogger(Trust.class);

    /** After these a plugin may be used again: it did nothing, or an operator decides. */
    private static final Set<EjectionReason> NO_FAULT =
            EnumSet.of(EjectionReason.BUNDLE_GONE, EjectionReason.OPERATOR);

    private final InstantSource clock;
    private final Quarantine quarantine;
    private final QuarantineFile file;
    private final Runnable changed;

    Trust(InstantSource clock, @Nullable Path path, Runnable changed) {
        this.clock = clock;
        this.changed = changed;
        quarantine = new Quarantine(clock);
        file = new QuarantineFile(path, quarantine::memory);
        quarantine.recall(file.read());
    }

    /**
     * Notes an incident, and keeps the plugin away if it was its fault.
     *
     * @param plugin null: it is gone
     */
    void eject(@Nullable Plugin plugin, Ejection ejection) {
        PluginOrigin origin = plugin == null ? null : plugin.origin();
        quarantine.record(ejection);
        Instant until =
                origin == null || NO_FAULT.contains(ejection.reason())
                        ? null
                        : quarantine.sentence(
                                Subject.of(ejection.kind(), ejection.name(), origin, null));
        LOG.warn(
                "{} {} of bundle {} is ejected ({}, incident {}): {}{}",
                PluginRegistry.text(ejection.kind()),
                ejection.name(),
                origin == null ? ejection.bundle() : origin,
                ejection.reason(),
                ejection.id(),
                ejection.message(),
                until == null ? "" : "; quarantined until " + until);
        var _ = remember();
    }

    /**
     * Keeps a plugin away because an operator says so.
     *
     * @param domain only from there; null: from everywhere
     */
    void sentence(PluginKind kind, Plugin plugin, @Nullable DomainId domain) {
        PluginOrigin origin = plugin.origin();
        if (origin != null) {
            quarantine.sentence(Subject.of(kind, plugin.name(), origin, domain));
        }
    }

    /** Ends the quarantines of a plugin and forgets their history; false: there were none. */
    boolean pardon(PluginKind kind, String name) {
        boolean pardoned = quarantine.pardon(kind, name);
        var _ = remember();
        return pardoned;
    }

    /** The plugins of which a quarantine ended since the last call. */
    Set<Quarantine.Name> takeReleased() {
        return quarantine.takeReleased();
    }

    /** Until when a plugin is kept away from a domain, or from all (null); null: it is not. */
    @Nullable Instant until(PluginKind kind, Plugin plugin, @Nullable DomainId domain) {
        return quarantine.until(kind, plugin, domain);
    }

    /** What changed is shown and kept; completes when it is kept. */
    CompletableFuture<Void> remember() {
        changed.run();
        return file.save();
    }

    /** What happened to all plugins, newest first. */
    List<Ejection> ejections() {
        return quarantine.incidents();
    }

    /** What happened to a plugin, newest first. */
    List<Ejection> ejections(PluginKind kind, String name) {
        return quarantine.incidents(kind, name);
    }

    /** What is wrong with the file, in one sentence; null: nothing. */
    @Nullable String fileProblem() {
        return file.problem();
    }

    Instant now() {
        return clock.instant();
    }

    /** Writes what is still to be written. */
    void close() {
        file.close();
    }
}
