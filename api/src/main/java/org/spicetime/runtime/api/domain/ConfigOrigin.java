// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a configured value comes from. Immutable.
 *
 * @param path e.g. {@code scheduler.quantumMicros}
 * @param source the way it came in
 * @param revision revision that set it; null for a default
 * @param changedBy who set it; null for a default
 * @param changedAt when it was set; null for a default
 */
public record ConfigOrigin(
        String path,
        ConfigSource source,
        @Nullable Integer revision,
        @Nullable String changedBy,
        @Nullable Instant changedAt) {
    public ConfigOrigin {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(source, "source");
    }
}
