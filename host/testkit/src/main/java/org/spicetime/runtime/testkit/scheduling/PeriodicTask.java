// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

/**
 * A task of a simulated set, released every period from time 0 on, with its period as relative
 * deadline. In units of the simulation. Immutable.
 *
 * @param name one letter or more, for traces
 * @param cost processor time of each release, 1 or more
 * @param period time between releases, 1 or more
 * @param priority of each release
 */
public record PeriodicTask(String name, int cost, int period, int priority) {
    /**
     * Checks the spans.
     *
     * @throws IllegalArgumentException if one is less than 1
     */
    public PeriodicTask {
        if (cost < 1) throw new IllegalArgumentException("cost must be 1 or more, was " + cost);
        if (period < 1) {
            throw new IllegalArgumentException("period must be 1 or more, was " + period);
        }
    }
}
