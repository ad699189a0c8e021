// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.ConfigRehearsal;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.DomainUpdate;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.store.DomainEvent;
import org.spicetime.runtime.api.store.DomainRecord;
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

    /** What bringing back a configuration would lead to. */
    ConfigRehearsal rehearseRollback(int revision, @Nullable Integer expectedRevision) {
        return rehearse(earlier(revision), expectedRevision);
    }

    DomainState rollback(ChangedBy who, int revision, @Nullable Integer expectedRevision) {
        return configure(who, earlier(revision), expectedRevision);
    }

    /** A change that sets every value as it was, checked as any other. */
    @SuppressWarnings("NullAway") // the class file of a compact constructor lacks the annotation
    private ConfigPatch earlier(int revision) {
        body.checkExists();
        Map<String, Object> values =
                body.revisions
                        .find(revision)
                        .map(body.node.table()::nested)
                        .orElseThrow(() ->
                                new RefusedException(
                                        RequestErrorCode.NOT_FOUND,
                                        "domain \""
                                                + body.id()
                                                + "\" keeps no revision "
                                                + revision
                                                + ", it keeps "
                                                + body.revisions.oldest()
                                                + " .. "
                                                + body.revision(),
                                        Map.of("kind", "revision", "revision", revision)));
        Map<String, @Nullable Object> patch = new LinkedHashMap<>(values);
        return new ConfigPatch(patch);
    }

    DomainState configure(ChangedBy who, ConfigPatch patch, @Nullable Integer expectedRevision) {
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
            apply(who, before, after, patch, revision);
            return body.state();
        } finally {
            body.changes.unlock();
        }
    }

    /* Naming the policy again puts it back in charge after an ejection. */
    private boolean retriesPolicy(ConfigPatch patch) {
        return names(patch, "scheduler", "policy")
                || names(patch, "memory", "allocationType")
                || retriesSwap(patch);
    }

    private boolean retriesSwap(ConfigPatch patch) {
        Holdings held = body.holdings();
        return held != null
                && names(patch, "memory", "swapPolicy")
                && body.swap.off(held.pool(), body.config().memory());
    }

    private static boolean names(ConfigPatch patch, String group, String member) {
        return patch.values().get(group) instanceof Map<?, ?> members
                && members.get(member) != null;
    }

    private void apply(
            ChangedBy who,
            DomainConfig before,
            DomainConfig after,
            ConfigPatch patch,
            int revision) {
        Instant at = body.node.clock().instants().instant();
        ResourceAllocation grant = body.allocation();
        KernelSettings settings = body.settings(after);
        Holdings held = body.holdings();
        boolean otherPolicy = held != null && policyChanges(before, after, patch);
        Optional<PolicySeat.Prepared> policy =
                otherPolicy ? body.seats.policy.prepare(after, settings) : Optional.empty();
        Runnable undo = held == null ? () -> {} : changePool(before, after, patch, held.pool());
        try {
            body.journal.write(
                    List.of(
                            new DomainEvent.ConfigChanged(
                                    at,
                                    new StoredConfig(
                                            ConfigJson.of(body.node.table(), after),
                                            SCHEMA_VERSION,
                                            revision + 1L),
                                    ConfigJson.of(patch),
                                    who.source(),
                                    who.actor())));
        } catch (RefusedException notStored) {
            undo.run();
            throw notStored;
        }
        body.guard.enter();
        try {
            body.revisions.add(revision + 1, before, after, who, at);
            body.config(after);
            body.tasks.run((kernel, now) -> kernel.settings(settings, now));
            policy.ifPresent(body.seats.policy::install);
            body.dispatcher.slots(settings.slots());
        } finally {
            body.guard.leave();
        }
        if (otherPolicy && policy.isEmpty()) {
            body.seats.policy.attach();
        }
        if (held != null) {
            held.pool().handles().configure(after.memory().garbageCollection());
        }
        if (held != null && !before.networking().equals(after.networking())) {
            held.network().reconfigure(after.networking(), DomainResources.networkGrant(grant));
        }
        if (held != null) {
            held.pool().collector().configure(after.memory().garbageCollection());
            body.node.collector().wake();
        }
        LOG.info("domain={} configured by {}, revision {}", body.id(), who.actor(), revision + 1);
    }

    /** Changes what the domain is called. */
    DomainState update(ChangedBy who, DomainUpdate update) {
        body.changes.lock();
        try {
            body.checkExists();
            DomainIdentity next = body.identity().with(update);
            if (!next.equals(body.identity())) {
                body.journal.write(List.of(new DomainEvent.DomainSaved(stored(next), who.actor())));
                body.identity(next);
                LOG.info("domain={} renamed by {}: {}", body.id(), who.actor(), next.name());
            }
            return body.state();
        } finally {
            body.changes.unlock();
        }
    }

    private DomainRecord stored(DomainIdentity next) {
        DomainRecord former =
                body.node.store().domains().stream()
                        .filter(record -> record.id().equals(body.id()))
                        .findFirst()
                        .orElseThrow(() -> RefusedException.notFound("domain", body.id()));
        return new DomainRecord(
                former.id(),
                former.incarnation(),
                next.name(),
                next.description(),
                next.labels(),
                former.intended(),
                former.config(),
                former.grants(),
                former.createdAt(),
                body.node.clock().instants().instant());
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
            resize(pool, size, formerSize);
        }
        Runnable undoSize = changeSwap(before, after, patch, pool, resized, formerSize);
        if (!otherStrategy && !again) {
            return undoSize;
        }
        try {
            body.seats
                    .strategy
                    .prepare(after)
                    .ifPresent(prepared -> body.seats.strategy.install(prepared, pool));
        } catch (RuntimeException refused) {
            undoSize.run();
            throw refused;
        }
        return () -> {
            undoSize.run();
            body.seats.strategy.attach(pool);
        };
    }

    /** The size is changed already; what undoes both. */
    private Runnable changeSwap(
            DomainConfig before,
            DomainConfig after,
            ConfigPatch patch,
            DomainPool pool,
            boolean resized,
            long formerSize) {
        Runnable undoSize = resized ? () -> restore(pool, formerSize) : () -> {};
        try {
            Runnable undoSwap =
                    body.swap.change(pool, before.memory(), after.memory(), retriesSwap(patch));
            return () -> {
                undoSwap.run();
                undoSize.run();
            };
        } catch (RefusedException noFile) {
            undoSize.run();
            throw noFile;
        }
    }

    private void resize(DomainPool pool, long size, long formerSize) {
        if (size < formerSize) {
            pool.resize(size);
            return;
        }
        body.node.budget().pools.lock();
        try {
            pool.resize(size);
        } finally {
            body.node.budget().pools.unlock();
        }
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
