// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.ExecutorConfig;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.core.alerts.DomainAlerts;
import org.spicetime.runtime.core.dispatch.Dispatcher;
import org.spicetime.runtime.core.dispatch.DomainGuard;
import org.spicetime.runtime.core.guard.Watchdog;
import org.spicetime.runtime.core.journal.Journal;
import org.spicetime.runtime.core.revisions.Revisions;
import org.spicetime.runtime.kernel.task.KernelSettings;

/**
 * What the parts of one domain share. Each field says who guards it: {@code changes} is held for a
 * slow change as a whole, the guard for what dispatch reads.
 */
final class DomainBody {

    private static final Logger LOG = LoggerFactory.getLogger(DomainBody.class);

    final Node node;
    final DomainId domainId;
    final Revisions revisions;
    final DomainWatches watches;
    final ReentrantLock changes = new ReentrantLock();
    final DomainGuard guard = new DomainGuard();
    final ErrorRing errors = new ErrorRing();
    final DomainMediator mediator = new DomainMediator(this);
    final DomainTasks tasks;
    final Dispatcher dispatcher;
    final PluginSeats seats;
    final Journal journal;
    final DomainShare share;
    final DomainSwap swap = new DomainSwap(this);
    final DomainPressure pressure;
    final DomainAlerts alerts;

    /* Guarded by the guard. */
    final LifeCycle life = new LifeCycle();
    private DomainIdentity identity;
    private UUID incarnation;
    private long epoch;
    private DomainConfig config;
    private int revision;
    private @Nullable ResourceAllocation allocation;
    private Runnable whenLive = () -> {};

    /* Written under changes and the guard. */
    private volatile @Nullable Holdings holdings;
    private volatile boolean deleted;
    private volatile @Nullable String unrestored;

    /* Written under the guard. */
    private volatile boolean admits;

    DomainBody(
            Node node,
            DomainIdentity identity,
            DomainConfig config,
            Lease lease,
            Revisions revisions) {
        this.node = node;
        this.identity = identity;
        domainId = identity.id();
        this.revisions = revisions;
        revision = revisions.newest();
        watches = new DomainWatches(this);
        alerts = new DomainAlerts(node.alerts(), identity.id());
        this.config = config;
        this.incarnation = lease.incarnation();
        this.epoch = lease.epoch();
        tasks =
                new DomainTasks(
                        identity.id(),
                        guard,
                        node.clock(),
                        settings(config),
                        mediator,
                        errors,
                        node.host(),
                        node.notifier(),
                        RandomGenerator.getDefault(),
                        node.timer()::rearm,
                        node.watchdog().meter(policySeat(identity.id())));
        if (node.durable()) {
            tasks.watches().begin(DomainPages.asOf(node.store(), lease));
        }
        guard.refuseWhile(this::hangs);
        dispatcher =
                new Dispatcher(
                        identity.id().value(),
                        guard,
                        tasks.forDispatcher(),
                        node.deployed(),
                        node.clock(),
                        node.timings().stopGrace());
        tasks.use(dispatcher);
        seats = new PluginSeats(this);
        journal =
                new Journal(
                        node.store(),
                        lease,
                        guard,
                        node.clock(),
                        node.journal(),
                        tasks.forJournal());
        tasks.use(journal);
        tasks.use(node.deployed());
        share = new DomainShare(this);
        pressure = new DomainPressure(this);
        node.shares().add(share, identity.id().value());
    }

    DomainId id() {
        return domainId;
    }

    /** Names the calls into the policy of a domain. */
    static String policySeat(DomainId domain) {
        return "domain " + domain;
    }

    /** Names the calls into the strategy of a domain. */
    static String poolSeat(DomainId domain) {
        return "pool of domain " + domain;
    }

    /** Why nobody can use the domain: a plugin does not return with its lock; null: all is well. */
    @Nullable String hangs() {
        Watchdog.Stuck policy = node.watchdog().stuck(policySeat(id()));
        Watchdog.Stuck found = policy == null ? node.watchdog().stuck(poolSeat(id())) : policy;
        return found == null ? null : found.sentence();
    }

    /** What the configuration means to the kernel. */
    KernelSettings settings(DomainConfig wanted) {
        return new KernelSettings(
                wanted.scheduler().priorities(),
                wanted.executor().queuePolicy(),
                wanted.executor().queueCapacity(),
                wanted.executor().parallelism(),
                wanted.scheduler().quantum().toNanos(),
                wanted.tasks().retention().keptInMemory(),
                wanted.tasks().durability(),
                node.durable(),
                wanted.scheduler().effectiveMaxStarted(wanted.executor().parallelism()),
                wanted.scheduler().preemption(),
                wanted.tasks().limits());
    }

    /** Refuses what would have to wait for a domain that does not answer. */
    void checkAnswers() {
        String why = hangs();
        if (why != null) {
            throw new RefusedException(RuntimeErrorCode.SCHEDULER_ERROR, why, Map.of());
        }
    }

    DomainConfig config() {
        guard.enter();
        try {
            return config;
        } finally {
            guard.leave();
        }
    }

    int revision() {
        guard.enter();
        try {
            return revision;
        } finally {
            guard.leave();
        }
    }

