// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.domain.ResourceAllocation.CpuGrant;
import org.spicetime.runtime.api.domain.ResourceAllocation.MemoryGrant;
import org.spicetime.runtime.api.domain.ResourceAllocation.NetworkGrant;
import org.spicetime.runtime.api.domain.ResourceKind;
import org.spicetime.runtime.api.domain.ResourceRequest;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.DomainEvent;
import org.spicetime.runtime.core.network.DomainNetwork;

/**
 * Reserves resources for a domain and gives them back. A reservation is checked against what the
 * host has left, stored, and only then in force; a refused one has changed nothing. Under {@code
 * changes}.
 */
final class Reservations {

    private static final Logger LOG = LoggerFactory.getLogger(Reservations.class);
    private static final int LARGEST_CONNECTIONS = 10_000;
    private static final int MOST_PRIORITY = 1000;

    private final DomainBody body;

    Reservations(DomainBody body) {
        this.body = body;
    }

    ResourceAllocation allocate(ResourceRequest request, ChangedBy who) {
        body.changes.lock();
        try {
            body.checkExists();
            check(request);
            ResourceAllocation former = body.allocation();
            DomainConfig config = body.config();
            ResourceAllocation next = merged(former, request, config);
            replace(former, next, config, who);
            return next;
        } finally {
            body.changes.unlock();
        }
    }

    /** Gives back the reservations of these resources. */
    DomainState release(Set<ResourceKind> resources, ChangedBy who) {
        body.changes.lock();
        try {
            body.checkExists();
            ResourceAllocation former = body.allocation();
            ResourceAllocation next = former == null ? null : without(former, resources);
            if (former != null && !former.equals(next)) {
                replace(former, next, body.config(), who);
            }
            return body.state();
        } finally {
            body.changes.unlock();
        }
    }

    private static @Nullable ResourceAllocation without(
            ResourceAllocation former, Set<ResourceKind> resources) {
        CpuGrant cpu = resources.contains(ResourceKind.CPU) ? null : former.cpu();
        MemoryGrant memory = resources.contains(ResourceKind.MEMORY) ? null : former.memory();
        NetworkGrant network = resources.contains(ResourceKind.NETWORK) ? null : former.network();
        return cpu == null && memory == null && network == null
                ? null
                : new ResourceAllocation(
                        former.id(),
                        former.domain(),
                        cpu,
                        memory,
                        network,
                        former.priority(),
                        former.grantedAt());
    }

    private void replace(
            @Nullable ResourceAllocation former,
            @Nullable ResourceAllocation next,
            DomainConfig config,
            ChangedBy who) {
        HostBudget budget = body.node.budget();
        budget.promise(body.id(), cores(next), memory(next));
        try {
            apply(former, next, config, who);
        } catch (RuntimeException refused) {
            budget.set(body.id(), cores(former), memory(former));
            throw refused;
        }
        LOG.info("domain={} reserved {}", body.id(), next == null ? "nothing" : next);
    }

    private static double cores(@Nullable ResourceAllocation grant) {
        return grant == null || grant.cpu() == null ? 0 : grant.cpu().cores();
    }

    private static long memory(@Nullable ResourceAllocation grant) {
        return grant == null || grant.memory() == null ? 0 : grant.memory().sizeBytes();
    }

