// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import org.spicetime.runtime.api.domain.PriorityConfig;

/** The priorities that policies see, shared by all tasks of a domain. Guarded by the caller. */
final class PriorityRange {
    private int min;
    private int max;

    PriorityRange(PriorityConfig config) {
        set(config);
    }

    void set(PriorityConfig config) {
        min = config.min();
        max = config.max();
    }

    /**
     * A task admitted under a wider range keeps its priority and is seen at the end of the range.
     */
    int clamp(int priority) {
        return Math.clamp(priority, min, max);
    }
}
