// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Duration;
import java.util.Objects;

/**
 * A dependency asked for. Immutable.
 *
 * @param task the task waited for
 * @param type what about it is waited for
 * @param timeout longest wait from admission, rounded up to microseconds; zero: unlimited
 */
public record DependencyRequest(TaskRef task, DependencyType type, Duration timeout) {
    public DependencyRequest {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(type, "type");
        if (timeout.isNegative())
            throw new IllegalArgumentException("timeout must be 0 or more, was " + timeout);
        timeout = Micros.up(timeout);
    }

    /** Waits without limit until the task has completed. */
    public static DependencyRequest success(TaskRef task) {
        return new DependencyRequest(task, DependencyType.SUCCESS, Duration.ZERO);
    }
}
