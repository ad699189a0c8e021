// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.Objects;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * A task that comes back from the store. Immutable.
 *
 * @param stored as the store has it; not on a worker, since nobody is left there
 * @param admission as it was admitted; its foreign states are those of all tasks it depends on that
 *     the domain does not know, the ended ones that only the store keeps included
 */
public record Restored(TaskRecord stored, Admission admission) {
    public Restored {
        Objects.requireNonNull(admission, "admission");
        TaskPhase phase = stored.task().phase();
        if (!stored.task().id().equals(admission.id()))
            throw new IllegalArgumentException(
                    "task " + stored.task().id() + " was not admitted as " + admission.id());
        if (phase == TaskPhase.RUNNING || phase == TaskPhase.CANCELLING)
            throw new IllegalArgumentException(
                    "task " + admission.id() + " is " + phase + " and was not settled");
    }
}
