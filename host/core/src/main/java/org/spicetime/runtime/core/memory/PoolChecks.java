// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.util.Map;
import java.util.OptionalLong;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.MemoryConfig;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.PressureLevel;
import org.spicetime.runtime.kernel.memory.BlockOwner;
import org.spicetime.runtime.kernel.memory.PoolPlan;

/**
 * What a pool refuses, and in which words. Thread-safe; a plan it is given is guarded by the
 * caller.
 */
final class PoolChecks {
    private final DomainId domain;
    private final MachineMemory machine;
    private final PoolListener host;

    PoolChecks(DomainId domain, MachineMemory machine, PoolListener host) {
        this.domain = domain;
        this.machine = machine;
        this.host = host;
    }

    IllegalStateException closed() {
        return new IllegalStateException("the pool of domain " + domain + " is closed");
    }

    /** A plan of that size, if it is in range and the machine can back it. */
    PoolPlan plan(long poolBytes) {
        size(poolBytes);
        backed(poolBytes, 0);
        return new PoolPlan(poolBytes, host.meter());
    }

    /** Refuses a size out of range. */
    void size(long poolBytes) {
        if (poolBytes < MemoryConfig.MIN_POOL_BYTES
                || poolBytes > PoolPlan.maxPoolBytes()
                || poolBytes % MemoryConfig.POOL_STEP_BYTES != 0) {
            throw RefusedException.outOfRange(
                    "memory.poolSize",
                    poolBytes,
                    "a multiple of %d from %d to %d bytes"
                            .formatted(
                                    MemoryConfig.POOL_STEP_BYTES,
                                    MemoryConfig.MIN_POOL_BYTES,
                                    PoolPlan.maxPoolBytes()));
        }
    }

    /** Refuses a pool that the machine cannot back, apart from what it backs already. */
    void backed(long poolBytes, long residentBytes) {
        OptionalLong available = machine.availableBytes();
        if (available.isEmpty()) {
            return;
        }
        long promised = host.promisedElsewhere();
        long most = Math.max(0, available.getAsLong() - promised) + residentBytes;
        if (poolBytes > most) {
            throw RefusedException.exhausted(
                            ("domain %s: a pool of %d bytes was asked for, the machine can back %d now"
                                            + " (%d are available, other pools may still take %d of"
                                            + " them); ask for less, or shrink or stop others")
                                    .formatted(
                                            domain,
                                            poolBytes,
                                            most,
                                            available.getAsLong(),
                                            promised),
                            poolBytes,
                            most)
                    .with("field", "memory.poolSize")
                    .with("limit", most);
        }
    }

    /** A pool cannot shrink below what is used and kept. */
    RefusedException belowUse(PoolPlan plan, long poolBytes) {
        return exhausted(
                plan,
                "the pool cannot shrink to %d bytes while %d are used and %d more kept for tasks"
                        .formatted(poolBytes, plan.usedBytes(), plan.reservedBytes()),
                poolBytes);
    }

    /** Blocks beyond a smaller size were not released in time. */
    RefusedException notEmptied(PoolPlan plan, long poolBytes) {
        return exhausted(
                        plan,
                        ("the pool cannot shrink to %d bytes: of the %d used, blocks beyond that size"
                                        + " were not released within %d ms; try again when tasks have"
                                        + " ended")
                                .formatted(
                                        poolBytes, plan.usedBytes(), PoolSizes.PATIENCE.toMillis()),
                        poolBytes)
                .with("reason", "BLOCKS_BEYOND");
    }

    /** The memory of this machine cannot change its size where it lies. */
    RefusedException notInPlace(PoolPlan plan) {
        return RefusedException.conflict(
                        ("domain %s: this pool can take that size only while no task holds memory"
                                        + " of it; %d bytes are used")
                                .formatted(domain, plan.usedBytes()))
                .with("used", plan.usedBytes());
    }

