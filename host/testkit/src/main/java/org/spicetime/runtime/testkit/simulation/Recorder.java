// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.scheduler.ExecutionSlice;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;

/** Makes a recording of what a domain tells of its tasks. Used once, by one thread. */
final class Recorder {
    private record Ended(Task task, Instant release, Instant start, Instant end) {}

    private final Map<TaskId, Instant> ends = new HashMap<>();
    private final Map<UUID, List<ExecutionSlice>> slices = new HashMap<>();
    private final List<Ended> ended = new ArrayList<>();

    Recorder(Collection<Task> tasks, Collection<ExecutionSlice> timeline) {
        for (Task task : tasks) {
            Instant end = task.metrics().finishedAt();
            if (end != null) ends.put(task.id(), end);
        }
        for (ExecutionSlice slice : timeline) {
            slices.computeIfAbsent(slice.task(), id -> new ArrayList<>()).add(slice);
        }
        for (Task task : tasks) {
            Instant start = task.metrics().startedAt();
            Instant end = task.metrics().finishedAt();
            if (start == null || end == null) continue;
            Instant release = release(task);
            ended.add(new Ended(task, release.isAfter(start) ? start : release, start, end));
        }
        ended.sort(Comparator.comparing(Ended::release));
    }

    Recording record(DomainConfig config) {
        if (ended.isEmpty()) throw new IllegalArgumentException("no task has run and ended");
        Instant first = ended.getFirst().release();
        List<RecordedTask> tasks = new ArrayList<>(ended.size());
        for (Ended one : ended) tasks.add(recorded(one, first));
        int slots = config.executor().parallelism();
        return new Recording(
                slots,
                config.scheduler().quantum().toNanos(),
                config.scheduler().effectiveMaxStarted(slots),
                config.scheduler().priorities().min(),
                config.scheduler().priorities().max(),
                config.scheduler().preemption().enabled(),
                config.executor().queuePolicy(),
                tasks);
    }

    private RecordedTask recorded(Ended one, Instant first) {
        Task task = one.task();
        long release = between(first, one.release());
        Instant deadline = task.deadline();
        Duration estimate = task.request().estimatedDuration();
        String name = task.request().name();
        SimulatedTask simulated =
                new SimulatedTask(
                        name == null ? task.id().toString() : name,
                        task.request().type(),
                        task.priority(),
                        release,
                        0,
                        deadline == null ? 0 : Math.max(1, between(one.release(), deadline)),
                        estimate == null ? 0 : estimate.toNanos(),
                        0,
                        steps(one));
        return new RecordedTask(simulated, between(first, one.end()), task.deadlineMissed());
    }

    private Instant release(Task task) {
        Instant release = later(task.createdAt(), task.request().runAt());
        for (TaskDependency dependency : task.dependencies()) {
            release = later(release, ends.get(dependency.task()));
        }
        return release;
    }

    private static Instant later(Instant one, @Nullable Instant other) {
        return other != null && other.isAfter(one) ? other : one;
    }

    private List<Step> steps(Ended one) {
        List<ExecutionSlice> seen = slices.getOrDefault(one.task().id().value(), List.of());
        long total = between(one.start(), one.end());
        Duration firstWait = Duration.between(one.release(), one.start());
        Duration laterWaits = one.task().metrics().waitTime().minus(firstWait);
        long waits = laterWaits.isNegative() ? 0 : laterWaits.toNanos();
        if (seen.isEmpty()) return List.of(Step.run(Math.max(1, total - waits)));
        seen.sort(Comparator.comparing(ExecutionSlice::start));
        return steps(seen, total, waits);
    }

    /*
     * Between a slice that ended BLOCKED and the next one the task waited for something, and then
     * for a slot. Only the sum of the latter is known; each such gap is shortened in proportion.
     */
    private static List<Step> steps(List<ExecutionSlice> seen, long total, long waits) {
        long ran = 0;
        long gaps = 0;
        for (int i = 0; i < seen.size(); i++) {
            ran += seen.get(i).length().toNanos();
            gaps += blockedGap(seen, i);
        }
        long blocked = Math.clamp(total - ran - waits, 0, gaps);
        List<Step> steps = new ArrayList<>();
        long run = 0;
        for (int i = 0; i < seen.size(); i++) {
            run += seen.get(i).length().toNanos();
            long gap = blockedGap(seen, i);
            long wait = gaps == 0 ? 0 : (long) ((double) gap / gaps * blocked);
            if (wait < 1) continue;
            steps.add(Step.run(Math.max(1, run)));
            steps.add(Step.block(wait));
            run = 0;
        }
        if (run > 0 || steps.isEmpty()) steps.add(Step.run(Math.max(1, run)));
        return steps;
    }

    private static long blockedGap(List<ExecutionSlice> seen, int index) {
        ExecutionSlice slice = requireNonNull(seen.get(index));
        if (slice.end() != SliceEnd.BLOCKED || index + 1 == seen.size()) return 0;
        return Math.max(
                0, between(slice.start().plus(slice.length()), seen.get(index + 1).start()));
    }

    private static long between(Instant from, Instant to) {
        return Duration.between(from, to).toNanos();
    }
}
