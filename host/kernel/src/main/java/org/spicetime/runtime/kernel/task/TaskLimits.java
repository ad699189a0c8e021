// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.TaskLimit;
import org.spicetime.runtime.kernel.scheduling.PolicySeat;

/**
 * How many tasks of a handler or a concurrency key run at a time, and how many start in a second. A
 * task is looked at when its turn has come, so those over a limit never hold up others; it waits
 * aside, in the order of the policy, until its limit has room. A started task keeps its place until
 * it ends, preempted or not. Guarded by the caller.
 */
final class TaskLimits {
    private static final int MANY_BUCKETS = 10_000;
    private static final int MOST_COMPARED = 256;

    /** What holds for a key that no limit names: one at a time. */
    private static final TaskLimit ONE_OF_A_KEY = new TaskLimit(null, "*", 1, 0, 1);

    /** A limit, and what is counted against it: for a pattern of keys each key by itself. */
    private static final class Rule {
        final TaskLimit limit;
        final Map<String, LimitBucket> buckets = new HashMap<>();
        private int sweepAt = MANY_BUCKETS;

        Rule(TaskLimit limit) {
            this.limit = limit;
        }

        LimitBucket bucket(@Nullable String key, Now now) {
            String pattern = limit.concurrencyKey();
            boolean each = pattern != null && pattern.endsWith("*");
            if (buckets.size() >= sweepAt) {
                buckets.values().removeIf(one -> one.idle(now));
                sweepAt = Math.max(MANY_BUCKETS, 2 * buckets.size());
            }
            return buckets.computeIfAbsent(
                    each && key != null ? key : "", any -> new LimitBucket(limit, now));
        }
    }

    private final PolicySeat order;
    private final BiConsumer<TaskEntry, Now> wake;
    private final PriorityQueue<LimitBucket> refills =
            new PriorityQueue<>(Comparator.comparingLong((LimitBucket bucket) -> bucket.dueNanos));
    private final Rule oneOfAKey = new Rule(ONE_OF_A_KEY);
    private List<Rule> rules;

    /**
     * Of a domain without tasks.
     *
     * @param order who goes on first
     * @param wake puts a task back into the queue
     */
    TaskLimits(List<TaskLimit> limits, PolicySeat order, BiConsumer<TaskEntry, Now> wake) {
        this.order = order;
        this.wake = wake;
        rules = limits.stream().map(Rule::new).toList();
    }

    /** What is counted against all limits that hold for a task. */
    private List<LimitBucket> fitting(TaskEntry entry, Now now) {
        String key = entry.request.concurrencyKey();
        List<LimitBucket> fitting = new ArrayList<>(2);
        boolean named = false;
        for (Rule rule : rules)
            if (rule.limit.fits(entry.handler, key)) {
                named |= rule.limit.concurrencyKey() != null;
                fitting.add(rule.bucket(key, now));
            }
        if (key != null && !named) fitting.add(oneOfAKey.bucket(key, now));
        return fitting;
    }

    private boolean isFree(TaskEntry entry) {
        return rules.isEmpty() && entry.request.concurrencyKey() == null;
    }

    /** Puts limits in force. Those that were in force before go on as they are. */
    void settings(List<TaskLimit> limits, TaskTable table, Now now) {
        if (rules.stream().map(rule -> rule.limit).toList().equals(limits)) return;
        Map<TaskLimit, Rule> former = new HashMap<>();
        for (Rule rule : rules) former.put(rule.limit, rule);
        List<TaskEntry> aside = new ArrayList<>();
        for (Rule rule : rules) forget(rule, aside);
        forget(oneOfAKey, aside);
        refills.clear();
        List<Rule> inForce = new ArrayList<>(limits.size());
        for (TaskLimit limit : limits) {
            Rule kept = former.remove(limit);
            inForce.add(kept == null ? new Rule(limit) : kept);
        }
        rules = inForce;
        table.forEachUnfinished(entry -> {
            entry.wokenBy = null;
            entry.limits = List.of();
            if (entry.started && !isFree(entry)) take(entry, now, false);
        });
        for (TaskEntry entry : aside) {
            entry.limitedBy = null;
            wake.accept(entry, now);
        }
    }

