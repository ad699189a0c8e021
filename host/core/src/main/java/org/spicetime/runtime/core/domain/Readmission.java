// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.List;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.core.history.StoredHistory;
import org.spicetime.runtime.core.history.TaskRecorder;
import org.spicetime.runtime.core.journal.Journal;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.Restored;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * The only way back from the store into memory: kernel, journal and history learn of a task
 * together. Guarded by the domain's guard.
 */
final class Readmission {

    private final DomainKernel kernel;
    private final Journal journal;
    private final TaskRecorder recorder;

    Readmission(DomainKernel kernel, Journal journal, TaskRecorder recorder) {
        this.kernel = kernel;
        this.journal = journal;
        this.recorder = recorder;
    }

    /**
     * Takes these tasks up as the store has them.
     *
     * @param tasks unknown to the kernel
     */
    void takeUp(List<Restored> tasks, Now now) {
        List<TaskEntry> entries = kernel.restore(tasks, now);
        for (int i = 0; i < entries.size(); i++) {
            TaskRecord stored = tasks.get(i).stored();
            journal.restored(entries.get(i), stored.task().phase());
            recorder.restored(entries.get(i), StoredHistory.steps(stored));
        }
        kernel.publish(entries, now);
    }
}
