// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.spicetime.runtime.api.task.TaskType;

/**
 * When a running task loses the processor to a more urgent one. Immutable.
 *
 * @param enabled whether running tasks are preempted at all
 * @param mode the way of preemption
 * @param threshold in {@link PreemptionMode#THRESHOLD}: only a task whose priority is above this
 *     one preempts
 * @param granularity shortest undisturbed run after a dispatch; bounds the cost of switching
 * @param nonPreemptible task types that are never preempted; their quantum is not enforced either
 */
public record PreemptionConfig(
        boolean enabled,
        PreemptionMode mode,
        int threshold,
        Duration granularity,
        Set<TaskType> nonPreemptible) {
    public PreemptionConfig {
        Objects.requireNonNull(mode, "mode");
        if (granularity.isNegative())
            throw new IllegalArgumentException(
                    "preemption.granularity must be 0 or more, was " + granularity);
        nonPreemptible = Set.copyOf(nonPreemptible);
    }

    /** No preemption of this mode, or the mode without threshold, granularity and exceptions. */
    public PreemptionConfig(boolean enabled, PreemptionMode mode) {
        this(enabled, mode, 0, Duration.ZERO, Set.of());
    }
}
