// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;

/**
 * What the host can promise to its domains, and what it has promised. Nothing promised is ever
 * taken back by another promise. Thread-safe.
 */
final class HostBudget {

    private record Promise(double cores, long memoryBytes) {}

    /* Sums of fractions are not exact. */
    private static final double ROUNDING = 1e-9;
    private static final Promise NOTHING = new Promise(0, 0);

    /** One pool is opened or grown at a time, so that it sees what the others may still take. */
    final ReentrantLock pools = new ReentrantLock();

    private final double cores;
    private final long memoryBytes;
    private final Map<DomainId, Promise> promised = new HashMap<>();

    HostBudget(double cores, long memoryBytes) {
        this.cores = cores;
        this.memoryBytes = memoryBytes;
    }

    double cores() {
        return cores;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    /**
     * Replaces what is promised to a domain; null keeps it.
     *
     * @throws RefusedException RESOURCE_EXHAUSTED if too little is left; nothing changed then
     */
    synchronized void promise(
            DomainId domain, @Nullable Double newCores, @Nullable Long newMemory) {
        Promise present = promised.getOrDefault(domain, NOTHING);
        double coresLeft = cores;
        long memoryLeft = memoryBytes;
        for (Map.Entry<DomainId, Promise> other : promised.entrySet()) {
            if (!other.getKey().equals(domain)) {
                coresLeft -= other.getValue().cores();
                memoryLeft -= other.getValue().memoryBytes();
            }
        }
        coresLeft = Math.max(0, coresLeft);
        if (newCores != null && newCores > coresLeft + ROUNDING) {
            throw new RefusedException(
                    RuntimeErrorCode.RESOURCE_EXHAUSTED,
                    "cpu.cores: "
                            + newCores
                            + " cores were asked for, "
                            + coresLeft
                            + " of "
                            + cores
                            + " are not reserved by other domains",
                    Map.of(
                            "requested",
                            newCores,
                            "available",
                            coresLeft,
                            "limit",
                            cores,
                            "field",
                            "cpu.cores"));
        }
        if (newMemory != null && newMemory > memoryLeft) {
            throw RefusedException.exhausted(
                            "memory.size: "
                                    + newMemory
                                    + " bytes were asked for, "
                                    + memoryLeft
                                    + " of "
                                    + memoryBytes
                                    + " are not reserved by other domains",
                            newMemory,
                            memoryLeft)
                    .with("field", "memory.size");
        }
        promised.put(
                domain,
                new Promise(
                        newCores == null ? present.cores() : newCores,
                        newMemory == null ? present.memoryBytes() : newMemory));
    }

    /** Restores or frees what was promised. */
    synchronized void set(DomainId domain, double newCores, long newMemory) {
        if (newCores == 0 && newMemory == 0) {
            promised.remove(domain);
        } else {
            promised.put(domain, new Promise(newCores, newMemory));
        }
    }
}
