// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.RetentionConfig;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.PruneBudget;
import org.spicetime.runtime.api.store.Retention;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskStore;

/**
 * Has the store remove finished tasks past their time: one small step at a time, on a thread of its
 * own, and only while nothing waits to be written. Each domain is looked at once a minute, and
 * again at once as long as there is something to remove. Thread-safe.
 */
final class Retentions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Retentions.class);
    private static final PruneBudget STEP = new PruneBudget(500, Duration.ofMillis(100));
    private static final Duration BETWEEN_STEPS = Duration.ofMillis(50);
    static final Duration BETWEEN_ROUNDS = Duration.ofMinutes(1);
    private static final Duration BUSY = Duration.ofMillis(500);
    private static final Duration JOIN = Duration.ofSeconds(5);

    private final TaskStore store;
    private final Supplier<Collection<HostedDomain>> domains;
    private final ScheduledExecutorService thread;

    /* Used by the thread alone: the domains left in this round. */
    private final ArrayDeque<DomainId> round = new ArrayDeque<>();
    private final Set<DomainId> failed = new HashSet<>();

    Retentions(TaskStore store, Supplier<Collection<HostedDomain>> domains) {
        this.store = store;
        this.domains = domains;
        thread =
                Executors.newSingleThreadScheduledExecutor(action ->
                        Thread.ofPlatform()
                                .daemon()
                                .name("domain-runtime-retention")
                                .unstarted(action));
        next(BETWEEN_ROUNDS);
    }

    private void next(Duration delay) {
        ScheduledFuture<?> step =
                thread.schedule(this::step, delay.toMillis(), TimeUnit.MILLISECONDS);
        LOG.trace("the next step of retention: {}", step);
    }

    private void step() {
        Duration delay = BETWEEN_ROUNDS;
        try {
            delay = take();
        } catch (RuntimeException e) {
            LOG.error("finished tasks are not removed for now", e);
        }
        if (!thread.isShutdown()) {
            next(delay);
        }
    }

    /**
     * Takes the next step now, besides those that come by themselves.
     *
     * @return how long it wants to rest, {@link #BETWEEN_ROUNDS} after the last domain
     * @throws java.util.concurrent.RejectedExecutionException if this is closed
     */
    Future<Duration> takeNow() {
        return thread.submit(this::take);
    }

    /* One step of the round; how long to rest after it. */
    private Duration take() {
        if (round.isEmpty()) {
            domains.get().forEach(domain -> round.add(domain.id()));
            if (round.isEmpty()) {
                return BETWEEN_ROUNDS;
            }
        }
        if (store.health().queueDepth() > 0) {
            return BUSY;
        }
        DomainId id = round.remove();
        domains.get().stream()
                .filter(domain -> domain.id().equals(id))
                .findFirst()
                .ifPresent(this::prune);
        return round.isEmpty() ? BETWEEN_ROUNDS : BETWEEN_STEPS;
    }

    private void prune(HostedDomain domain) {
        try {
            if (removed(domain) > 0) {
                round.addFirst(domain.id());
            }
            failed.remove(domain.id());
        } catch (StoreException | RefusedException e) {
            if (failed.add(domain.id())) {
                LOG.warn("domain={} its finished tasks stay for now", domain.id(), e);
            }
        }
    }

    /** Removes some of the tasks of a domain; how many. */
    long removed(HostedDomain domain) {
        long removed =
                store.prune(
                        domain.id(), retention(domain.body().config().tasks().retention()), STEP);
        if (removed > 0) {
            LOG.debug("domain={} {} finished tasks are removed", domain.id(), removed);
            domain.pruned();
        }
        return removed;
    }

    static Retention retention(RetentionConfig config) {
        return new Retention(
                Duration.ofHours(config.completedHours()),
                Duration.ofHours(config.failedHours()),
                limit(config.maxTasks()),
                limit(config.maxBytes()));
    }

    private static OptionalLong limit(long most) {
        return most == 0 ? OptionalLong.empty() : OptionalLong.of(most);
    }

    /** Removes nothing any more; waits for a step that has begun. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(JOIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("a step of retention did not end within {}", JOIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
