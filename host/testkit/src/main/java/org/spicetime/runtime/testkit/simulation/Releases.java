// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import java.time.Duration;
import java.util.Map;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.kernel.task.Admission;
import org.spicetime.runtime.kernel.task.TaskEntry;

/** When a task of the simulation is released next, in nanoseconds. Guarded by its event loop. */
final class Releases implements Comparable<Releases> {
    final SimulatedTask task;
    final int index;
    final long unit;
    final long checkpoint;
    private final TaskRequest request;
    private final long period;
    private int released;
    private long next;

    Releases(SimulatedTask task, int index, long unit) {
        this.task = task;
        this.index = index;
        this.unit = unit;
        this.checkpoint = Math.multiplyExact(task.checkpoint(), unit);
        this.period = Math.multiplyExact(task.period(), unit);
        this.next = Math.multiplyExact(task.release(), unit);
        TaskRequest.Builder asked =
                TaskRequest.of(task.type()).name(task.name()).priority(task.priority());
        if (task.deadline() > 0) asked.relativeDeadline(span(task.deadline()));
        if (task.estimate() > 0) asked.estimatedDuration(span(task.estimate()));
        request = asked.build();
    }

    private Duration span(long units) {
        return Duration.ofNanos(Math.multiplyExact(units, unit));
    }

    /** {@link Long#MAX_VALUE}: never. */
    long next() {
        return next;
    }

    /** The next release; not to be asked for beyond the last. */
    Job release() {
        Job job = new Job(this, released++, next);
        next = period == 0 ? Long.MAX_VALUE : next + period;
        return job;
    }

    Admission admission(TaskId id) {
        long everyNanos = period == 0 ? TaskEntry.NEVER : period;
        return new Admission(id, request, "simulated", Map.of(), null, everyNanos)
                .withLocks(task.locks());
    }

    @Override
    public int compareTo(Releases other) {
        return next != other.next
                ? Long.compare(next, other.next)
                : Integer.compare(index, other.index);
    }
}
