// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Analysis;
import org.spicetime.runtime.api.scheduler.Analysis.Shortfall;
import org.spicetime.runtime.api.scheduler.Budget;
import org.spicetime.runtime.api.scheduler.SchedulabilityTest;
import org.spicetime.runtime.api.scheduler.TaskDemand;

/**
 * Schedulability under earliest deadline first.
 *
 * <ul>
 *   <li>One slot, no deadline before the next release: exactly the sets that need one processor at
 *       most (C. L. Liu and J. W. Layland, J. ACM 20(1), 1973).
 *   <li>One slot, other deadlines: the processor demand in every interval, exact (S. K. Baruah, A.
 *       K. Mok and L. E. Rosier, RTSS 1990), looked for backwards (F. Zhang and A. Burns,
 *       <i>Schedulability Analysis for Real-Time Systems with EDF Scheduling</i>, IEEE Transactions
 *       on Computers 58(9), 2009).
 *   <li>Worst-case response times from deadline busy periods (M. Spuri, <i>Analysis of Deadline
 *       Scheduled Real-Time Systems</i>, INRIA RR-2772, 1996).
 *   <li>Several slots, sufficient only: the density bound m &minus; (m &minus; 1)&middot;largest
 *       (J. Goossens, S. Funk and S. Baruah, <i>Priority-Driven Scheduling of Periodic Task Systems
 *       on Multiprocessors</i>, Real-Time Systems 25, 2003), or the interference of each task.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class EarliestDeadlineTest implements SchedulabilityTest {
    private static final double BELOW = 1e-12;

    /** Called by policies. */
    public EarliestDeadlineTest() {}

    @Override
    public Analysis analyse(List<TaskDemand> tasks, Budget budget) {
        DemandTable table = new DemandTable(tasks, budget);
        Verdicts verdicts = new Verdicts(table, budget);
        boolean free = budget.preemptive() && budget.blockingNanos() == 0;
        if (free && budget.slots() == 1 && table.implicitDeadlines()) {
            verdicts.bound(budget.shareRatio());
        }
        try {
            Analysis simple = verdicts.simple();
            if (simple != null) return simple;
            return budget.slots() == 1
                    ? oneSlot(table, budget, verdicts, free)
                    : manySlots(table, budget, verdicts);
        } catch (Steps.OutOfStepsException tooLong) {
            return verdicts.unknown("the analysis takes too many steps for these periods");
        }
    }

    private static Analysis oneSlot(
            DemandTable table, Budget budget, Verdicts verdicts, boolean free) {
        String why = "the utilisation is at most one processor";
        if (!free || !table.implicitDeadlines()) {
            ProcessorDemand demand = new ProcessorDemand(table, budget);
            Shortfall shortfall = free && densityFits(table) ? null : demand.shortfall();
            if (shortfall != null) {
                return free && budget.shareRatio() == 1
                        ? verdicts.refuted(shortfall)
                        : verdicts.notShown(shortfall);
            }
            why = "the processor demand fits into every interval";
        }
        new DeadlineBusyPeriods(table, budget).tell(verdicts);
        return verdicts.guaranteed(why);
    }

    private static boolean densityFits(DemandTable table) {
        double sum = 0;
        for (int i = 0; i < table.size; i++) sum += table.density(i);
        return sum <= 1 - BELOW;
    }

    private static Analysis manySlots(DemandTable table, Budget budget, Verdicts verdicts) {
        Analysis refused = GlobalTests.limits(table, budget, verdicts);
        if (refused != null) return refused;
        double sum = 0;
        double largest = 0;
        for (int i = 0; i < table.size; i++) {
            sum += table.density(i);
            largest = Math.max(largest, table.density(i));
        }
        double allowed = budget.slots() - (budget.slots() - 1) * largest;
        if (table.implicitDeadlines() && budget.preemptive()) verdicts.bound(allowed);
        if (budget.preemptive() && sum <= allowed - BELOW) {
            return verdicts.guaranteed(
                    "the density is within the bound of Goossens, Funk and Baruah");
        }
        return byInterference(table, budget, verdicts, sum, allowed);
    }

    private static Analysis byInterference(
            DemandTable table, Budget budget, Verdicts verdicts, double sum, double allowed) {
        @Nullable Shortfall density =
                sum > allowed - BELOW
                        ? Verdicts.load("density (Goossens, Funk and Baruah)", sum, allowed)
                        : null;
        if (table.deadlineAfterRelease().isPresent()) {
            return density == null
                    ? verdicts.unknown(
                            "without preemption on several slots the test needs deadlines up to the next release")
                    : verdicts.notShown(density);
        }
        int late = GlobalTests.lateUnderDeadlines(table, budget, new Steps());
        if (late < 0) return verdicts.guaranteed("the interference leaves room for each task");
        return density == null
                ? verdicts.unknown(
                        "interference may take all the time of "
                                + table.id[late]
                                + " on several slots")
                : verdicts.notShown(density);
    }
}
