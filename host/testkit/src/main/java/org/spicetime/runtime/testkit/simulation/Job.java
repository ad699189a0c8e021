// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.kernel.task.TaskEntry;

/** One release on its way through a simulation; times in nanoseconds. Guarded by its event loop. */
final class Job {
    static final int NO_SLOT = -1;

    final Releases releases;
    final int number;
    final long release;
    @Nullable TaskEntry entry;

    /* Where it is in its steps; null: behind the last. */
    private int next;
    @Nullable Step step;

    /* It has left its slot for the lock of its step. */
    boolean awaitsLock;
    long left;
    long ran;

    /* On a slot. */
    int slot = NO_SLOT;
    long since;
    long sliceStart;
    boolean asked;

    long start = -1;
    long wakeAt;
    int preemptions;

    Job(Releases releases, int number, long release) {
        this.releases = releases;
        this.number = number;
        this.release = release;
        nextStep();
    }

    void nextStep() {
        List<Step> steps = releases.task.steps();
        step = next < steps.size() ? steps.get(next++) : null;
        left = step instanceof Step.Run(long span) ? span * releases.unit : 0;
    }

    boolean runs() {
        return left > 0;
    }

    /** Run time until it can give way; 0: it can now. */
    long toCheckpoint() {
        long every = releases.checkpoint;
        if (every == 0) return 0;
        long beyond = ran % every;
        return beyond == 0 ? 0 : every - beyond;
    }
}
