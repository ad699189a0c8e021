// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Labels;

/**
 * A domain to create. Immutable.
 *
 * @param id unique in the host
 * @param name for people; null: the id
 * @param description what it is for; null: nothing told
 * @param labels free-form labels, within the limits of {@link Labels}
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
        DomainUpdate.checkName(name);
        DomainUpdate.checkDescription(description);
        labels = Labels.checked(labels);
    }
}
