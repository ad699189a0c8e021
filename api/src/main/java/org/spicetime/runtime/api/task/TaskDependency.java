// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Duration;
import org.spicetime.runtime.api.TaskId;

/**
 * A dependency of an admitted task. Immutable.
 *
 * @param task the task waited for
 * @param type what about it is waited for
 * @param timeout longest wait from admission; zero: unlimited
 * @param satisfied whether it is waited for no more
 */
public record TaskDependency(
        TaskId task, DependencyType type, Duration timeout, boolean satisfied) {}
