// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import org.jspecify.annotations.Nullable;

/**
 * The queued tasks of a keyed policy in their order, those that own a thread apart from the others,
 * so that the first of either kind is found without a search. Guarded by the caller.
 */
final class KeyOrder {
    private final KeyedTasks fresh = new KeyedTasks();
    private final KeyedTasks started = new KeyedTasks();
    private long seqXor;

    int size() {
        return fresh.size() + started.size();
    }

    /** Exclusive or of the sequence numbers. */
    long seqXor() {
        return seqXor;
    }

    void add(Schedulable task) {
        seqXor ^= task.seq();
        task.amongStarted = task.started();
        tasks(task).add(task);
    }

    @Nullable Schedulable first() {
        if (started.size() == 0) return fresh.first();
        return KeyedTasks.sooner(started.first(), fresh.first());
    }

    /** The first of those that own a thread. */
    @Nullable Schedulable firstStarted() {
        return started.first();
    }

    void remove(Schedulable task) {
        seqXor ^= task.seq();
        tasks(task).remove(task);
    }

    private KeyedTasks tasks(Schedulable task) {
        return task.amongStarted ? started : fresh;
    }
}
