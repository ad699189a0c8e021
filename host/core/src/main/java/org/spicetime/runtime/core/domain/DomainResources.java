// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.domain.ResourceAllocation.NetworkGrant;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.core.dispatch.Dispatcher;
import org.spicetime.runtime.core.memory.DomainPool;
import org.spicetime.runtime.core.network.DomainNetwork;

/**
 * What a domain takes when it starts, and gives back when it stops or cannot start. Under {@code
 * changes}.
 */
final class DomainResources {

    private static final Logger LOG = LoggerFactory.getLogger(DomainResources.class);
    private static final Duration LEASE = Duration.ofDays(365);
    private static final Duration JOIN = Duration.ofSeconds(5);

    private final DomainBody body;

    DomainResources(DomainBody body) {
        this.body = body;
    }

    /** Takes the next lease, a pool, a network and the plugins that are there. */
    void open() {
        DomainConfig config = body.config();
        ResourceAllocation grant = body.allocation();
        Lease lease = body.journal.takeOver(body.node.host(), LEASE);
        DomainPool pool = take(lease, config, grant);
        body.tasks.run((kernel, now) -> kernel.settings(body.settings(config), now));
        body.seats.strategy.attach(pool);
        body.swap.open(pool, config.memory());
        pool.handles().configure(config.memory().garbageCollection());
        pool.collector().configure(config.memory().garbageCollection());
        body.node.collector().add(pool.collector());
        body.seats.policy.attach();
    }

    /* A pool counts for others from the moment it is held. */
    private DomainPool take(Lease lease, DomainConfig config, @Nullable ResourceAllocation grant) {
        body.node.budget().pools.lock();
        try {
            DomainPool pool =
                    DomainPool.open(
                            body.id(), config.memory().poolSizeBytes(), body.seats.strategy);
            if (grant != null && grant.memory() != null) {
                pool.cap(grant.memory().sizeBytes());
            }
            DomainNetwork network =
                    new DomainNetwork(body.id(), config.networking(), networkGrant(grant));
            body.guard.enter();
            try {
                body.owned(lease.incarnation(), lease.epoch());
                body.holdings(new Holdings(lease, pool, network));
            } finally {
                body.guard.leave();
            }
            return pool;
        } finally {
            body.node.budget().pools.unlock();
        }
    }

    static DomainNetwork.Grant networkGrant(@Nullable ResourceAllocation grant) {
        NetworkGrant network = grant == null ? null : grant.network();
        return network == null
                ? DomainNetwork.Grant.NONE
                : new DomainNetwork.Grant(
                        OptionalInt.of(network.connections()),
                        network.bandwidth() > 0
                                ? OptionalDouble.of(network.bandwidth())
                                : OptionalDouble.empty());
    }

    /** Gives back what was taken; the domain is FAILED and says why. What the caller is told. */
    RuntimeException failed(Throwable failure) {
        String why =
                failure instanceof RefusedException refused
                        ? String.valueOf(refused.getMessage())
                        : "the domain could not be started; the log of the host tells why";
        if (failure instanceof RefusedException) {
            LOG.warn("domain={} could not be started: {}", body.id(), why);
        } else {
            LOG.error("domain={} could not be started", body.id(), failure);
        }
        Holdings held = body.holdings();
        body.holdings(null);
        release(held);
        body.live(() -> body.life.failed(why));
        RuntimeErrorCode code =
                failure instanceof RefusedException refused
                                && refused.code() instanceof RuntimeErrorCode runtime
                        ? runtime
                        : RuntimeErrorCode.SCHEDULER_ERROR;
        body.errors.add(new RuntimeError(code, why, body.id().value(), null, Map.of()));
        return failure instanceof RefusedException refused
                ? refused
                : new RefusedException(code, "domain \"" + body.id() + "\": " + why, Map.of());
    }

    /** Ends the workers, of which none is at a task, and gives back what was taken. */
    void close() {
        List<Thread> workers;
        Holdings held;
        body.guard.enter();
        try {
            body.dispatcher.watchedBy(null);
            workers = body.dispatcher.close();
            held = body.holdings();
            body.holdings(null);
        } finally {
            body.guard.leave();
        }
        Dispatcher.join(workers, JOIN);
        body.share.tellHeldBack();
        release(held);
        awaitJournal();
    }

    private void release(@Nullable Holdings held) {
        if (held != null) {
            held.release();
        }
        body.alerts.pool(false);
        body.seats.strategy.poolClosed();
    }

    /* What the last attempts came to is stored before the domain counts as stopped. */
    private void awaitJournal() {
        CompletionStage<Boolean> quiet;
        body.guard.enter();
        try {
            quiet = body.journal.quiet();
        } finally {
            body.guard.leave();
        }
        try {
            quiet.toCompletableFuture().get(JOIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException notStored) {
            LOG.warn("domain={} stops, and not all its changes are stored", body.id(), notStored);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