    @Nullable ResourceAllocation allocation() {
        guard.enter();
        try {
            return allocation;
        } finally {
            guard.leave();
        }
    }

    /** Another configuration is in force. Under changes and the guard. */
    void config(DomainConfig next) {
        config = next;
        revision++;
        stateChanged();
    }

    /** Another reservation, or none, is in force. Under changes and the guard. */
    void allocation(@Nullable ResourceAllocation next) {
        share.granted(next == null ? null : next.cpu());
        allocation = next;
    }

    /** Another lease is held. Under changes and the guard. */
    void owned(UUID newIncarnation, long newEpoch) {
        incarnation = newIncarnation;
        epoch = newEpoch;
    }

    @Nullable Holdings holdings() {
        return holdings;
    }

    void holdings(@Nullable Holdings next) {
        holdings = next;
    }

    /** Bytes its pool may still take from the machine. */
    long unbackedBytes() {
        Holdings held = holdings;
        if (held == null) {
            return 0;
        }
        // Nobody comes to the books of a pool whose strategy hangs.
        return hangs() == null ? held.pool().unbackedBytes() : config().memory().poolSizeBytes();
    }

    boolean deleted() {
        return deleted;
    }

    void markDeleted() {
        deleted = true;
        node.shares().remove(share);
        admits = false;
    }

    /** Refuses a change of a domain that is gone, or that could not be restored. */
    void checkExists() {
        checkNotDeleted();
        String why = unrestored;
        if (why != null) {
            throw RefusedException.conflict("domain \"" + id() + "\" " + why)
                    .with("reason", "NOT_RESTORED");
        }
    }

    /** Whether what the store keeps of it could not be taken up. */
    boolean isUnrestored() {
        return unrestored != null;
    }

    /** Refuses a change of a domain that is gone. */
    void checkNotDeleted() {
        if (deleted) {
            throw RefusedException.notFound("domain", id());
        }
    }

    /**
     * The domain is FAILED: what the store keeps of it could not be taken up, and stays as it is.
     */
    void unrestored(String why) {
        unrestored = why;
        live(() -> life.failed(why));
        errors.add(
                new RuntimeError(
                        RuntimeErrorCode.SCHEDULER_ERROR,
                        "domain \"" + id() + "\" " + why,
                        id().value(),
                        null,
                        Map.of("reason", "NOT_RESTORED")));
    }

    RuntimeStatus status() {
        guard.enter();
        try {
            return life.status();
        } finally {
            guard.leave();
        }
    }

    DomainState state() {
        guard.enter();
        try {
            return new DomainState(
                    id(),
                    identity.name(),
                    identity.description(),
                    identity.labels(),
                    life.status(),
                    life.reason(),
                    config,
                    revision,
                    seats.policy.active(),
                    seats.policy.ejection(),
                    seats.strategy.active(),
                    seats.strategy.ejection(),
                    identity.createdAt(),
                    life.startedAt(),
                    incarnation,
                    node.host(),
                    epoch);
        } finally {
            guard.leave();
        }
    }

    /** Changes the life cycle and tells watchers. */
    void live(Runnable change) {
        guard.enter();
        try {
            RuntimeStatus before = life.status();
            change.run();
            RuntimeStatus after = life.status();
            admits = life.admits();
            tasks.held(!life.dispatches());
            if (before != after) {
                LOG.info("domain={} is {}, was {}", id(), after, before);
            }
            stateChanged();
            guard.afterwards(whenLive);
        } finally {
            guard.leave();
        }
    }

    /** Tells watchers the state as it is. Under the guard. */
    void stateChanged() {
        watches.changed();
        alerts.state(state(), life.limitations());
    }

    DomainIdentity identity() {
        guard.enter();
        try {
            return identity;
        } finally {
            guard.leave();
        }
    }

    /** The domain is called otherwise. Under changes. */
    void identity(DomainIdentity next) {
        guard.enter();
        try {
            identity = next;
            stateChanged();
        } finally {
            guard.leave();
        }
    }

    /** A limitation begins or ends (null). Under the guard or not. */
    void limitation(String what, @Nullable String why) {
        guard.enter();
        try {
            boolean changed = why == null ? life.recovered(what) : life.degraded(what, why);
            if (changed) {
                if (why == null) {
                    LOG.info("domain={} {}: recovered", id(), what);
                } else {
                    LOG.warn("domain={} {}: {}", id(), what, why);
                }
                stateChanged();
            }
        } finally {
            guard.leave();
        }
    }

    /**
     * The store does not take what it should; null: it does. A domain that is not up yet learns it
     * when it is.
     */
    void storeIs(@Nullable String why) {
        guard.enter();
        try {
            if (why == null || life.holdsResources()) {
                limitation("disk", why);
            }
        } finally {
            guard.leave();
        }
    }

    /** Whether tasks may be submitted now. Any thread. */
    boolean admits() {
        return admits;
    }

    /** The configuration of workers and queue. Under the guard. */
    ExecutorConfig executor() {
        return config.executor();
    }

    /** How durable tasks are that do not say so. Under the guard. */
    Durability standardDurability() {
        return config.tasks().durability();
    }

    /**
     * What is to be done, without the guard, whenever the life cycle has changed. Once, at the
     * beginning.
     */
    void whenLive(Runnable action) {
        whenLive = action;
    }
}
