// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.spicetime.runtime.api.scheduler.TaskDemand;

/**
 * Random sets of periodic tasks, all released at 0. Periods are divisors of 2520, so that after
 * 2520 units everything repeats. Called by one thread at a time.
 */
public final class RandomTaskSets {
    /** After so many units a set begins again. */
    public static final int HYPERPERIOD = 2520;

    private static final int SHORTEST = 12;
    private static final int MOST_TASKS = 6;

    private final SplittableRandom random;
    private final List<Integer> periods = new ArrayList<>();

    /** Sets that depend on the random numbers alone. */
    public RandomTaskSets(SplittableRandom random) {
        this.random = random;
        for (int period = SHORTEST; period <= HYPERPERIOD; period++) {
            if (HYPERPERIOD % period == 0) periods.add(period);
        }
    }

    /**
     * Two to six tasks named A, B, ... with different periods, which are their deadlines.
     *
     * @param least utilisation to aim at, at least
     * @param most utilisation that is never exceeded
     */
    public List<SimulatedTask> next(double least, double most) {
        while (true) {
            List<SimulatedTask> tasks = attempt(random.nextDouble(least, most + 1e-9));
            if (work(tasks) <= most * HYPERPERIOD) return tasks;
        }
    }

    /** The same set with deadlines between run time and period. */
    public List<SimulatedTask> earlierDeadlines(List<SimulatedTask> tasks) {
        return tasks.stream()
                .map(task ->
                        task.withDeadline(
                                random.nextLong(
                                        Math.max(task.cost(), task.period() / 3),
                                        task.period() + 1)))
                .toList();
    }

    /** What an analysis takes: the tasks with their places in the list as ids. */
    public static List<TaskDemand> demands(List<SimulatedTask> tasks) {
        List<TaskDemand> demands = new ArrayList<>();
        for (SimulatedTask task : tasks) {
            demands.add(
                    new TaskDemand(
                            new UUID(0, demands.size()),
                            task.cost(),
                            task.period(),
                            task.deadline(),
                            task.priority()));
        }
        return demands;
    }

    /** When a set is idle for the first time, at the latest; it must not need more than it has. */
    public static long busyPeriod(List<SimulatedTask> tasks) {
        long length = 1;
        while (true) {
            long work = 0;
            for (SimulatedTask task : tasks) {
                work += Math.ceilDiv(length, task.period()) * task.cost();
            }
            if (work <= length) return length;
            length = work;
        }
    }

    private static long work(List<SimulatedTask> tasks) {
        long work = 0;
        for (SimulatedTask task : tasks) work += HYPERPERIOD / task.period() * task.cost();
        return work;
    }

    /* Shares of the utilisation are cut at random places; the last task takes what is left. */
    private List<SimulatedTask> attempt(double utilisation) {
        int size = random.nextInt(2, MOST_TASKS + 1);
        List<Integer> chosen = new ArrayList<>();
        while (chosen.size() < size) {
            int period = periods.get(random.nextInt(periods.size()));
            if (!chosen.contains(period)) chosen.add(period);
        }
        List<SimulatedTask> tasks = new ArrayList<>();
        double left = utilisation;
        for (int i = 0; i < size; i++) {
            double share =
                    i == size - 1
                            ? left
                            : left * (1 - Math.pow(random.nextDouble(), 1.0 / (size - i - 1)));
            left -= share;
            int period = chosen.get(i);
            long cost = Math.clamp(Math.round(share * period), 1, period);
            tasks.add(SimulatedTask.periodic(String.valueOf((char) ('A' + i)), cost, period));
        }
        return tasks;
    }
}
