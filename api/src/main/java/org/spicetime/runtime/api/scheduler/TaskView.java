// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.task.TaskType;

/**
 * What a policy sees of a task; it cannot change it. Values are the effective ones: priority
 * inheritance, ceilings and aging are already applied (L. Sha, R. Rajkumar and J. P. Lehoczky,
 * <i>Priority Inheritance Protocols</i>, IEEE Transactions on Computers 39(9), 1990).
 *
 * <p>All times are nanoseconds on the domain's monotonic clock. Each getter is cheap and allocates
 * nothing.
 *
 * <p>Thread-safe. Within one call to a {@link SchedulingPolicy} the values do not change.
 */
@ProviderType
public interface TaskView {

    /**
     * Identity of the task.
     *
     * @return the UUID of its task id
     */
    UUID id();

    /**
     * Order of release in the domain: the later, the larger. Unique; survives a change of policy.
     *
     * @return the number
     */
    long seq();

    /**
     * Kind of work.
     *
     * @return the type
     */
    TaskType type();

    /**
     * Effective priority; larger is more urgent. As a share weight take {@code priority −
     * minPriority + 1}.
     *
     * @return a value within the range of the {@link PolicyContext}
     */
    int priority();

    /**
     * Priority as it was given, before inheritance, ceiling and aging.
     *
     * @return a value within the range of the {@link PolicyContext}
     */
    int basePriority();

    /**
     * When the task became ready to run for the first time.
     *
     * @return ns
     */
    long releasedAt();

    /**
     * Absolute deadline.
     *
     * @return ns, or {@link Long#MAX_VALUE}: none
     */
    long deadline();

    /**
     * Time from release to deadline.
     *
     * @return ns, or {@link Long#MAX_VALUE}: no deadline
     */
    long relativeDeadline();

    /**
     * Period of the schedule the task is a release of.
     *
     * @return ns, or {@link Long#MAX_VALUE}: not periodic
     */
    long period();

    /**
     * Processor time the task is expected to need in all.
     *
     * @return ns; 0: unknown
     */
    long estimatedNanos();

    /**
     * Processor time the task used so far, the running slice excluded.
     *
     * @return ns
     */
    long consumedNanos();

    /**
     * Whether the task was dispatched and has not ended. A started task owns a thread, also while
     * it is preempted or waits.
     *
     * @return true from the first dispatch on
     */
    boolean started();
}
