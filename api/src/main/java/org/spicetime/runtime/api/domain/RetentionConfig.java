// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/**
 * How long finished tasks of a domain are kept. A task goes as soon as one of the limits says so,
 * the oldest go first; one that an unfinished task depends on stays. Immutable.
 *
 * @param completedHours hours after its end for which a completed task is kept, 1 to {@value
 *     #MOST_HOURS}
 * @param failedHours hours after its end for which a failed, timed out or cancelled task is kept, 1
 *     to {@value #MOST_HOURS}
 * @param maxTasks most finished tasks, 0 to {@value #MOST_TASKS}; 0: no limit. Those that are not
 *     stored are kept in memory, see {@link #keptInMemory()}
 * @param maxBytes most bytes of finished tasks in the store, 0 or more; 0: no limit
 */
public record RetentionConfig(int completedHours, int failedHours, int maxTasks, long maxBytes) {
    /** Ten years. */
    public static final int MOST_HOURS = 87_600;

    /** Largest limit on the number. */
    public static final int MOST_TASKS = 1_000_000_000;

    /** Most finished tasks of a domain that the host keeps in memory, whatever is configured. */
    public static final int MOST_IN_MEMORY = 1_000_000;

    /** Those it keeps in memory unless {@code maxTasks} names a number. */
    public static final int USUALLY_IN_MEMORY = 10_000;

    /** A week, a month for what failed, any number of tasks, 1 GiB. */
    public static final RetentionConfig DEFAULT = new RetentionConfig(168, 720, 0, 1L << 30);

    public RetentionConfig {
        hours("tasks.retention.completedHours", completedHours);
        hours("tasks.retention.failedHours", failedHours);
        if (maxTasks < 0 || maxTasks > MOST_TASKS)
            throw new IllegalArgumentException(
                    "tasks.retention.maxTasks must be 0 .. " + MOST_TASKS + ", was " + maxTasks);
        if (maxBytes < 0)
            throw new IllegalArgumentException(
                    "tasks.retention.maxBytes must be 0 or more, was " + maxBytes);
    }

    private static void hours(String what, int hours) {
        if (hours < 1 || hours > MOST_HOURS)
            throw new IllegalArgumentException(
                    what + " must be 1 .. " + MOST_HOURS + ", was " + hours);
    }

    /**
     * How many finished tasks are kept in memory, of those that are not stored.
     *
     * @return {@code maxTasks}, at most {@value #MOST_IN_MEMORY}; {@value #USUALLY_IN_MEMORY} if
     *     that is 0
     */
    public int keptInMemory() {
        return maxTasks == 0 ? USUALLY_IN_MEMORY : Math.min(maxTasks, MOST_IN_MEMORY);
    }
}
