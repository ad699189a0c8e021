// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler.analysis;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.spicetime.runtime.api.scheduler.Analysis;
import org.spicetime.runtime.api.scheduler.Budget;
import org.spicetime.runtime.api.scheduler.SchedulabilityTest;
import org.spicetime.runtime.api.scheduler.TaskDemand;

/**
 * Schedulability under any fixed order of the tasks: rate monotonic, deadline monotonic, or by
 * priority.
 *
 * <ul>
 *   <li>One slot: the worst-case response time of each task over its busy period, so deadlines may
 *       come before or after the next release (M. Joseph and P. Pandya, <i>Finding Response Times
 *       in a Real-Time System</i>, The Computer Journal 29(5), 1986; J. P. Lehoczky, <i>Fixed
 *       Priority Scheduling of Periodic Task Sets with Arbitrary Deadlines</i>, RTSS 1990). Exact
 *       when tasks of equal rank have equal periods; otherwise each of them counts as more urgent
 *       than the others, which is safe in whatever order they run.
 *   <li>If that takes too long, and the shorter period is the more urgent, the bounds on the
 *       utilisation decide: n(2<sup>1/n</sup> &minus; 1) (C. L. Liu and J. W. Layland, J. ACM
 *       20(1), 1973), and the product of all U + 1, at most 2 (E. Bini and G. C. Buttazzo, <i>A
 *       Hyperbolic Bound for the Rate Monotonic Algorithm</i>, ECRTS 2001).
 *   <li>Several slots: a bound on the response times, sufficient only (M. Bertogna and M. Cirinei,
 *       <i>Response-Time Analysis for Globally Scheduled Symmetric Multiprocessor Platforms</i>,
 *       RTSS 2007), for deadlines up to the next release.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class FixedPriorityTest implements SchedulabilityTest {
    private static final double BELOW = 1e-12;
    private static final String RESPONSE_TIME = "worst-case response time";

    private final ToLongFunction<TaskDemand> key;

    /**
     * A test for one order.
     *
     * @param key rank of a task, smaller is more urgent; as the policy's key ranks its releases
     */
    public FixedPriorityTest(ToLongFunction<TaskDemand> key) {
        this.key = key;
    }

    @Override
    public Analysis analyse(List<TaskDemand> tasks, Budget budget) {
        List<TaskDemand> order =
                tasks.stream()
                        .sorted(
                                Comparator.comparingLong(key)
                                        .thenComparingLong(TaskDemand::relativeDeadlineNanos))
                        .toList();
        Call call = new Call(order, budget);
        try {
            Analysis simple = call.verdicts.simple();
            if (simple != null) return simple;
            return budget.slots() == 1 ? call.oneSlot() : call.manySlots();
        } catch (Steps.OutOfStepsException tooLong) {
            return call.byBounds();
        }
    }

    /** One analysis. Used by one thread. */
    private final class Call {
        final DemandTable table;
        final Budget budget;
        final Verdicts verdicts;
        final Steps steps = new Steps();

        /* Index after the last task of the same rank. */
        final int[] endOfRank;
        boolean equalRanksAreAlike = true;

        Call(List<TaskDemand> order, Budget budget) {
            this.budget = budget;
            table = new DemandTable(order, budget);
            verdicts = new Verdicts(table, budget);
            endOfRank = new int[table.size];
            for (int i = table.size - 1; i >= 0; i--) {
                boolean last =
                        i + 1 == table.size
                                || key.applyAsLong(order.get(i))
                                        != key.applyAsLong(order.get(i + 1));
                endOfRank[i] = last ? i + 1 : endOfRank[i + 1];
                equalRanksAreAlike &=
                        last
                                || (table.period[i] == table.period[i + 1]
                                        && table.deadline[i] == table.deadline[i + 1]
                                        && table.deadline[i] <= table.period[i]);
            }
            if (boundsApply()) verdicts.bound(liuLayland() * budget.shareRatio());
        }

        private boolean free() {
            return budget.preemptive() && budget.blockingNanos() == 0;
        }

        private boolean boundsApply() {
            boolean applies = budget.slots() == 1 && free() && table.implicitDeadlines();
            for (int i = 1; i < table.size && applies; i++) {
                applies = table.period[i - 1] <= table.period[i];
            }
            return applies && table.size > 0;
        }

        private double liuLayland() {
            return table.size * (Math.pow(2, 1.0 / table.size) - 1);
        }

        Analysis oneSlot() {
            int late = -1;
            long lateBy = 0;
            boolean tooLong = false;
            for (int i = 0; i < table.size; i++) {
                try {
                    long worst = responseTime(i);
                    verdicts.responseTime(i, worst);
                    if (late < 0 && worst > table.deadline[i]) {
                        late = i;
                        lateBy = worst;
                    }
                } catch (Steps.OutOfStepsException stopped) {
                    tooLong = true;
                    break;
                }
            }
            if (late >= 0) {
                boolean exact = free() && budget.shareRatio() == 1 && equalRanksAreAlike;
                return exact
                        ? verdicts.refuted(verdicts.late(RESPONSE_TIME, late, lateBy))
                        : verdicts.notShown(verdicts.late(RESPONSE_TIME, late, lateBy));
            }
            return tooLong
                    ? byBounds()
                    : verdicts.guaranteed("each worst-case response time is within its deadline");
        }

        private long responseTime(int i) {
            if (table.exceeds(endOfRank[i], 1)) return Long.MAX_VALUE;
            long blocking = budget.blockingNanos();
            if (!budget.preemptive()) blocking += table.largestCost(endOfRank[i]);
            long window = steps.checked(blocking);
            for (int j = 0; j < endOfRank[i]; j++) window = steps.checked(window + table.cost[j]);
            long worst = 0;
            for (long release = 0; ; release++) {
                window = finish(i, release + 1, blocking, window);
                if (table.period[i] == DemandTable.ONCE) return window;
                long released = release * table.period[i];
                worst = Math.max(worst, window - released);
                if (window - released <= table.period[i]) return worst;
                window = steps.checked(window + table.cost[i]);
            }
        }

        /* When the n-th release since the beginning of a busy period is done at the latest. */
        private long finish(int i, long releases, long blocking, long from) {
            long window = from;
            while (true) {
                steps.take(endOfRank[i]);
                long demand = blocking + releases * table.cost[i];
                for (int j = 0; j < endOfRank[i]; j++) {
                    if (j != i) {
                        demand = steps.checked(demand + table.releases(j, window) * table.cost[j]);
                    }
                }
                if (demand <= window) return window;
                window = demand;
            }
        }

        Analysis byBounds() {
            if (boundsApply()) {
                double sum = 0;
                double product = 1;
                for (int i = 0; i < table.size; i++) {
                    sum += table.share(i);
                    product *= table.share(i) + 1;
                }
                if (sum <= liuLayland() - BELOW) {
                    return verdicts.guaranteed(
                            "the utilisation is within the bound of Liu and Layland");
                }
                if (product <= 2 - BELOW) {
                    return verdicts.guaranteed("the utilisation is within the hyperbolic bound");
                }
            }
            return verdicts.unknown("the analysis takes too many steps for these periods");
        }

        Analysis manySlots() {
            Analysis refused = GlobalTests.limits(table, budget, verdicts);
            if (refused != null) return refused;
            if (table.deadlineAfterRelease().isPresent()) {
                return verdicts.unknown(
                        "on several slots the test needs deadlines up to the next release");
            }
            long[] worst = new long[table.size];
            for (int i = 0; i < table.size; i++) {
                if (table.deadline[i] == DemandTable.NONE) {
                    if (endOfRank[i] == table.size) continue;
                    return verdicts.unknown(
                            "on several slots only what ranks last may be without a deadline");
                }
                long blocking = budget.preemptive() ? 0 : table.largestCost(endOfRank[i]);
                worst[i] =
                        GlobalTests.responseTime(
                                table, budget, steps, worst, i, endOfRank[i], blocking);
                if (worst[i] > table.deadline[i]) {
                    return verdicts.notShown(verdicts.late(RESPONSE_TIME, i, worst[i]));
                }
                verdicts.responseTime(i, worst[i]);
            }
            return verdicts.guaranteed("each bound on a response time is within its deadline");
        }
    }
}
