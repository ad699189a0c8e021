// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler.analysis;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Analysis.Shortfall;
import org.spicetime.runtime.api.scheduler.Budget;

/** Processor demand under EDF on one slot. Used by one call. */
final class ProcessorDemand {
    private static final double FULL = 1 - 1e-9;

    private final DemandTable table;
    private final Budget budget;
    private final Steps steps = new Steps();

    ProcessorDemand(DemandTable table, Budget budget) {
        this.table = table;
        this.budget = budget;
    }

    /** An interval that is shorter than what has to be done in it; null: there is none. */
    @Nullable Shortfall shortfall() {
        long first = Long.MAX_VALUE;
        for (long deadline : table.deadline) first = Math.min(first, deadline);
        boolean blocked = !budget.preemptive() || budget.blockingNanos() > 0;
        long interval = deadlineBefore(horizon());
        while (interval >= first) {
            long demand = blocking(interval) + demand(interval);
            if (demand > interval) {
                return new Shortfall(
                        "processor demand of an interval",
                        Optional.empty(),
                        demand,
                        interval,
                        "ns");
            }
            // A blocking term falls with the interval, so then each deadline has to be looked at.
            interval = demand < interval && !blocked ? demand : deadlineBefore(interval);
        }
        return null;
    }

    private long blocking(long interval) {
        long longest = 0;
        if (!budget.preemptive()) {
            for (int i = 0; i < table.size; i++) {
                if (table.deadline[i] > interval) longest = Math.max(longest, table.cost[i]);
            }
        }
        return budget.blockingNanos() + longest;
    }

    private long demand(long interval) {
        steps.take(table.size);
        long sum = 0;
        for (int i = 0; i < table.size; i++) {
            if (table.deadline[i] > interval) continue;
            long releases =
                    table.period[i] == DemandTable.ONCE
                            ? 1
                            : (interval - table.deadline[i]) / table.period[i] + 1;
            sum = steps.checked(sum + releases * table.cost[i]);
        }
        return sum;
    }

    /* The last absolute deadline before an instant, releases coming as early as they can. */
    private long deadlineBefore(long instant) {
        steps.take(table.size);
        long latest = Long.MIN_VALUE;
        for (int i = 0; i < table.size; i++) {
            if (table.deadline[i] >= instant) continue;
            long more =
                    table.period[i] == DemandTable.ONCE
                            ? 0
                            : (instant - 1 - table.deadline[i]) / table.period[i] * table.period[i];
            latest = Math.max(latest, table.deadline[i] + more);
        }
        return latest;
    }

    /* No interval beyond it can be the first one that is too short. */
    private long horizon() {
        double use = 0;
        double ahead = longestBlocking();
        long latest = 0;
        for (int i = 0; i < table.size; i++) {
            use += table.share(i);
            ahead +=
                    table.period[i] == DemandTable.ONCE
                            ? (double) table.cost[i]
                            : Math.max(
                                    0,
                                    (double) (table.period[i] - table.deadline[i])
                                            * table.share(i));
            if (table.deadline[i] != DemandTable.NONE) {
                latest = Math.max(latest, table.deadline[i]);
            }
        }
        if (use < FULL) {
            double byUse = Math.max((double) latest, ahead / (1 - use)) * (1 + 1e-9) + 2;
            if (byUse < Long.MAX_VALUE / 8.0) {
                return Math.min((long) byUse, busyPeriod((long) byUse));
            }
        }
        return busyPeriod(Long.MAX_VALUE / 4);
    }

    private long longestBlocking() {
        return budget.blockingNanos() + (budget.preemptive() ? 0 : table.largestCost(0));
    }

    /* The longest busy period, or the limit if it is longer. */
    private long busyPeriod(long limit) {
        long length = longestBlocking();
        for (long cost : table.cost) length = steps.checked(length + cost);
        while (length < limit) {
            steps.take(table.size);
            long work = longestBlocking();
            for (int i = 0; i < table.size; i++) {
                work = steps.checked(work + table.releases(i, length) * table.cost[i]);
            }
            if (work <= length) return length + 1;
            length = work;
        }
        return limit;
    }
}
