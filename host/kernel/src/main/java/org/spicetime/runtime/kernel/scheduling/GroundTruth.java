// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All queued tasks in the order in which they were queued, as links inside the tasks. The only list
 * that counts: a policy that loses a task cannot lose it from here. Guarded by the caller.
 */
final class GroundTruth {
    private @Nullable Schedulable oldest;
    private @Nullable Schedulable youngest;
    private int size;
    private int started;
    private long seqXor;

    void add(Schedulable task) {
        if (task.queued) throw new IllegalStateException("queued twice: " + task);
        task.queued = true;
        task.older = youngest;
        task.younger = null;
        if (youngest == null) oldest = task;
        else youngest.younger = task;
        youngest = task;
        size++;
        if (task.started()) started++;
        seqXor ^= task.seq();
    }

    void remove(Schedulable task) {
        if (!task.queued) throw new IllegalStateException("not queued: " + task);
        task.queued = false;
        Schedulable older = task.older;
        Schedulable younger = task.younger;
        if (older == null) oldest = younger;
        else older.younger = younger;
        if (younger == null) youngest = older;
        else younger.older = older;
        task.older = null;
        task.younger = null;
        size--;
        if (task.started()) started--;
        seqXor ^= task.seq();
    }

    @Nullable Schedulable oldest() {
        return oldest;
    }

    int size() {
        return size;
    }

    /** How many of the queued tasks own a thread. */
    int started() {
        return started;
    }

    void forEach(Consumer<Schedulable> visitor) {
        for (Schedulable task = oldest; task != null; ) {
            Schedulable next = task.younger;
            visitor.accept(task);
            task = next;
        }
    }

    Schedulable[] oldestFirst() {
        Schedulable[] tasks = new Schedulable[size];
        int at = 0;
        for (Schedulable task = oldest; task != null; task = task.younger) tasks[at++] = task;
        return tasks;
    }

    /** Count and exclusive or of the sequence numbers, walked anew, agree with those kept. */
    boolean conserved() {
        int count = 0;
        long xor = 0;
        for (Schedulable task = oldest; task != null; task = task.younger) {
            if (!task.queued || count == size) return false;
            count++;
            xor ^= task.seq();
        }
        return count == size && xor == seqXor;
    }

    long seqXor() {
        return seqXor;
    }
}
