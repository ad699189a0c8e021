// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.core.history.TaskLogs;
import org.spicetime.runtime.kernel.task.TaskEntry;

/** The domain whose tasks are stored. Called inside its guard. */
public interface Stored {

    /** How a task has come as far as it is, without what is not decided yet. */
    List<Transition> transitions(TaskEntry entry);

    /** What it has cost so far. */
    TaskMetrics metrics(TaskEntry entry);

    /** Its place in the order of the store: the more urgent, the smaller. */
    long rank(TaskEntry entry);

    /** What it waits and waited for. */
    List<TaskDependency> dependencies(TaskEntry entry);

    /** Why its last attempt failed; null: it is not known. */
    @Nullable RuntimeError lastError(TaskEntry entry);

    /** Lines its last attempt logged that were not told yet. */
    TaskLogs.Untold untoldLines(TaskEntry entry);

    /** Its admission holds: it takes part from now on. */
    void publish(List<TaskEntry> entries);

    /** Its admission does not hold: as if it had never been asked for. */
    void withdraw(List<TaskEntry> entries);

    /** Its end holds, and can be seen from now on. */
    void ended(TaskEntry entry, @Nullable String actor, @Nullable String why);

    /** All changes up to this one are stored, and were told by the methods above. */
    void committed(ChangeCursor asOf);

    /** Another host owns the domain: nothing may be started or taken in any more. */
    void fenced(String why);

    /** The store does not take changes for now; null: it does again. */
    void storeFails(@Nullable String why);
}
