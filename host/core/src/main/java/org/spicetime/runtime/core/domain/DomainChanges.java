// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.ConfigRehearsal;
import org.spicetime.runtime.api.domain.ConfigSource;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.DomainEvent;
import org.spicetime.runtime.api.store.StoredConfig;
import org.spicetime.runtime.core.memory.DomainPool;
import org.spicetime.runtime.kernel.task.KernelSettings;

/**
 * Changes of the configuration, all of a change or nothing: everything that can be refused is done
 * first, and undone if a later step is refused. Under {@code changes}.
 */
final class DomainChanges {

    private static final Logger LOG = LoggerFactory.getLogger(DomainChanges.class);
    private static final int SCHEMA_VERSION = 1;

    private final DomainBody body;

    DomainChanges(DomainBody body) {
        this.body = body;
    }

    ConfigRehearsal rehearse(ConfigPatch patch, @Nullable Integer expectedRevision) {
        body.checkExists();
        checkRevision(body.revision(), expectedRevision);
        DomainConfig before = body.config();
        DomainConfig after = body.node.patcher().apply(before, patch);
        return new ConfigRehearsal(after, body.node.table().changes(before, after));
    }

    private void checkRevision(int revision, @Nullable Integer expected) {
        if (expected != null && expected != revision) {
            throw RefusedException.conflict(
                            "domain \""
                                    + body.id()
                                    + "\": the configuration has revision "
                                    + revision
                                    + ", was expected to have "
                                    + expected
                                    + "; read it again")
                    .with("revision", revision)
                    .with("expectedRevision", expected);
        }
    }

    DomainState configure(ConfigPatch patch, @Nullable Integer expectedRevision) {
        body.changes.lock();
        try {
            body.checkExists();
            int revision = body.revision();
            checkRevision(revision, expectedRevision);
            DomainConfig before = body.config();
            DomainConfig after = body.node.patcher().apply(before, patch);
            if (after.equals(before) && !retriesPolicy(patch)) {
                return body.state();
            }
            apply(before, after, patch, revision);
            return body.state();
        } finally {
            body.changes.unlock();
        }
    }

    /* Naming the policy again puts it back in charge after an ejection. */
    private static boolean retriesPolicy(ConfigPatch patch) {
        return names(patch, "scheduler", "policy") || names(patch, "memory", "allocationType");
    }

    private static boolean names(ConfigPatch patch, String group, String member) {
        return patch.values().get(group) instanceof Map<?, ?> members
                && members.get(member) != null;
    }

    private void apply(DomainConfig before, DomainConfig after, ConfigPatch patch, int revision) {
        ResourceAllocation grant = body.allocation();
        KernelSettings settings = body.settings(after, grant);
        Holdings held = body.holdings();
        boolean otherPolicy = held != null && policyChanges(before, after, patch);
        Optional<PluginSeats.PreparedPolicy> policy =
                otherPolicy ? body.seats.preparePolicy(after, settings) : Optional.empty();
        Runnable undo = held == null ? () -> {} : changePool(before, after, patch, held.pool());
        try {
            body.journal.write(
                    List.of(
                            new DomainEvent.ConfigChanged(
                                    body.node.clock().instants().instant(),
                                    new StoredConfig(
                                            ConfigJson.of(body.node.table(), after),
                                            SCHEMA_VERSION,
                                            revision + 1L),
                                    ConfigJson.of(patch),
                                    ConfigSource.API,
                                    "host")));
        } catch (RefusedException notStored) {
            undo.run();
            throw notStored;
        }
        body.guard.enter();
        try {
            body.config(after);
            body.tasks.run((kernel, now) -> kernel.settings(settings, now));
            policy.ifPresent(body.seats::install);
            body.dispatcher.slots(settings.slots());
        } finally {
            body.guard.leave();
        }
        if (otherPolicy && policy.isEmpty()) {
            body.seats.attachPolicy();
        }
        if (held != null && !before.networking().equals(after.networking())) {
            held.network().reconfigure(after.networking(), DomainOpening.networkGrant(grant));
        }
        LOG.info("domain={} configured, revision {}", body.id(), revision + 1);
    }

    private boolean policyChanges(DomainConfig before, DomainConfig after, ConfigPatch patch) {
        boolean other =
                !before.scheduler().equals(after.scheduler())
                        || before.executor().parallelism() != after.executor().parallelism();
        boolean ejected = body.state().policyEjection() != null;
        return ejected ? names(patch, "scheduler", "policy") : other;
    }

    /** Changes size and strategy of the pool; what undoes it. */
    private Runnable changePool(
            DomainConfig before, DomainConfig after, ConfigPatch patch, DomainPool pool) {
        long size = after.memory().poolSizeBytes();
        long formerSize = pool.poolBytes();
        boolean resized = size != formerSize;
        boolean otherStrategy =
                !before.memory().allocationType().equals(after.memory().allocationType())
                        || !before.memory().parameters().equals(after.memory().parameters());
        boolean again =
                body.state().allocatorEjection() != null
                        && names(patch, "memory", "allocationType");
        if (resized) {
            pool.resize(size);
        }
        Runnable undoSize = resized ? () -> restore(pool, formerSize) : () -> {};
        if (!otherStrategy && !again) {
            return undoSize;
        }
        try {
            body.seats
                    .prepareStrategy(after)
                    .ifPresent(prepared -> body.seats.install(prepared, pool));
        } catch (RuntimeException refused) {
            undoSize.run();
            throw refused;
        }
        return () -> {
            undoSize.run();
            body.seats.attachAllocator(pool);
        };
    }

    private void restore(DomainPool pool, long formerSize) {
        try {
            pool.resize(formerSize);
        } catch (RefusedException inUseMeanwhile) {
            LOG.warn(
                    "domain={}: a refused change leaves the pool at {} bytes, configured are {}",
                    body.id(),
                    pool.poolBytes(),
                    formerSize,
                    inUseMeanwhile);
        }
    }
}
