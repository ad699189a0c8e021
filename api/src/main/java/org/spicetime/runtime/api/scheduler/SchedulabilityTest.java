// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Tells whether periodic or sporadic tasks meet their deadlines under a policy. Admission refuses
 * what would break it, and the schedule analysis of a domain shows its answer.
 *
 * <p>Sources: C. L. Liu and J. W. Layland, J. ACM 20(1), 1973 (utilisation bounds); M. Joseph and
 * P. Pandya, <i>Finding Response Times in a Real-Time System</i>, The Computer Journal 29(5), 1986
 * (exact response times under fixed priorities); S. K. Baruah, A. K. Mok and L. E. Rosier,
 * <i>Preemptively Scheduling Hard-Real-Time Sporadic Tasks on One Processor</i>, RTSS 1990
 * (processor demand under EDF).
 *
 * <p>Called on a host thread apart from dispatch, with an immutable snapshot, at every admission of
 * a periodic task and on request; a call that takes longer than 2 s is abandoned and the answer is
 * that it cannot be told. The tests of {@code org.spicetime.runtime.api.scheduler.analysis} end by
 * themselves well before.
 *
 * <p>Thread-safe.
 */
@ConsumerType
public interface SchedulabilityTest {

    /**
     * Analyses a task set.
     *
     * @param tasks all tasks of the domain that have a period, and those with a deadline that
     *     count, the candidate included; any order, ids unique, possibly none
     * @param budget processor time the domain can count on
     * @return the verdict; if the test is only sufficient, a negative verdict says so in its {@link
     *     Analysis#reason()}
     */
    Analysis analyse(List<TaskDemand> tasks, Budget budget);
}
