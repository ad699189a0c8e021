// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler.analysis;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.spicetime.runtime.api.scheduler.Budget;
import org.spicetime.runtime.api.scheduler.TaskDemand;

/**
 * A task set in columns, in a given order. On a share of a processor each run takes longer in
 * proportion; that, and a delay at the beginning, is the linear supply bound of a periodic resource
 * (I. Shin and I. Lee, <i>Periodic Resource Model for Compositional Real-Time Guarantees</i>, RTSS
 * 2003). Immutable.
 */
final class DemandTable {
    /** Period of a task that is released once. */
    static final long ONCE = Long.MAX_VALUE;

    /** Deadline of a task that has none: it counts as work only. */
    static final long NONE = Long.MAX_VALUE;

    private static final int LONGEST_DENOMINATOR = 2048;
    private static final double ROUNDING = 1e-9;

    final int size;
    final UUID[] id;
    final long[] cost;
    final long[] period;
    final long[] deadline;

    /** Sum of cost / period, without the share. */
    final double utilisation;

    DemandTable(List<TaskDemand> tasks, Budget budget) {
        size = tasks.size();
        id = new UUID[size];
        cost = new long[size];
        period = new long[size];
        deadline = new long[size];
        double sum = 0;
        for (int i = 0; i < size; i++) {
            TaskDemand task = tasks.get(i);
            id[i] = task.id();
            cost[i] =
                    budget.shareRatio() == 1
                            ? task.costNanos()
                            : (long) Math.ceil(task.costNanos() / budget.shareRatio());
            period[i] = task.periodNanos();
            deadline[i] = task.relativeDeadlineNanos();
            sum += period[i] == ONCE ? 0 : task.utilisation();
        }
        utilisation = sum;
    }

    /** Whether the tasks before {@code end} need more than this many processors; exact. */
    boolean exceeds(int end, int processors) {
        double sum = 0;
        for (int i = 0; i < end; i++) sum += share(i);
        if (Math.abs(sum - processors) > ROUNDING * Math.max(1, sum)) return sum > processors;
        BigInteger above = BigInteger.ZERO;
        BigInteger below = BigInteger.ONE;
        for (int i = 0; i < end; i++) {
            if (period[i] == ONCE) continue;
            BigInteger each = BigInteger.valueOf(period[i]);
            above = above.multiply(each).add(below.multiply(BigInteger.valueOf(cost[i])));
            below = below.multiply(each);
            BigInteger common = above.gcd(below);
            above = above.divide(common);
            below = below.divide(common);
            if (below.bitLength() > LONGEST_DENOMINATOR) throw new Steps.OutOfStepsException();
        }
        return above.compareTo(below.multiply(BigInteger.valueOf(processors))) > 0;
    }

    /** Processors a task needs in the long run. */
    double share(int i) {
        return period[i] == ONCE ? 0 : (double) cost[i] / period[i];
    }

    /** Processors a task needs between a release and its deadline or the next release. */
    double density(int i) {
        return (double) cost[i] / Math.min(deadline[i], period[i]);
    }

    /** The largest cost from {@code begin} on; 0: there is none. */
    long largestCost(int begin) {
        long largest = 0;
        for (int i = begin; i < size; i++) largest = Math.max(largest, cost[i]);
        return largest;
    }

    /** Whether no deadline comes before the next release. */
    boolean implicitDeadlines() {
        for (int i = 0; i < size; i++) if (deadline[i] < period[i]) return false;
        return true;
    }

    /** The first task whose deadline comes after its next release. */
    Optional<Integer> deadlineAfterRelease() {
        for (int i = 0; i < size; i++) {
            if (deadline[i] > period[i] && deadline[i] != NONE) return Optional.of(i);
        }
        return Optional.empty();
    }

    /** Releases of a task in a span that begins with one, the end not included. */
    long releases(int i, long span) {
        return period[i] == ONCE ? 1 : Math.ceilDiv(span, period[i]);
    }
}
