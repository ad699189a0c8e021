// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One checked part of the host. Immutable.
 *
 * @param name e.g. {@code scheduler}, {@code domain:ethical-scoring}
 * @param status its state
 * @param message why it is not HEALTHY; null when it is
 * @param details further facts
 */
public record HealthComponent(
        String name, HealthStatus status, @Nullable String message, Map<String, Object> details) {
    public HealthComponent {
        details = Map.copyOf(details);
    }
}
