// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigOperations;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.hardware.ProcessorSample;
import org.spicetime.runtime.api.store.DomainEvent;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.IntendedState;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoredConfig;
import org.spicetime.runtime.api.store.StoredRevision;
import org.spicetime.runtime.core.config.ConfigPatcher;
import org.spicetime.runtime.core.measure.HistoryBudget;
import org.spicetime.runtime.core.revisions.Revisions;

/** Makes domains from what was asked for. Called by one thread at a time. */
final class DomainFactory {

    private static final Logger LOG = LoggerFactory.getLogger(DomainFactory.class);
    private static final Duration LEASE = Duration.ofDays(365);
    private static final int SCHEMA_VERSION = 1;

    private final Node node;
    private final Supplier<ProcessorSample> processor;
    private final HistoryBudget histories = HistoryBudget.standard();

    DomainFactory(Node node, Supplier<ProcessorSample> processor) {
        this.node = node;
        this.processor = processor;
    }

    /**
     * A domain, CREATED and stored.
     *
     * @param pluginsLater whether the plugins it names may come later
     * @param who asks for it
     */
    HostedDomain create(DomainSpec spec, boolean pluginsLater, ChangedBy who) {
        ConfigPatcher patcher = node.patcher();
        DomainConfig defaults = node.table().defaults();
        DomainConfig config =
                pluginsLater
                        ? patcher.provision(defaults, spec.config())
                        : patcher.create(defaults, spec.config());
        Lease lease = acquire(spec.id());
        Instant now = node.clock().instants().instant();
        String name = spec.name() == null ? spec.id().value() : spec.name();
        DomainBody body =
                new DomainBody(
                        node,
                        new DomainIdentity(spec.id(), name, spec.description(), spec.labels(), now),
                        config,
                        lease,
                        new Revisions(node.table(), config, who, now));
        StoredConfig stored =
                new StoredConfig(ConfigJson.of(node.table(), config), SCHEMA_VERSION, 1);
        DomainRecord record =
                new DomainRecord(
                        spec.id(),
                        lease.incarnation(),
                        name,
                        spec.description(),
                        spec.labels(),
                        spec.start() ? IntendedState.RUNNING : IntendedState.STOPPED,
                        stored,
                        null,
                        now,
                        now);
        body.journal.write(
                List.of(
                        new DomainEvent.DomainSaved(
                                record,
                                who.actor(),
                                new DomainEvent.ConfigChanged(
                                        now,
                                        stored,
                                        ConfigJson.of(spec.config()),
                                        who.source(),
                                        who.actor()))));
        return new HostedDomain(body, processor, histories);
    }

    /**
     * A domain as the store keeps it, CREATED, with the next epoch; what ran when its last owner
     * died is settled. Its tasks and schedules are not there yet.
     *
     * @throws RefusedException it cannot be owned, so nothing can be done about it
     */
    HostedDomain restore(DomainRecord record) {
        Lease lease = acquire(record.id());
        Revisions revisions;
        String unreadable = null;
        try {
            revisions = new Revisions(node.table(), pastOf(record));
        } catch (RuntimeException broken) {
            LOG.error("domain={}: its configuration cannot be read", record.id(), broken);
            unreadable =
                    "could not be restored: its stored configuration (schema version "
                            + record.config().schemaVersion()
                            + ") cannot be read: "
                            + broken.getMessage();
            revisions = new Revisions(node.table(), List.of(past(record, node.table().defaults())));
        }
        DomainBody body =
                new DomainBody(
                        node,
                        new DomainIdentity(
                                record.id(),
                                record.name(),
                                record.description(),
                                record.labels(),
                                record.createdAt()),
                        revisions.find(revisions.newest()).orElseThrow(),
                        lease,
                        revisions);
        HostedDomain domain = new HostedDomain(body, processor, histories);
        if (unreadable != null) {
            body.unrestored(unreadable);
        }
        return domain;
    }

    /* Oldest first, the one in force last. The past may be gone, the present may not. */
    private List<Revisions.Past> pastOf(DomainRecord record) {
        Revisions.Past present = past(record, read(record.config()));
        List<Revisions.Past> past = new ArrayList<>();
        for (StoredRevision one :
                node.store()
                        .revisions(record.id(), Long.MAX_VALUE, ConfigOperations.MAX_REVISIONS)
                        .reversed()) {
            ChangedBy who = new ChangedBy(one.by(), one.source());
            int number = Math.toIntExact(one.config().revision());
            if (number == present.revision()) {
                present = new Revisions.Past(number, one.at(), who, present.config());
            } else {
                try {
                    past.add(new Revisions.Past(number, one.at(), who, read(one.config())));
                } catch (RuntimeException unreadable) {
                    LOG.warn(
                            "domain={}: revision {} of its configuration cannot be read any more",
                            record.id(),
                            number,
                            unreadable);
                }
            }
        }
        past.add(present);
        return past;
    }

    private static Revisions.Past past(DomainRecord record, DomainConfig config) {
        return new Revisions.Past(
                Math.toIntExact(record.config().revision()),
                record.updatedAt(),
                ChangedBy.HOST,
                config);
    }

    private DomainConfig read(StoredConfig stored) {
        if (stored.schemaVersion() > SCHEMA_VERSION) {
            throw new IllegalArgumentException(
                    "it was written by a newer version, this one reads up to " + SCHEMA_VERSION);
        }
        return node.patcher().provision(node.table().defaults(), ConfigJson.patch(stored.json()));
    }

    private Lease acquire(DomainId id) {
        try {
            return node.store().acquire(id, node.host(), LEASE);
        } catch (StoreException refused) {
            throw new RefusedException(
                    refused.reason() == StoreException.Reason.FENCED
                            ? RequestErrorCode.CONFLICT
                            : RequestErrorCode.READ_ONLY,
                    "domain \"" + id + "\": " + refused.getMessage(),
                    Map.of("domain", id.value()));
        }
    }
}
