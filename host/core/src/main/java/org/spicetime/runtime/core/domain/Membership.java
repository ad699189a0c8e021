// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.store.DomainEvent;
import org.spicetime.runtime.core.plugins.PluginRegistry;

/**
 * Creates and deletes domains, one at a time, until the host ends. Thread-safe; one lock, which is
 * held before any lock of a domain.
 */
final class Membership {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(8);

    private final Node node;
    private final HostedDomains domains;
    private final DomainFactory factory;
    private final DomainRecovery recovery;
    private final PluginRegistry registry;
    private final ReentrantLock lock = new ReentrantLock();

    /* Guarded by lock. */
    private boolean closed;

    Membership(
            Node node,
            HostedDomains domains,
            DomainFactory factory,
            DomainRecovery recovery,
            PluginRegistry registry) {
        this.node = node;
        this.domains = domains;
        this.factory = factory;
        this.recovery = recovery;
        this.registry = registry;
    }

    /**
     * Takes in a new domain, CREATED and stored.
     *
     * @param pluginsLater whether the plugins it names may come later
     */
    HostedDomain add(DomainSpec spec, boolean pluginsLater, ChangedBy who) {
        lock.lock();
        try {
            if (closed) {
                throw new RefusedException(
                        RequestErrorCode.SHUTTING_DOWN, "the host stops", Map.of());
            }
            if (domains.contains(spec.id())) {
                throw RefusedException.conflict(
                        "domain \"" + spec.id() + "\" exists already; choose another id");
            }
            recovery.checkFree(spec.id());
            HostedDomain domain = factory.create(spec, pluginsLater, who);
            domains.enter(domain);
            return domain;
        } finally {
            lock.unlock();
        }
    }

    /** Takes in a new domain and starts it, if that is asked for. */
    CompletionStage<Domain> create(DomainSpec spec, ChangedBy who) {
        HostedDomain domain;
        try {
            domain = add(spec, false, who);
        } catch (RefusedException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        if (!spec.start()) {
            return CompletableFuture.completedFuture(domain.face());
        }
        // A domain that cannot start was not created: nothing is left of it.
        return domain.face()
                .by(who)
                .start()
                .whenComplete((state, failure) -> {
                    if (failure != null) {
                        takeBack(domain, who);
                    }
                })
                .thenApply(state -> domain.face());
    }

    /**
     * Stops a domain and lets it go.
     *
     * @param force cancels what has not finished; without it unfinished tasks are a conflict
     * @return how many tasks were cancelled
     */
    CompletionStage<Integer> delete(DomainId id, boolean force, ChangedBy who) {
        lock.lock();
        try {
            HostedDomain domain =
                    domains.hosted(id).orElseThrow(() -> RefusedException.notFound("domain", id));
            int[] cancelled = new int[1];
            return domain.run()
                    .end(force, cancelled, who)
                    .thenApply(state -> {
                        writeDeleted(domain, who);
                        forget(domain);
                        return cancelled[0];
                    });
        } catch (RefusedException refused) {
            return CompletableFuture.failedFuture(refused);
        } finally {
            lock.unlock();
        }
    }

    private void takeBack(HostedDomain domain, ChangedBy who) {
        try {
            writeDeleted(domain, who);
        } catch (RefusedException kept) {
            LOG.warn("domain={} was not created, and the store keeps it", domain.id(), kept);
        }
        forget(domain);
    }

    private void writeDeleted(HostedDomain domain, ChangedBy who) {
        domain.body()
                .journal
                .write(
                        List.of(
                                new DomainEvent.DomainDeleted(
                                        node.clock().instants().instant(), who.actor())));
    }

    private void forget(HostedDomain domain) {
        if (domains.leave(domain)) {
            registry.usageChanged();
            node.budget().set(domain.id(), 0, 0);
            domain.forget();
            LOG.info("domain={} is deleted", domain.id());
        }
    }

    /**
     * Stops all domains, waits for them within limits, and takes in no more.
     *
     * @param first is done before, if the host has not ended yet
     * @return whether it had not ended yet
     */
    boolean end(Runnable first) {
        List<CompletableFuture<?>> stopping = new ArrayList<>();
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            first.run();
            for (HostedDomain domain : domains.all()) {
                stopping.add(domain.run().hostStops().toCompletableFuture());
            }
        } finally {
            lock.unlock();
        }
        try {
            CompletableFuture.allOf(stopping.toArray(CompletableFuture[]::new))
                    .get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.warn("not all domains stopped within {}", STOP_LIMIT);
        } catch (ExecutionException refused) {
            LOG.warn("a domain did not stop as it should", refused.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
