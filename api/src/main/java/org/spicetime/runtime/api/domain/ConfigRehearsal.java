// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.List;
import java.util.Objects;

/**
 * What a change of configuration would lead to. Immutable.
 *
 * @param config the configuration that would hold
 * @param changes what would change; empty: nothing
 */
public record ConfigRehearsal(DomainConfig config, List<ConfigChange> changes) {
    public ConfigRehearsal {
        Objects.requireNonNull(config, "config");
        changes = List.copyOf(changes);
    }
}
