// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskStatus;

/**
 * Random histories against a naive model: the model keeps, for each task, only what it was told,
 * and works out anew after every step which tasks must be blocked, ready or ended.
 */
final class RandomModelTest {
    private static final int OPERATIONS = Boolean.getBoolean("test.long") ? 2_000_000 : 120_000;
    private static final List<DependencyType> TYPES = List.of(DependencyType.values());
    private static final int MOST_OPEN = 40;

    private final Fixture domain = new Fixture();
    private final Map<TaskId, Expected> model = new HashMap<>();
    private final List<TaskEntry> open = new ArrayList<>();
    private final List<TaskEntry> workers = new ArrayList<>();
    private final Set<TaskId> ended = new HashSet<>();
    private int endsSeen;

    private static final class Expected {
        final List<DependencyRequest> dependencies;
        boolean running;
        boolean dispatched;
        boolean suspended;
        TaskPhase end = TaskPhase.READY;

        Expected(List<DependencyRequest> dependencies) {
            this.dependencies = dependencies;
        }
    }

    @Test
    void theKernelAgreesWithANaiveModel(TestReporter reporter) {
        long seed = seed();
        reporter.publishEntry("test.seed", Long.toString(seed));
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < OPERATIONS; step++) {
            act(random);
            breakDependants();
            check(seed, step);
        }
        assertThat(domain.ejections).isEmpty();
        assertThat(domain.finished.size()).isGreaterThan(OPERATIONS / 100);
    }

    private void act(SplittableRandom random) {
        int dice = random.nextInt(100);
        if (dice < 25 && open.size() < MOST_OPEN) admit(random);
        else if (dice < 55 && workers.size() < 3) dispatch();
        else if (dice < 85 && !workers.isEmpty()) finish(random);
        else if (open.isEmpty()) domain.pass(Duration.ofNanos(1));
        else {
            TaskEntry entry = open.get(random.nextInt(open.size()));
            Expected expected = expected(entry);
            if (dice < 90) cancel(entry, expected);
            else if (dice < 96 && !expected.running) suspendOrResume(entry, expected);
            else domain.kernel.changePriority(entry.taskId(), random.nextInt(11), domain.now());
        }
    }

    private void admit(SplittableRandom random) {
        TaskRequest.Builder request = Fixture.task().priority(random.nextInt(11));
        List<DependencyRequest> dependencies = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0 && !open.isEmpty(); i--) {
            TaskId on = open.get(random.nextInt(open.size())).taskId();
            DependencyType type = TYPES.get(random.nextInt(TYPES.size()));
            DependencyRequest dependency =
                    new DependencyRequest(new TaskRef.Existing(on), type, Duration.ZERO);
            dependencies.add(dependency);
            request.dependsOn(dependency);
        }
        TaskEntry entry = domain.admit(request);
        Expected expected = new Expected(dependencies);
        entry.attach(expected);
        model.put(entry.taskId(), expected);
        open.add(entry);
    }

    private void dispatch() {
        TaskEntry entry = domain.kernel.pick(0, domain.now());
        long ready = open.stream().filter(this::mustBeReady).count();
        if (entry == null) {
            assertThat(ready).as("tasks that should have been dispatched").isZero();
            return;
        }
        assertThat(mustBeReady(entry)).as("%s may run", entry).isTrue();
        expected(entry).running = true;
        expected(entry).dispatched = true;
        workers.add(entry);
    }

    private void finish(SplittableRandom random) {
        TaskEntry entry = workers.remove(random.nextInt(workers.size()));
        Expected expected = expected(entry);
        expected.running = false;
        boolean cancelled = entry.phase() == TaskPhase.CANCELLING;
        if (random.nextInt(4) == 0) {
            domain.kernel.finished(
                    entry,
                    new Outcome.Failed(
                            RuntimeErrorCode.SCHEDULER_ERROR, "by chance", Map.of(), true),
                    domain.now());
            expected.end = cancelled ? TaskPhase.CANCELLED : TaskPhase.FAILED;
        } else {
            domain.succeed(entry);
            expected.end = TaskPhase.COMPLETED;
        }
        open.remove(entry);
    }

    private void cancel(TaskEntry entry, Expected expected) {
        domain.kernel.cancel(entry.taskId(), null, domain.now());
        if (expected.running) return;
        expected.end = TaskPhase.CANCELLED;
        open.remove(entry);
    }

    private void suspendOrResume(TaskEntry entry, Expected expected) {
        if (expected.suspended) domain.kernel.resume(entry.taskId(), domain.now());
        else domain.kernel.suspend(entry.taskId(), domain.now());
        expected.suspended = !expected.suspended;
    }

    private void breakDependants() {
        boolean again = true;
        while (again) {
            again = false;
            for (int i = open.size() - 1; i >= 0; i--) {
                Expected expected = expected(open.get(i));
                if (expected.running || expected.dependencies.stream().noneMatch(this::isBroken))
                    continue;
                expected.end = TaskPhase.FAILED;
                open.remove(i);
                again = true;
            }
        }
    }

    private void check(long seed, int step) {
        int ready = 0;
        for (TaskEntry entry : open) {
            Expected expected = expected(entry);
            boolean mustBeReady = mustBeReady(entry);
            if (mustBeReady) ready++;
            boolean held = !expected.running && expected.suspended;
            if (entry.isFinal()
                    || entry.queued() != mustBeReady
                    || held && entry.phase() != TaskPhase.SUSPENDED)
                throw new AssertionError(
                        where(seed, step)
                                + ": must be ready: "
                                + mustBeReady
                                + ", held: "
                                + held
                                + ": "
                                + entry);
        }
        if (domain.kernel.ready() != ready || domain.kernel.unfinished() != open.size())
            throw new AssertionError(
                    where(seed, step)
                            + ": expected "
                            + ready
                            + " ready of "
                            + open.size()
                            + ", found "
                            + domain.kernel.counts());
        if (step % 1000 != 0) return;
        String where = where(seed, step);
        domain.kernel.audit(domain.now());
        KernelCounts counts = domain.kernel.counts();
        List<Task> tasks = domain.kernel.tasks(TaskFilter.ALL, domain.now());
        assertThat(tasks)
                .as(where)
                .filteredOn(task -> task.status() == TaskStatus.BLOCKED)
                .hasSize(counts.blocked());
        assertThat(tasks)
                .as(where)
                .filteredOn(task -> task.status() == TaskStatus.RUNNING)
                .hasSize(counts.running());
        assertThat(counts.completed() + counts.failed())
                .as(where)
                .isEqualTo(domain.finished.size());
        assertThat(counts.scheduled()).as(where).isEqualTo(domain.finished.size() + open.size());
        for (TaskEntry entry : domain.finished.subList(endsSeen, domain.finished.size())) {
            assertThat(entry.phase()).as(where).isEqualTo(expected(entry).end);
            assertThat(ended.add(entry.taskId())).as("%s: %s ended once", where, entry).isTrue();
        }
        endsSeen = domain.finished.size();
        assertThat(inherited()).as(where).isEqualTo(seen());
    }

    private static String where(long seed, int step) {
        return "seed " + seed + ", step " + step;
    }

    /**
     * Effective priorities worked out from nothing but bases and open dependencies, to the end
     * instead of 16 steps.
     */
    private Map<TaskId, Integer> inherited() {
        Map<TaskId, Integer> priorities = new HashMap<>();
        for (TaskEntry entry : open) priorities.put(entry.taskId(), entry.basePriority());
        for (int step = 0; step < open.size(); step++)
            for (TaskEntry entry : open)
                for (DependencyRequest dependency : expected(entry).dependencies)
                    if (waits(dependency))
                        priorities.merge(
                                idOf(dependency), priorities.get(entry.taskId()), Math::max);
        return priorities;
    }

    private Map<TaskId, Integer> seen() {
        Map<TaskId, Integer> priorities = new HashMap<>();
        for (TaskEntry entry : open) priorities.put(entry.taskId(), entry.priority());
        return priorities;
    }

    private boolean mustBeReady(TaskEntry entry) {
        Expected expected = expected(entry);
        return !expected.running
                && !expected.suspended
                && expected.end == TaskPhase.READY
                && expected.dependencies.stream().noneMatch(this::waits);
    }

    private boolean waits(DependencyRequest dependency) {
        Expected on = on(dependency);
        if (on.end != TaskPhase.READY) return false;
        return !(dependency.type() == DependencyType.START && on.dispatched);
    }

    private boolean isBroken(DependencyRequest dependency) {
        Expected on = on(dependency);
        return switch (dependency.type()) {
            case SUCCESS, DATA -> on.end.status() == TaskStatus.FAILED;
            case START -> on.end.isFinal() && !on.dispatched;
            case COMPLETION, SOFT -> false;
        };
    }

    private Expected on(DependencyRequest dependency) {
        return Objects.requireNonNull(model.get(idOf(dependency)));
    }

    private Expected expected(TaskEntry entry) {
        return (Expected) Objects.requireNonNull(entry.attachment());
    }

    private static TaskId idOf(DependencyRequest dependency) {
        return ((TaskRef.Existing) dependency.task()).id();
    }

    private static long seed() {
        String text = System.getProperty("test.seed", "");
        return text.isEmpty() ? System.nanoTime() : Long.parseLong(text);
    }
}
