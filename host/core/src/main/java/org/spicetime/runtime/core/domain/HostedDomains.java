// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.core.dispatch.NodeTimer;

/**
 * The domains that are there, by id, and who has a task. A domain that comes is timed and watched
 * from then on, until it goes. Thread-safe.
 */
final class HostedDomains implements Node.Siblings {

    private final Map<DomainId, HostedDomain> domains = new ConcurrentSkipListMap<>();
    private final NodeTimer timer;
    private final HostWatches watches;
    private final TaskStore store;
    private final boolean durable;

    /**
     * No domain is there yet.
     *
     * @param notifier tells who watches
     * @param durable whether the store has tasks that are not in memory
     */
    HostedDomains(NodeTimer timer, Executor notifier, TaskStore store, boolean durable) {
        this.timer = timer;
        this.store = store;
        this.durable = durable;
        watches = new HostWatches(notifier, domains);
    }

    /** Who watches them. */
    HostWatches watches() {
        return watches;
    }

    /** All of them, ordered by id, as they come and go. */
    Collection<HostedDomain> all() {
        return domains.values();
    }

    boolean contains(DomainId id) {
        return domains.containsKey(id);
    }

    /** A domain comes. */
    void enter(HostedDomain domain) {
        watches.add(domain);
        timer.register(domain);
    }

    /** A domain goes; whether it was there. */
    boolean leave(HostedDomain domain) {
        boolean there = watches.remove(domain);
        if (there) {
            timer.unregister(domain);
        }
        return there;
    }

    @Override
    public Optional<HostedDomain> hosted(DomainId id) {
        return Optional.ofNullable(domains.get(id));
    }

    @Override
    public long unbackedBytes(DomainId except) {
        return domains.values().stream()
                .filter(domain -> !domain.id().equals(except))
                .mapToLong(domain -> domain.body().unbackedBytes())
                .sum();
    }

    /** Bytes that all pools may have. */
    long poolsReserved() {
        return domains.values().stream()
                .map(domain -> domain.body().holdings())
                .filter(Objects::nonNull)
                .mapToLong(held -> held.pool().poolBytes())
                .sum();
    }

    @Override
    public Optional<HostedDomain> ownerOf(TaskId task) {
        return domains.values().stream()
                .filter(domain -> domain.body().tasks.knows(task))
                .findFirst();
    }

    /** The domain that has a task in memory, or else in the store. */
    Optional<HostedDomain> holderOf(TaskId id) {
        return ownerOf(id).or(() -> storedOwnerOf(id));
    }

    private Optional<HostedDomain> storedOwnerOf(TaskId id) {
        return !durable
                ? Optional.empty()
                : StoreReads.ask(() -> store.load(id))
                        .flatMap(record -> hosted(record.task().domain()));
    }
}
