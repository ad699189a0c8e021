// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

/**
 * How fast one caller may change things. Immutable.
 *
 * @param mutations a second, those that admit tasks apart
 * @param burst most of them at once
 * @param tasks new ones a second
 */
record Rates(int mutations, int burst, int tasks) {
    static final Rates STANDARD = new Rates(10, 50, 1000);

    /** A list of tasks is admitted as a whole. */
    private static final int LARGEST_LIST = 1000;

    /** As configured, each value within its range. */
    static Rates of(EngineSettings settings) {
        return new Rates(
                Math.clamp(settings.mutationsPerSecond(), 1, 1_000_000),
                Math.clamp(settings.mutationBurst(), 1, 1_000_000),
                Math.clamp(settings.tasksPerSecond(), 1, 1_000_000));
    }

    /** Most new tasks at once. */
    int taskBurst() {
        return Math.max(LARGEST_LIST, tasks);
    }
}