    /**
     * An address can be a multiple of that.
     *
     * @throws IllegalArgumentException if not
     */
    void alignment(PoolPlan plan, long align) {
        if (align > plan.zoneBytes()) {
            throw new IllegalArgumentException(
                    "alignment must be a power of two up to %d, was %d"
                            .formatted(plan.zoneBytes(), align));
        }
    }

    /** A task cannot have memory kept for it that the pool does not have. */
    RefusedException neverFits(PoolPlan plan, long bytes) {
        return exhausted(
                        plan,
                        "a task needs %d bytes kept for it, the pool has %d in all; raise"
                                        .formatted(bytes, plan.totalBytes())
                                + " memory.poolSize or the grant, or ask for less",
                        bytes)
                .with("available", plan.totalBytes());
    }

    /** Why an allocation gave nothing. */
    RefusedException noRoom(PoolPlan plan, BlockOwner owner, long result, long wanted) {
        if (result == PoolPlan.OVER_OWN_QUOTA) {
            return overOwnQuota(owner, wanted);
        }
        if (result == AllocationFailure.TOO_LARGE.result()) {
            long most = plan.binding().descriptor().maxBlockBytes();
            return exhausted(
                            plan,
                            "%d bytes were asked for in one block, %s gives %d at most"
                                    .formatted(wanted, plan.binding().name(), most),
                            wanted)
                    .with("reason", "TOO_LARGE");
        }
        long largest = plan.largestFreeBytes();
        long available = plan.availableBytes();
        if (result == PoolPlan.OVER_QUOTA) {
            String message =
                    "%d bytes were asked for, %d of %d are free; raise memory.poolSize or the"
                                    .formatted(wanted, available, plan.totalBytes())
                            + " grant, or let fewer tasks run at once";
            RefusedException refused =
                    wanted > plan.totalBytes()
                            ? exhausted(plan, message, wanted)
                            : refused(RuntimeErrorCode.MEMORY_PRESSURE, plan, message, wanted)
                                    .with("level", level(plan).name());
            return refused.with("largestFree", largest);
        }
        return exhausted(
                        plan,
                        "%d bytes were asked for, %d are free, but only %d in one piece"
                                .formatted(wanted, available, largest),
                        wanted)
                .with("reason", "FRAGMENTED")
                .with("largestFree", largest);
    }

    /** Whether an allocation was refused because free memory lies in pieces. */
    static boolean fragmented(RefusedException refused) {
        return "FRAGMENTED".equals(refused.details().get("reason"));
    }

    private static PressureLevel level(PoolPlan plan) {
        double used = (double) plan.totalBytes() - plan.availableBytes();
        return PressureLevel.NONE.next(used / plan.totalBytes());
    }

    private RefusedException overOwnQuota(BlockOwner owner, long wanted) {
        long available = owner.quotaBytes() - owner.bytes();
        return new RefusedException(
                RuntimeErrorCode.RESOURCE_EXHAUSTED,
                ("domain %s: %d bytes were asked for, the task has %d left of the %d it asked to keep;"
                                + " schedule it with more memory")
                        .formatted(domain, wanted, available, owner.quotaBytes()),
                Map.of(
                        "domain",
                        domain.value(),
                        "scope",
                        "task",
                        "limit",
                        owner.quotaBytes(),
                        "used",
                        owner.bytes(),
                        "available",
                        available,
                        "requested",
                        wanted));
    }

    /** A limit of the pool is used up. */
    RefusedException exhausted(PoolPlan plan, String message, long requested) {
        return refused(RuntimeErrorCode.RESOURCE_EXHAUSTED, plan, message, requested);
    }

    private RefusedException refused(
            RuntimeErrorCode code, PoolPlan plan, String message, long requested) {
        return new RefusedException(
                code,
                "domain " + domain + ": " + message,
                Map.of(
                        "domain",
                        domain.value(),
                        "scope",
                        "domain",
                        "limit",
                        plan.totalBytes(),
                        "used",
                        plan.usedBytes(),
                        "available",
                        plan.availableBytes(),
                        "requested",
                        requested));
    }
}
