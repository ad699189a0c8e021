// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.fifo;

import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.TaskView;

/** Ranks tasks by the order of their release; nothing else counts. Thread-safe. */
final class Fifo implements KeyedPolicy {
    @Override
    public long key(TaskView task) {
        return task.seq();
    }
}
