// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;

/**
 * A domain to create. Immutable.
 *
 * @param id unique in the host
 * @param name for people; null: the id
 * @param description what it is for; null: nothing told
 * @param labels free-form labels
 * @param config what differs from the host's defaults
 * @param start whether to start it
 */
public record DomainSpec(
        DomainId id,
        @Nullable String name,
        @Nullable String description,
        Map<String, String> labels,
        ConfigPatch config,
        boolean start) {
    public DomainSpec {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(config, "config");
        if (name != null && (name.isBlank() || name.length() > 256))
            throw new IllegalArgumentException(
                    "name must have 1 .. 256 characters, had " + name.length());
        labels = Map.copyOf(labels);
    }
}
