// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler.analysis;

import org.spicetime.runtime.api.scheduler.Budget;

/**
 * Worst-case response times under EDF on one slot: for each task and each release of it that can be
 * the worst, the time until everything with a deadline up to its own is done. Used by one call.
 */
final class DeadlineBusyPeriods {
    private final DemandTable table;
    private final Budget budget;
    private final Steps steps = new Steps();

    DeadlineBusyPeriods(DemandTable table, Budget budget) {
        this.table = table;
        this.budget = budget;
    }

    /** Tells the response times it can find in the steps it has. */
    void tell(Verdicts verdicts) {
        try {
            long busy = busyPeriod();
            for (int i = 0; i < table.size; i++) {
                if (table.deadline[i] == DemandTable.NONE) continue;
                verdicts.responseTime(i, responseTime(i, busy));
            }
        } catch (Steps.OutOfStepsException tooLong) {
            // What was found is right; the rest is not known.
        }
    }

    private long blocking(int task, long deadline) {
        long longest = 0;
        if (!budget.preemptive()) {
            for (int i = 0; i < table.size; i++) {
                if (i != task && table.deadline[i] > deadline) {
                    longest = Math.max(longest, table.cost[i]);
                }
            }
        }
        return budget.blockingNanos() + longest;
    }

    private long busyPeriod() {
        long blocking = budget.blockingNanos() + (budget.preemptive() ? 0 : table.largestCost(0));
        long length = blocking;
        for (long cost : table.cost) length = steps.checked(length + cost);
        while (true) {
            steps.take(table.size);
            long work = blocking;
            for (int i = 0; i < table.size; i++) {
                work = steps.checked(work + table.releases(i, length) * table.cost[i]);
            }
            if (work <= length) return length;
            length = work;
        }
    }

    /* A release can only be the worst if its deadline falls together with one of another task. */
    private long responseTime(int i, long busy) {
        long worst = table.cost[i];
        for (int j = 0; j < table.size; j++) {
            if (table.deadline[j] == DemandTable.NONE) continue;
            long release = table.deadline[j] - table.deadline[i];
            if (table.period[j] == DemandTable.ONCE) {
                if (release >= 0 && release < busy) worst = Math.max(worst, from(i, release));
                continue;
            }
            if (release < 0) release += Math.ceilDiv(-release, table.period[j]) * table.period[j];
            for (; release < busy; release += table.period[j]) {
                worst = Math.max(worst, from(i, release));
                if (table.period[j] > busy) break;
            }
        }
        return Math.max(worst, from(i, 0));
    }

    /* The response time of the release at this instant of a busy period. */
    private long from(int i, long release) {

        long own = table.period[i] == DemandTable.ONCE ? 1 : release / table.period[i] + 1;
        return Math.max(table.cost[i], length(i, release, own) - release);
    }

    private long length(int i, long release, long own) {
        long deadline = steps.checked(release + table.deadline[i]);
        long blocking = blocking(i, deadline);
        long length = steps.checked(blocking + own * table.cost[i]);
        while (true) {
            steps.take(table.size);
            long work = blocking + own * table.cost[i];
            for (int j = 0; j < table.size; j++) {
                if (j == i || table.deadline[j] > deadline) continue;
                work = steps.checked(work + releases(j, length, deadline) * table.cost[j]);
            }
            if (work <= length) return length;
            length = work;
        }
    }

    private long releases(int j, long length, long deadline) {
        if (table.period[j] == DemandTable.ONCE) return 1;
        return Math.min(
                Math.ceilDiv(length, table.period[j]),
                1 + (deadline - table.deadline[j]) / table.period[j]);
    }
}
