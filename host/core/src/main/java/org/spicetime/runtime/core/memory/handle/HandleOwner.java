// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.util.Objects;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.kernel.memory.BlockOwner;

/**
 * Whose a handle is: one attempt of a task. Immutable.
 *
 * @param task the task
 * @param priority of it when the attempt began; a greater number is more urgent
 * @param account of its blocks; guarded by the lock of the pool
 */
public record HandleOwner(TaskId task, int priority, BlockOwner account) {
    public HandleOwner {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(account, "account");
    }
}
