// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A changed value of a configuration, in the names and units of {@code RuntimeConfigInput}.
 * Immutable.
 *
 * @param path e.g. {@code scheduler.quantumMicros}
 * @param before value before (number, boolean, string, list or map); null: there was none
 * @param after value after; null: there is none
 */
public record ConfigChange(String path, @Nullable Object before, @Nullable Object after) {
    public ConfigChange {
        Objects.requireNonNull(path, "path");
    }
}
