// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.spicetime.runtime.api.domain.ChangedBy;
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
import org.spicetime.runtime.core.config.ConfigPatcher;
import org.spicetime.runtime.core.measure.HistoryBudget;

/** Makes domains from what was asked for. Called by one thread at a time. */
final class DomainFactory {

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
        Lease lease = acquire(spec);
        Instant now = node.clock().instants().instant();
        String name = spec.name() == null ? spec.id().value() : spec.name();
        DomainBody body =
                new DomainBody(
                        node,
                        new DomainBody.Identity(
                                spec.id(), name, spec.description(), spec.labels(), now),
                        config,
                        lease,
                        who);
        body.journal.write(
                List.of(
                        new DomainEvent.DomainSaved(
                                new DomainRecord(
                                        spec.id(),
                                        lease.incarnation(),
                                        name,
                                        spec.description(),
                                        spec.labels(),
                                        spec.start()
                                                ? IntendedState.RUNNING
                                                : IntendedState.STOPPED,
                                        new StoredConfig(
                                                ConfigJson.of(node.table(), config),
                                                SCHEMA_VERSION,
                                                1),
                                        null,
                                        now,
                                        now),
                                who.actor())));
        return new HostedDomain(body, processor, histories);
    }

    private Lease acquire(DomainSpec spec) {
        try {
            return node.store().acquire(spec.id(), node.host(), LEASE);
        } catch (StoreException refused) {
            throw new RefusedException(
                    refused.reason() == StoreException.Reason.FENCED
                            ? RequestErrorCode.CONFLICT
                            : RequestErrorCode.READ_ONLY,
                    "domain \"" + spec.id() + "\": " + refused.getMessage(),
                    Map.of("domain", spec.id().value()));
        }
    }
}
