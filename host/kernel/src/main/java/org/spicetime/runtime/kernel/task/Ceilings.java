// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;

/**
 * How urgent the holder of a lock is at least (immediate priority ceiling; B. Lampson, D. Redell,
 * <i>Experience with Processes and Monitors in Mesa</i>, Communications of the ACM 23(2), 1980):
 * the same for all locks, or for each one the base priority of the most urgent unfinished task that
 * has declared it. Guarded by the caller.
 */
final class Ceilings {
    private PriorityConfig priorities;

    /* By lock: how many unfinished users there are of each base priority. */
    private final Map<String, TreeMap<Integer, Integer>> users = new HashMap<>();

    Ceilings(PriorityConfig priorities) {
        this.priorities = priorities;
    }

    void settings(PriorityConfig next) {
        priorities = next;
    }

    boolean inForce() {
        return priorities.protocol() == PriorityProtocol.CEILING;
    }

    /** The ceiling of a lock; {@link Integer#MIN_VALUE}: none is in force. */
    int of(String lock) {
        if (!inForce()) return Integer.MIN_VALUE;
        Integer fixed = priorities.ceiling();
        if (fixed != null) return fixed;
        TreeMap<Integer, Integer> declared = users.get(lock);
        return declared == null ? Integer.MIN_VALUE : declared.lastKey();
    }

    /** Refuses a lock to a task that its ceiling has not reckoned with. */
    void check(TaskEntry entry, String lock) {
        if (!inForce()) return;
        Integer fixed = priorities.ceiling();
        if (fixed != null) {
            if (entry.basePriority() > fixed)
                throw refused(
                        entry,
                        lock,
                        "its priority "
                                + entry.basePriority()
                                + " is above the ceiling "
                                + fixed
                                + " of the domain; raise scheduler.priorities.ceiling or lower the"
                                + " task",
                        fixed);
        } else if (!entry.declaredLocks.contains(lock)) {
            throw refused(
                    entry,
                    lock,
                    "its handler "
                            + entry.handler
                            + " has not declared it; declare it in the handler's descriptor, or"
                            + " set scheduler.priorities.ceiling",
                    null);
        }
    }

    private static RefusedException refused(
            TaskEntry entry, String lock, String why, @Nullable Integer ceiling) {
        RefusedException refusal =
                new RefusedException(
                        RuntimeErrorCode.SCHEDULER_ERROR,
                        "under CEILING task "
                                + entry.id
                                + " cannot take lock \""
                                + lock
                                + "\": "
                                + why,
                        Map.of("reason", "CEILING", "lock", lock));
        return ceiling == null
                ? refusal
                : refusal.with("ceiling", ceiling).with("priority", entry.basePriority());
    }

    /** A task that may take locks is there, or has another base priority now. */
    void enter(TaskEntry entry) {
        for (String lock : entry.declaredLocks)
            users.computeIfAbsent(lock, key -> new TreeMap<>())
                    .merge(entry.basePriority, 1, Integer::sum);
    }

    /** The task has ended, or will have another base priority. */
    void leave(TaskEntry entry) {
        for (String lock : entry.declaredLocks) {
            TreeMap<Integer, Integer> declared = users.get(lock);
            if (declared == null) continue;
            declared.computeIfPresent(
                    entry.basePriority, (key, count) -> count == 1 ? null : count - 1);
            if (declared.isEmpty()) users.remove(lock);
        }
    }
}
