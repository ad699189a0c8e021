// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A configuration in force at some time. Immutable.
 *
 * @param revision number, counted per domain from 1
 * @param timestamp when it took effect
 * @param changedBy who made it
 * @param source the way it came in
 * @param changes what changed against the revision before; against the defaults for the first
 * @param configJson the whole configuration, a JSON object in the shape of {@code
 *     RuntimeConfigInput}
 */
public record ConfigRevision(
        int revision,
        Instant timestamp,
        String changedBy,
        ConfigSource source,
        List<ConfigChange> changes,
        String configJson) {
    public ConfigRevision {
        if (revision < 1)
            throw new IllegalArgumentException("revision must be 1 or more, was " + revision);
        Objects.requireNonNull(timestamp, "timestamp");
        Objects.requireNonNull(changedBy, "changedBy");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(configJson, "configJson");
        changes = List.copyOf(changes);
    }
}