    private static void forget(Rule rule, List<TaskEntry> aside) {
        for (LimitBucket bucket : rule.buckets.values()) {
            aside.addAll(bucket.waiting);
            bucket.forget();
        }
    }

    /**
     * Whether a task whose turn has come may start an attempt; it has its place then. Otherwise it
     * waits aside.
     */
    boolean admits(TaskEntry entry, Now now) {
        if (entry.started || isFree(entry)) return true;
        LimitBucket woke = entry.wokenBy;
        if (woke != null) {
            entry.wokenBy = null;
            woke.woken--;
        }
        LimitBucket full = fullOne(entry, now);
        if (full == null) {
            take(entry, now, true);
            return true;
        }
        entry.limitedBy = full;
        if (woke == full) full.waiting.addFirst(entry);
        else full.waiting.addLast(entry);
        plan(full, now);
        if (woke != null && woke != full) wakeNext(woke, now);
        return false;
    }

    private @Nullable LimitBucket fullOne(TaskEntry entry, Now now) {
        for (LimitBucket bucket : fitting(entry, now)) if (bucket.room(now) < 1) return bucket;
        return null;
    }

    private void take(TaskEntry entry, Now now, boolean start) {
        entry.limits = fitting(entry, now);
        for (LimitBucket bucket : entry.limits) bucket.take(start, now);
    }

    /** The attempt has ended; another task may have its place. */
    void release(TaskEntry entry, Now now) {
        List<LimitBucket> taken = entry.limits;
        if (taken.isEmpty()) return;
        entry.limits = List.of();
        for (LimitBucket bucket : taken) bucket.running--;
        for (LimitBucket bucket : taken) wakeNext(bucket, now);
    }

    /** The task will not start: it waits for no limit, and another one may have its turn. */
    void withdraw(TaskEntry entry, Now now) {
        LimitBucket aside = entry.limitedBy;
        if (aside != null) {
            entry.limitedBy = null;
            aside.waiting.remove(entry);
        }
        LimitBucket woke = entry.wokenBy;
        if (woke != null) {
            entry.wokenBy = null;
            woke.woken--;
            wakeNext(woke, now);
        }
    }

    private void wakeNext(LimitBucket bucket, Now now) {
        while (bucket.room(now) > bucket.woken) {
            TaskEntry next = mostUrgent(bucket, now);
            if (next == null) return;
            bucket.waiting.remove(next);
            next.limitedBy = null;
            next.wokenBy = bucket;
            bucket.woken++;
            wake.accept(next, now);
        }
        plan(bucket, now);
    }

    /* Those aside are in the order in which their turn had come; only some are compared. */
    private @Nullable TaskEntry mostUrgent(LimitBucket bucket, Now now) {
        TaskEntry best = null;
        int compared = 0;
        for (TaskEntry entry : bucket.waiting) {
            if (best == null || order.moreUrgent(entry, best, now.nanos())) best = entry;
            if (++compared == MOST_COMPARED) break;
        }
        return best;
    }

    /* Comes back when the next start is due, unless the end of a task has to be waited for. */
    private void plan(LimitBucket bucket, Now now) {
        if (bucket.waiting.isEmpty() || bucket.planned || !bucket.waitsForStarts()) return;
        bucket.dueNanos = bucket.nextStart(now);
        bucket.planned = true;
        refills.add(bucket);
    }

    /** When {@link #advance} has something to do next; {@link Long#MAX_VALUE}: never. */
    long nextNanos() {
        LimitBucket first = refills.peek();
        return first == null ? Long.MAX_VALUE : first.dueNanos;
    }

    /** Wakes those whose start is due. */
    void advance(Now now) {
        for (LimitBucket due = refills.peek();
                due != null && due.dueNanos <= now.nanos();
                due = refills.peek()) {
            refills.remove();
            due.planned = false;
            wakeNext(due, now);
        }
    }
}
