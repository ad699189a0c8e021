// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

/**
 * One release of a task, after its end. Times are in units. Immutable.
 *
 * @param task name of the task
 * @param number of the release, from 0
 * @param release when it was released
 * @param start when it had a slot first
 * @param end when it was done
 * @param missed whether that was after its deadline
 * @param preemptions how often it lost its slot before it blocked or was done
 */
public record SimulatedJob(
        String task,
        int number,
        long release,
        long start,
        long end,
        boolean missed,
        int preemptions) {
    /** From release to end. */
    public long response() {
        return end - release;
    }
}
