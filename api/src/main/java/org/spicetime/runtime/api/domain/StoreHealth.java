// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How a store is.
 *
 * <p>Immutable.
 *
 * @param status its state; CHECKING while it is checked after an unclean stop
 * @param readOnly whether what grows it is refused
 * @param durable whether what is acknowledged survives the process and a loss of power
 * @param message why it is not healthy; null when it is
 * @param engine name and version of the engine; not blank
 * @param schemaVersion version of its layout; at least 1
 * @param sizeBytes bytes on disk, logs of the engine included; 0 for a store in memory
 * @param freeBytes bytes that can still be written before growth is refused; empty: not told
 * @param queueDepth events that wait to be written; not negative
 * @param commitLatency from handing over an event until it is durable, over the last minute
 * @param lastBackupAt when the last backup was taken; null: never
 */
public record StoreHealth(
        HealthStatus status,
        boolean readOnly,
        boolean durable,
        @Nullable String message,
        String engine,
        int schemaVersion,
        long sizeBytes,
        OptionalLong freeBytes,
        int queueDepth,
        LatencySummary commitLatency,
        @Nullable Instant lastBackupAt) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is not as described
     */
    public StoreHealth {
        if (engine.isBlank()) throw new IllegalArgumentException("engine must not be blank");
        if (schemaVersion < 1)
            throw new IllegalArgumentException(
                    "schema version must be at least 1, was " + schemaVersion);
        notNegative("size", sizeBytes);
        freeBytes.ifPresent(bytes -> notNegative("free bytes", bytes));
        notNegative("queue depth", queueDepth);
        if (message == null && status != HealthStatus.HEALTHY) {
            throw new IllegalArgumentException("a store that is " + status + " must say why");
        }
    }

    private static void notNegative(String what, long value) {
        if (value < 0)
            throw new IllegalArgumentException(what + " must not be negative, was " + value);
    }
}
