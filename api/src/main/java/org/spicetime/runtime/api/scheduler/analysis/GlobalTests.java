// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler.analysis;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Analysis;
import org.spicetime.runtime.api.scheduler.Budget;

/**
 * What is known of several slots that share one queue; all of it is sufficient only. Without
 * preemption a task that has begun runs to its end, so only its start can be delayed, and each slot
 * can be held by one less urgent task that began before. Used by one call.
 */
final class GlobalTests {
    private GlobalTests() {}

    /** Refuses budgets that the tests for several slots do not cover; null: covered. */
    static @Nullable Analysis limits(DemandTable table, Budget budget, Verdicts verdicts) {
        if (budget.shareRatio() < 1) {
            return verdicts.unknown("no test covers shares of several slots");
        }
        if (budget.blockingNanos() > 0) {
            return verdicts.unknown("no test covers several slots with delayed preemption");
        }
        return table.size == 0 ? verdicts.guaranteed("nothing is there") : null;
    }

    /**
     * A bound on the response time under fixed priorities; the deadline + 1 or more: none is found.
     *
     * @param worst bounds of all tasks of higher rank
     * @param end index after the last task of the same rank
     */
    static long responseTime(
            DemandTable table,
            Budget budget,
            Steps steps,
            long[] worst,
            int task,
            int end,
            long blocking) {
        long cost = table.cost[task];
        long response = cost + blocking;
        while (response <= table.deadline[task]) {
            steps.take(end);
            long delay = response - cost + 1;
            long sum = 0;
            for (int i = 0; i < end; i++) {
                if (i == task) continue;
                long before = i < task && worst[i] > 0 ? worst[i] : table.deadline[i];
                sum = steps.checked(sum + Math.min(workload(table, i, response, before), delay));
            }
            long next = cost + blocking + sum / budget.slots();
            if (next <= response) return response;
            response = next;
        }
        return response;
    }

    /* Work of a task in a window, its first release as late as its response time allows. */
    private static long workload(DemandTable table, int i, long window, long response) {
        long cost = table.cost[i];
        if (table.period[i] == DemandTable.ONCE) return Math.min(cost, window);
        long span = window + response - cost;
        long whole = span / table.period[i];
        return whole * cost + Math.min(cost, span - whole * table.period[i]);
    }

    /**
     * The first task that is not shown to meet its deadline under EDF; -1: all do (M. Bertogna, M.
     * Cirinei and G. Lipari, <i>Improved Schedulability Analysis of EDF on Multiprocessor
     * Platforms</i>, ECRTS 2005).
     */
    static int lateUnderDeadlines(DemandTable table, Budget budget, Steps steps) {
        for (int k = 0; k < table.size; k++) {
            steps.take(table.size);
            if (table.deadline[k] == DemandTable.NONE) continue;
            long room = table.deadline[k] - table.cost[k] + 1;
            long blocking = 0;
            if (!budget.preemptive()) {
                for (int i = 0; i < table.size; i++) {
                    if (i != k) blocking = Math.max(blocking, table.cost[i]);
                }
            }
            long sum = 0;
            for (int i = 0; i < table.size; i++) {
                if (i == k) continue;
                sum += Math.min(interference(table, i, table.deadline[k]), room);
            }
            double allowed = (double) budget.slots() * (room - blocking);
            if (sum >= allowed) return k;
        }
        return -1;
    }

    /* Work of a task with deadlines in a window that ends with one of them. */
    private static long interference(DemandTable table, int i, long window) {
        long cost = table.cost[i];
        long deadline = table.deadline[i];
        if (deadline == DemandTable.NONE) return 0;
        if (table.period[i] == DemandTable.ONCE) {
            return deadline <= window ? cost : Math.min(cost, window);
        }
        long whole = Math.max(0, Math.floorDiv(window - deadline, table.period[i]) + 1);
        long rest = window - whole * table.period[i];
        return whole * cost + Math.min(cost, Math.max(0, rest));
    }
}
