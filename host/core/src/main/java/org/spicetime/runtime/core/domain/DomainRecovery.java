// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.OpenReport;
import org.spicetime.runtime.core.recovery.InFlightFile;

/**
 * Brings back the domains that the store keeps, once, before anything else is done with them: first
 * all domains, then what each of them contains, so that tasks find those they wait for in other
 * domains; at last each takes up the state that was asked for. A domain that cannot be restored is
 * FAILED and says why; the others go on, and what is stored of it stays as it is.
 */
final class DomainRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(DomainRecovery.class);

    private record Returning(DomainRecord record, HostedDomain domain) {}

    private final Node node;
    private final DomainFactory factory;
    private final Consumer<HostedDomain> entered;
    private final @Nullable InFlightFile inFlight;
    private final Map<DomainId, String> unowned = new ConcurrentSkipListMap<>();

    /**
     * Nothing is restored yet.
     *
     * @param inFlight what was in flight when the last process ended; null: not known
     * @param entered takes each domain in, before it contains anything
     */
    DomainRecovery(
            Node node,
            DomainFactory factory,
            @Nullable InFlightFile inFlight,
            Consumer<HostedDomain> entered) {
        this.node = node;
        this.factory = factory;
        this.inFlight = inFlight;
        this.entered = entered;
    }

    /** Domains that are stored but could not be owned, so they are not there at all; and why. */
    Map<DomainId, String> unowned() {
        return unowned;
    }

    /** Refuses an id under which a domain is stored that is not there. */
    void checkFree(DomainId id) {
        String why = unowned.get(id);
        if (why != null) {
            throw RefusedException.conflict(
                    "domain \"" + id + "\" is stored already and could not be restored: " + why);
        }
    }

    /** Brings all back that an opened store keeps. */
    HostRecovery restore(OpenReport opened) {
        long began = node.clock().nanos().getAsLong();
        List<Returning> returning = new ArrayList<>();
        for (DomainRecord record : node.store().domains()) {
            try {
                HostedDomain domain = factory.restore(record);
                entered.accept(domain);
                returning.add(new Returning(record, domain));
            } catch (RuntimeException refused) {
                LOG.error("domain={} could not be restored", record.id(), refused);
                unowned.put(record.id(), String.valueOf(refused.getMessage()));
            }
        }
        if (returning.isEmpty()) {
            return recovered(opened, 0, 0, began);
        }
        TaskRecovery tasks = new TaskRecovery(node.store(), new PoisonTasks(inFlight));
        int[] given = new int[1];
        for (Returning one : returning) {
            each(one, () -> fill(one, tasks));
        }
        tasks.readPrerequisites();
        for (Returning one : returning) {
            each(one, () -> given[0] += tasks.give(one.domain()));
        }
        for (Returning one : returning) {
            each(one, () -> tasks.lookAcross(one.domain()));
        }
        for (Returning one : returning) {
            each(one, () -> takeUp(one));
        }
        HostRecovery recovery = recovered(opened, returning.size(), given[0], began);
        LOG.info(
                "{} domains with {} unfinished tasks are restored, in {} ms",
                recovery.domains(),
                recovery.tasks(),
                recovery.took().toMillis());
        return recovery;
    }

    private HostRecovery recovered(OpenReport opened, int domains, int tasks, long began) {
        long nanos = node.clock().nanos().getAsLong() - began;
        return new HostRecovery(opened, domains, tasks, Duration.ofNanos(nanos));
    }

    /* What goes wrong with one domain is its own affair. */
    private static void each(Returning one, Runnable step) {
        DomainBody body = one.domain().body();
        if (body.isUnrestored()) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException broken) {
            LOG.error("domain={} could not be restored", body.id(), broken);
            body.unrestored("could not be restored: " + broken.getMessage());
        }
    }

    private void fill(Returning one, TaskRecovery tasks) {
        reserve(one.domain().body(), one.record());
        one.domain().schedulesStored(node.store().schedules(one.domain().id()));
        tasks.read(one.domain());
    }

    /* What was promised is promised still, also by a machine that has become smaller. */
    private void reserve(DomainBody body, DomainRecord record) {
        String grants = record.grants();
        if (grants == null) {
            return;
        }
        ResourceAllocation grant = ConfigJson.grant(body.id(), grants);
        double cores = grant.cpu() == null ? 0 : grant.cpu().cores();
        long bytes = grant.memory() == null ? 0 : grant.memory().sizeBytes();
        try {
            node.budget().promise(body.id(), cores, bytes);
        } catch (RefusedException smaller) {
            LOG.warn(
                    "domain={}: its reservation is kept, though the host has less now: {}",
                    body.id(),
                    smaller.getMessage());
            node.budget().set(body.id(), cores, bytes);
        }
        body.guard.enter();
        try {
            body.allocation(grant);
        } finally {
            body.guard.leave();
        }
    }

    private static void takeUp(Returning one) {
        DomainId id = one.domain().id();
        try {
            one.domain()
                    .run()
                    .takeUp(one.record().intended())
                    .whenComplete((state, failure) -> {
                        if (failure != null) {
                            LOG.debug("domain={} did not start", id, failure);
                        }
                    });
        } catch (RefusedException failed) {
            // The domain is FAILED and says why; what it lacks may be there later.
            LOG.debug("domain={} did not start", id, failed);
        }
    }
}
