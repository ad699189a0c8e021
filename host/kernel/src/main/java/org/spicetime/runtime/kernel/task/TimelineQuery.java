// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.ExecutionSlice;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/** Reads slices of a span of time. Used by one thread, once. */
final class TimelineQuery {
    private record Found(UUID task, int slot, long start, long nanos, @Nullable SliceEnd end) {}

    private final long from;
    private final long to;
    private final Now now;
    private final List<Found> found = new ArrayList<>();

    TimelineQuery(long from, long to, Now now) {
        this.from = from;
        this.to = to;
        this.now = now;
    }

    List<ExecutionSlice> run(Timeline past, List<SlicedTask> onWorkers, int first) {
        for (SlicedTask entry : onWorkers)
            if (entry.slot >= 0)
                add(
                        entry.id(),
                        entry.slot,
                        entry.dispatchedAtNanos,
                        now.nanos() - entry.dispatchedAtNanos,
                        null);
        int size = past.size();
        for (int back = 0; back < size; back++)
            add(
                    past.task(back),
                    past.slot(back),
                    past.start(back),
                    past.length(back),
                    past.end(back));
        found.sort(Comparator.comparingLong(Found::start).reversed());
        return found.stream().limit(first).map(this::told).toList();
    }

    private void add(UUID task, int slot, long start, long nanos, @Nullable SliceEnd end) {
        if (start > to || start + nanos < from) return;
        found.add(new Found(task, slot, start, nanos, end));
    }

    private ExecutionSlice told(Found slice) {
        return new ExecutionSlice(
                slice.task,
                slice.slot,
                now.instantOf(slice.start),
                Duration.ofNanos(slice.nanos),
                slice.end);
    }
}
