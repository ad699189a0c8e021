// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Tasks whose turn came while their handler was away. They wait aside, in the order in which their
 * turn came, and are back in the queue when somebody tells that the handler has come; an attempt
 * that was started goes on. Guarded by the caller.
 */
final class AbsentHandlers {
    /** Tasks that one step brings back; the next step goes on at once. */
    static final int MOST_AT_ONCE = 1000;

    private final BiConsumer<TaskEntry, Now> wake;
    private final Map<String, Set<TaskEntry>> waiting = new HashMap<>();

    /* Handlers that have come, and tasks that still wait for the next step. */
    private final ArrayDeque<String> back = new ArrayDeque<>();
    private long dueNanos = Long.MAX_VALUE;
    private Predicate<String> deployed = any -> true;
    private int count;

    /**
     * Of a domain without tasks, of which all handlers are there.
     *
     * @param wake puts a task back into the queue
     */
    AbsentHandlers(BiConsumer<TaskEntry, Now> wake) {
        this.wake = wake;
    }

    /** Asks this one from now on which handlers are there. */
    void ask(Predicate<String> whichAreThere) {
        deployed = whichAreThere;
    }

    /** Whether a task whose turn has come has to wait for its handler; it waits aside then. */
    boolean keepsBack(TaskEntry entry) {
        if (entry.started || deployed.test(entry.handler)) return false;
        entry.awaitsHandler = true;
        waiting.computeIfAbsent(entry.handler, any -> new LinkedHashSet<>()).add(entry);
        count++;
        return true;
    }

    /** The task waits no more, or for something else. */
    void withdraw(TaskEntry entry) {
        if (!entry.awaitsHandler) return;
        entry.awaitsHandler = false;
        count--;
        waiting.computeIfPresent(
                entry.handler,
                (name, those) -> those.remove(entry) && those.isEmpty() ? null : those);
    }

    /** How many wait. */
    int count() {
        return count;
    }

    /** A handler may be there from now on. */
    void came(String handler, Now now) {
        if (!waiting.containsKey(handler)) return;
        if (!back.contains(handler)) back.add(handler);
        advance(now);
    }

    /** When {@link #advance} has something to do next; {@link Long#MAX_VALUE}: never. */
    long nextNanos() {
        return dueNanos;
    }

    /** Brings the next ones back whose handlers have come and not gone again. */
    void advance(Now now) {
        for (int room = MOST_AT_ONCE; room > 0 && !back.isEmpty(); ) {
            String handler = back.element();
            Set<TaskEntry> those = waiting.get(handler);
            if (those == null || !deployed.test(handler)) {
                back.remove();
                continue;
            }
            List<TaskEntry> next = new ArrayList<>();
            for (Iterator<TaskEntry> each = those.iterator(); each.hasNext() && room > 0; room--)
                next.add(each.next());
            for (TaskEntry entry : next) {
                withdraw(entry);
                wake.accept(entry, now);
            }
        }
        dueNanos = back.isEmpty() ? Long.MAX_VALUE : now.nanos();
    }
}
