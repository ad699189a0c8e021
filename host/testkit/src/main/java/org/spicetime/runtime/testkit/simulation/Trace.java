// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/** What happened so far. Guarded by its event loop. */
final class Trace {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    final List<SimulatedSlice> slices = new ArrayList<>();
    final List<SimulatedJob> jobs = new ArrayList<>();
    private final long unit;
    private final @Nullable Job[] last;
    long hash = 1;
    long switches;
    long decisions;

    Trace(int slots, long unit) {
        this.unit = unit;
        this.last = new Job[slots];
    }

    /** A slice that took no time is none. */
    void slice(Job job, long now, SliceEnd end) {
        if (job.sliceStart == now) return;
        int slot = job.slot;
        Job before = last[slot];
        if (before != null && before != job) switches++;
        last[slot] = job;
        note(job.releases.index);
        note(job.number);
        note(slot);
        note(job.sliceStart);
        note(now);
        note(end.name().hashCode());
        slices.add(
                new SimulatedSlice(
                        job.releases.task.name(),
                        job.number,
                        slot,
                        job.sliceStart / unit,
                        now / unit,
                        end));
    }

    void done(Job job, long now, boolean missed) {
        note(job.releases.index);
        note(now);
        note(missed ? 1 : 0);
        jobs.add(
                new SimulatedJob(
                        job.releases.task.name(),
                        job.number,
                        job.release / unit,
                        job.start / unit,
                        now / unit,
                        missed,
                        job.preemptions));
    }

    private void note(long value) {
        long mixed = (hash ^ value) * MULTIPLIER;
        hash = mixed ^ (mixed >>> 29);
    }
}
