// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ExecutorConfig;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.ForeignTask;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.TaskEntry;

/** What a domain adds to its tasks. Called inside the guard. */
interface TaskEvents {
    boolean dispatching();

    void policyEjected(PolicyEjection ejection, long sinceNanos);

    void leftBehind(int threads, @Nullable String why);

    void finished(TaskEntry entry);

    /** Whether these are to be left to the store. */
    boolean parks(DomainKernel kernel, List<TaskEntry> entries, Now now);

    /** A task is not in memory any more. */
    void left(TaskEntry entry);

    /** At the end of each visit. */
    void settled(DomainKernel kernel);

    /** Some light tasks have ended. */
    void lightEnded();

    /** The configuration of workers and queue. */
    ExecutorConfig executor();

    /** These tasks were not admitted after all. */
    void withdrawn(List<TaskEntry> entries);

    /** Another host owns the domain. */
    void fenced(String why);

    /** The store does not take changes; null: it does again. */
    void storeFails(@Nullable String why);

    /** A task of this domain that others wait for has changed. */
    void awaitedChanged(Set<DomainId> waiting, TaskId task, ForeignTask state);
}
