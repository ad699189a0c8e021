// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A policy that ranks each task by one number; the host owns the queue, so such a policy cannot
 * lose a task. FIFO, fixed priorities, earliest deadline first, rate-monotonic, deadline-monotonic
 * and shortest job first are of this kind. The analysis of the two classics is due to C. L. Liu and
 * J. W. Layland, <i>Scheduling Algorithms for Multiprogramming in a Hard-Real-Time Environment</i>,
 * J. ACM 20(1), 1973.
 *
 * <p>Both methods are called by any thread, at the same time, several times per task: on arrival,
 * when a value of the task changed, by submitters that look whether they must interrupt a running
 * task, and for the order of stored tasks that are not in memory. They must be pure functions of
 * the view and of values fixed at creation, and take well below a microsecond. An exception ejects
 * the policy.
 *
 * <p>Among equal keys the domain's queue policy decides, then the order of release. A task whose
 * quantum expired goes behind its equals, a preempted one stays before them. Equal keys never
 * preempt.
 *
 * <p>Thread-safe.
 */
@ConsumerType
public non-sealed interface KeyedPolicy extends Policy {

    /**
     * Rank of a task.
     *
     * @param task the task, with its effective values
     * @return a smaller number is more urgent; any long is allowed
     */
    long key(TaskView task);

    /**
     * How long a task may run before its equals get their turn.
     *
     * @param task the task
     * @return nanoseconds; 0: until it blocks or ends
     */
    default long quantum(TaskView task) {
        return 0;
    }
}
