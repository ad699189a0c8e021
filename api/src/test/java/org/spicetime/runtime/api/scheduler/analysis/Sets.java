// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.spicetime.runtime.api.scheduler.Analysis;
import org.spicetime.runtime.api.scheduler.Budget;
import org.spicetime.runtime.api.scheduler.TaskDemand;

/** Task sets for tests, in units of one nanosecond. */
final class Sets {
    static final Budget ONE = new Budget(1, 1);

    private Sets() {}

    /** The seed of this run, printed so that a failure can be repeated. */
    static SplittableRandom random(String what) {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println(what + ": seed " + seed);
        return new SplittableRandom(seed);
    }

    /** Tasks of cost and period, the deadline being the next release; ids 0, 1, ... */
    static List<TaskDemand> implicit(long... costsAndPeriods) {
        List<TaskDemand> tasks = new ArrayList<>();
        for (int i = 0; i < costsAndPeriods.length; i += 2) {
            tasks.add(
                    task(
                            i / 2,
                            costsAndPeriods[i],
                            costsAndPeriods[i + 1],
                            costsAndPeriods[i + 1]));
        }
        return tasks;
    }

    static TaskDemand task(int index, long cost, long period, long deadline) {
        return new TaskDemand(new UUID(0, index), cost, period, deadline, 0);
    }

    /** Worst-case response time of a task; 0: not told. */
    static long response(Analysis analysis, int index) {
        return analysis.responseTimes().stream()
                .filter(time -> time.id().equals(new UUID(0, index)))
                .mapToLong(Analysis.ResponseTime::worstNanos)
                .findFirst()
                .orElse(0);
    }

    /** Two to five tasks of short periods. */
    static List<TaskDemand> random(SplittableRandom random, boolean anyDeadline) {
        int[] periods = {4, 5, 6, 8, 10, 12, 15, 20, 24, 30};
        int size = random.nextInt(2, 6);
        List<TaskDemand> tasks = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            long period = periods[random.nextInt(periods.length)];
            long cost = random.nextLong(1, Math.max(2, period * 2 / size + 1));
            long deadline = anyDeadline ? random.nextLong(cost, 2 * period + cost) : period;
            tasks.add(task(i, cost, period, deadline));
        }
        return tasks;
    }
}
