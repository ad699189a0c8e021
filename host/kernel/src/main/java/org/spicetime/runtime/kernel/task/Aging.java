// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.kernel.scheduling.PolicySeat;

/**
 * Makes those that wait long more urgent (the mechanism against starvation of P. Brinch Hansen,
 * <i>Operating System Principles</i>, 1973): once per interval the task that has been longest at a
 * priority rises from it, so that the cost follows the number of priorities in use and not the
 * length of the queue. A task that is dispatched begins anew. Guarded by the caller.
 */
final class Aging {
    private final PolicySeat seat;
    private final Slices slices;
    private final Map<Integer, Level> levels = new HashMap<>();
    private final TimerHeap rises = new TimerHeap();
    private long interval;
    private int step;

    /** The queued tasks of one effective priority, in the order in which they came to it. */
    private static final class Level {
        final SequencedSet<TaskEntry> tasks = new LinkedHashSet<>();
        @Nullable Timer timer;
    }

    Aging(PolicySeat seat, Slices slices, PriorityConfig priorities) {
        this.seat = seat;
        this.slices = slices;
        interval = priorities.agingInterval().toNanos();
        step = priorities.agingStep();
    }

    /** Other priorities are in force: whoever waits begins anew. */
    void settings(PriorityConfig priorities, TaskTable table, Now now) {
        boolean off = interval == 0 && priorities.agingInterval().isZero();
        interval = priorities.agingInterval().toNanos();
        step = priorities.agingStep();
        if (off) return;
        levels.values().forEach(level -> rises.cancel(level.timer));
        levels.clear();
        table.forEachUnfinished(entry -> {
            entry.level = null;
            if (entry.aged > 0) {
                entry.aged = 0;
                seat.changed(entry, Change.PRIORITY, now.nanos());
            }
            if (entry.queued()) queued(entry, now);
        });
    }

    /** The task waits in the queue. */
    void queued(TaskEntry entry, Now now) {
        if (interval == 0) return;
        int priority = entry.priority();
        if (entry.range.clamp(priority + 1) == priority) return;
        Level level = levels.computeIfAbsent(priority, key -> new Level());
        entry.level = priority;
        entry.levelSince = now.nanos();
        level.tasks.addLast(entry);
        if (level.timer == null) arm(level, Now.saturatedSum(now.nanos(), interval));
    }

    private void arm(Level level, long due) {
        level.timer = new Timer(Timer.Kind.AGE, level.tasks.getFirst(), null, null, due);
        rises.set(level.timer);
    }

    /** The task waits no longer. */
    void left(TaskEntry entry) {
        entry.aged = 0;
        Level level = entry.level == null ? null : levels.get(entry.level);
        if (level == null) return;
        level.tasks.remove(entry);
        if (level.tasks.isEmpty()) {
            rises.cancel(level.timer);
            levels.remove(entry.level);
        }
        entry.level = null;
    }

    /** The priority of the task changed. */
    void moved(TaskEntry entry, Now now) {
        Integer level = entry.level;
        if (level == null || level == entry.priority()) return;
        int aged = entry.aged;
        left(entry);
        entry.aged = aged;
        queued(entry, now);
    }

    /** When the next task rises; {@link Long#MAX_VALUE}: none. */
    long next() {
        return rises.nextDue();
    }

    /** Lets rise whose time has come. */
    void advance(Now now) {
        for (Timer due = rises.poll(now.nanos()); due != null; due = rises.poll(now.nanos())) {
            Level level = levelOf(due);
            if (level == null) continue;
            level.timer = null;
            TaskEntry first = level.tasks.getFirst();
            long ripe = Now.saturatedSum(first.levelSince, interval);
            if (ripe > now.nanos()) {
                arm(level, ripe);
            } else {
                if (level.tasks.size() > 1) arm(level, Now.saturatedSum(now.nanos(), interval));
                rise(first, now);
            }
        }
    }

    private @Nullable Level levelOf(Timer timer) {
        for (Level level : levels.values()) if (timer.equals(level.timer)) return level;
        return null;
    }

    private void rise(TaskEntry entry, Now now) {
        entry.aged += step;
        seat.changed(entry, Change.PRIORITY, now.nanos());
        moved(entry, now);
        slices.moved(entry);
    }
}