    private void check(ResourceRequest request) {
        ResourceRequest.Cpu cpu = request.cpu();
        double most = body.node.budget().cores();
        if (cpu != null && !(cpu.cores() > 0 && Double.isFinite(cpu.cores()))) {
            throw RefusedException.outOfRange("cpu.cores", cpu.cores(), "above 0, at most " + most)
                    .with("requested", String.valueOf(cpu.cores()))
                    .with("limit", most);
        }
        int weight = cpu == null ? 0 : cpuPriority(request);
        if (weight < 0 || weight > MOST_PRIORITY) {
            throw RefusedException.outOfRange("cpu.priority", weight, "0 .. " + MOST_PRIORITY)
                    .with("requested", weight)
                    .with("limit", MOST_PRIORITY);
        }
        ResourceRequest.Memory memory = request.memory();
        if (memory != null) {
            if (memory.sizeBytes() <= 0) {
                throw RefusedException.outOfRange(
                        "memory.size",
                        memory.sizeBytes(),
                        "above 0, at most " + body.node.budget().memoryBytes() + " bytes");
            }
            String configured = body.config().memory().allocationType();
            if (memory.type() != null && !memory.type().equals(configured)) {
                throw RefusedException.outOfRange(
                        "memory.type",
                        memory.type(),
                        "the allocator configured, "
                                + configured
                                + " (a reservation does not change the configuration)");
            }
        }
        ResourceRequest.Network network = request.network();
        if (network != null) {
            checkNetwork(network);
        }
    }

    private static int cpuPriority(ResourceRequest request) {
        Integer own = request.cpu() == null ? null : request.cpu().priority();
        return own == null ? request.priority() : own;
    }

    private static void checkNetwork(ResourceRequest.Network network) {
        Double bandwidth = network.bandwidth();
        if (bandwidth != null
                && bandwidth != 0
                && !(bandwidth >= 1 && bandwidth <= DomainNetwork.Grant.MOST_BYTES_PER_SECOND)) {
            throw RefusedException.outOfRange(
                    "network.bandwidth",
                    bandwidth,
                    "0 (no limit), or 1 .. "
                            + (long) DomainNetwork.Grant.MOST_BYTES_PER_SECOND
                            + " bytes per second");
        }
        Integer connections = network.connections();
        if (connections != null && (connections < 1 || connections > LARGEST_CONNECTIONS)) {
            throw RefusedException.outOfRange(
                    "network.connections", connections, "1 .. " + LARGEST_CONNECTIONS);
        }
    }

    private ResourceAllocation merged(
            @Nullable ResourceAllocation former, ResourceRequest request, DomainConfig config) {
        CpuGrant cpu = former == null ? null : former.cpu();
        MemoryGrant memory = former == null ? null : former.memory();
        NetworkGrant network = former == null ? null : former.network();
        if (request.cpu() != null) {
            cpu = new CpuGrant(request.cpu().cores(), cpuPriority(request));
        }
        if (request.memory() != null) {
            memory =
                    new MemoryGrant(request.memory().sizeBytes(), config.memory().allocationType());
        }
        if (request.network() != null) {
            Double bandwidth = request.network().bandwidth();
            Integer connections = request.network().connections();
            network =
                    new NetworkGrant(
                            bandwidth == null ? 0 : bandwidth,
                            connections == null
                                    ? config.networking().maxConnections()
                                    : connections);
        }
        Instant now = body.node.clock().instants().instant();
        return new ResourceAllocation(
                former == null ? UUID.randomUUID() : former.id(),
                body.id(),
                cpu,
                memory,
                network,
                request.priority(),
                now);
    }

    private void apply(
            @Nullable ResourceAllocation former,
            @Nullable ResourceAllocation next,
            DomainConfig config,
            ChangedBy who) {
        Holdings held = body.holdings();
        if (held != null) {
            held.pool().cap(poolCap(next));
        }
        Instant now = body.node.clock().instants().instant();
        try {
            body.journal.write(
                    List.of(
                            new DomainEvent.GrantsChanged(
                                    now, next == null ? null : ConfigJson.of(next), who.actor())));
        } catch (RefusedException notStored) {
            if (held != null) {
                held.pool().cap(poolCap(former));
            }
            throw notStored;
        }
        body.guard.enter();
        try {
            body.allocation(next);
            body.stateChanged();
        } finally {
            body.guard.leave();
        }
        if (held != null) {
            held.network().reconfigure(config.networking(), DomainResources.networkGrant(next));
        }
    }

    private static long poolCap(@Nullable ResourceAllocation grant) {
        return grant == null || grant.memory() == null
                ? Long.MAX_VALUE
                : grant.memory().sizeBytes();
    }
}
