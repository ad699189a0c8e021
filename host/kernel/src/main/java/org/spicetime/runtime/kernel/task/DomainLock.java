// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lock that somebody holds; a free one does not exist. Those that wait are no more than tasks may
 * be started, so the most urgent one is looked for when it is needed. Guarded by the caller.
 */
final class DomainLock {
    final String name;

    /** Who holds it; null: a task that is over, and whose thread is not. */
    @Nullable TaskEntry owner;

    /** How often the owner took it. */
    int depth;

    /** In the order in which they came. */
    final List<TaskEntry> waiters = new ArrayList<>(2);

    /** Why nobody can have it; null: it is in order. */
    @Nullable String lost;

    DomainLock(String name) {
        this.name = name;
    }

    void ownedBy(TaskEntry entry) {
        owner = entry;
        depth = 1;
        entry.held.add(this);
    }

    @Override
    public String toString() {
        return "\"" + name + "\"";
    }
}
