// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayDeque;
import org.spicetime.runtime.api.domain.TaskLimit;

/**
 * What is counted against one limit and one key: the started tasks, and a token bucket for starts.
 * Guarded by the caller.
 */
final class LimitBucket {
    private static final double NANOS = 1e9;

    final TaskLimit limit;
    final ArrayDeque<TaskEntry> waiting = new ArrayDeque<>();
    int running;

    /* Back in the queue, with a place that is theirs unless somebody more urgent takes it. */
    int woken;
    long dueNanos = Long.MAX_VALUE;
    boolean planned;
    private double tokens;
    private long filledNanos;

    LimitBucket(TaskLimit limit, Now now) {
        this.limit = limit;
        tokens = limit.burst();
        filledNanos = now.nanos();
    }

    /** How many more may start now. */
    int room(Now now) {
        fill(now);
        int places = limit.maxRunning() == 0 ? Integer.MAX_VALUE : limit.maxRunning() - running;
        return limit.rate() == 0 ? places : (int) Math.min(places, Math.floor(tokens));
    }

    private void fill(Now now) {
        if (limit.rate() == 0) return;
        double came = (now.nanos() - filledNanos) * limit.rate() / NANOS;
        tokens = Math.min(limit.burst(), tokens + came);
        filledNanos = now.nanos();
    }

    void take(boolean start, Now now) {
        running++;
        if (!start || limit.rate() == 0) return;
        fill(now);
        tokens -= 1;
    }

    /** Whether time alone makes room, so that nobody has to end. */
    boolean waitsForStarts() {
        return limit.rate() > 0 && (limit.maxRunning() == 0 || running < limit.maxRunning());
    }

    /** When the next start is due. */
    long nextStart(Now now) {
        fill(now);
        double missing = Math.max(0, woken + 1 - tokens);
        // One nanosecond more than the quotient: rounding must not bring anybody back too early.
        return Now.saturatedSum(now.nanos(), (long) (missing * NANOS / limit.rate()) + 1);
    }

    /** Whether nothing would be lost with it. */
    boolean idle(Now now) {
        fill(now);
        return running == 0
                && woken == 0
                && waiting.isEmpty()
                && (limit.rate() == 0 || tokens >= limit.burst());
    }

    /** Counts nobody any more; starts that were used up stay so. */
    void forget() {
        waiting.clear();
        running = 0;
        woken = 0;
        planned = false;
    }
}
