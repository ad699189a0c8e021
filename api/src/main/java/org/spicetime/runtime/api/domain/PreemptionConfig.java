// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.Objects;

/**
 * When a running task loses the processor to a more urgent one. Immutable.
 *
 * @param enabled whether running tasks are preempted at all
 * @param mode the way of preemption
 */
public record PreemptionConfig(boolean enabled, PreemptionMode mode) {
    public PreemptionConfig {
        Objects.requireNonNull(mode, "mode");
    }
}
