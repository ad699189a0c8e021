// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;

/**
 * Stored tasks against a model of a store that commits late, refuses now and then, and is all that
 * is left when the process dies at any moment. What the store has not is as if it had never been.
 */
final class RandomRestartsTest {
    private static final int OPERATIONS = Boolean.getBoolean("test.long") ? 1_000_000 : 60_000;
    private static final int MOST_OPEN = 30;
    private static final int MOST_RETRIES = 2;
    private static final List<DependencyType> TYPES = List.of(DependencyType.values());

    private static final TaskMetrics NO_METRICS =
            new TaskMetrics(
                    null,
                    null,
                    null,
                    Duration.ZERO,
                    0,
                    MeasurementAccuracy.EXACT,
                    0,
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    0);

    /** What the store knows of a task. */
    private static final class Row {
        final TaskRequest request;
        final List<TaskDependency> edges;
        TaskPhase phase;
        int attempts;

        Row(TaskRequest request, List<TaskDependency> edges, TaskPhase phase) {
            this.request = request;
            this.edges = edges;
            this.phase = phase;
        }
    }

    /** Something handed over to the store, and what follows when it holds, or does not. */
    private record Write(Runnable effect, Runnable held, Runnable refused, boolean mayFail) {}

    private final Map<TaskId, Row> rows = new LinkedHashMap<>();
    private final Set<TaskId> runAfterEnd = new HashSet<>();
    private final ArrayDeque<Write> queue = new ArrayDeque<>();
    private final List<TaskEntry> workers = new ArrayList<>();
    private Fixture domain = fixture();
    private int endsHandedOver;
    private int restarts;
    private int refusals;
    private int completed;

    private static Fixture fixture() {
        KernelSettings basic = KernelSettings.basic(3);
        return new Fixture(
                new KernelSettings(
                        basic.priorities(),
                        basic.queuePolicy(),
                        0,
                        3,
                        0,
                        1000,
                        Durability.DURABLE,
                        true));
    }

    @Test
    void whatIsStoredAndNothingElseSurvives(TestReporter reporter) {
        long seed = Long.getLong("test.seed", System.nanoTime());
        reporter.publishEntry("test.seed", Long.toString(seed));
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < OPERATIONS; step++) {
            act(random);
            handOverEnds();
            if (step % 64 == 0) check("seed " + seed + ", step " + step);
        }
        assertThat(runAfterEnd).as("seed %s: ran again after a stored end", seed).isEmpty();
        assertThat(List.of(restarts, refusals, completed)).allMatch(count -> count > 100);
    }

    private void act(SplittableRandom random) {
        int dice = random.nextInt(100);
        if (dice < 22 && domain.kernel.unfinished() < MOST_OPEN) admit(random);
        else if (dice < 45 && workers.size() < 3) dispatch();
        else if (dice < 65 && !workers.isEmpty()) finish(random);
        else if (dice < 92) commit(random.nextInt(1, 4), random);
        else if (dice < 96) cancel(random);
        else if (dice < 99) domain.pass(Duration.ofMillis(random.nextInt(200)));
        else restart(random);
    }

    private void admit(SplittableRandom random) {
        TaskRequest.Builder request =
                Fixture.task()
                        .priority(random.nextInt(11))
                        .maxRetries(random.nextInt(1 + MOST_RETRIES));
        List<TaskId> known =
                rows.keySet().stream().filter(id -> domain.kernel.entry(id).isPresent()).toList();
        for (int i = random.nextInt(3); i > 0 && !known.isEmpty(); i--)
            request.dependsOn(
                    new DependencyRequest(
                            new TaskRef.Existing(known.get(random.nextInt(known.size()))),
                            TYPES.get(random.nextInt(TYPES.size())),
                            Duration.ZERO));
        List<TaskEntry> prepared = domain.prepare(request);
        TaskEntry entry = prepared.getFirst();
        Task first = domain.kernel.snapshot(entry, domain.now());
        queue.add(
                new Write(
                        () ->
                                rows.put(
                                        first.id(),
                                        new Row(
                                                first.request(),
                                                first.dependencies(),
                                                first.phase())),
                        () -> domain.kernel.publish(prepared, domain.now()),
                        () -> domain.kernel.withdraw(prepared, domain.now()),
                        true));
    }

    private void dispatch() {
        TaskEntry entry = domain.kernel.pick(0, domain.now());
        if (entry == null) return;
        Row row = row(entry.taskId());
        if (row.phase.isFinal()) runAfterEnd.add(entry.taskId());
        for (TaskDependency edge : row.edges)
            if (edge.type() == DependencyType.SUCCESS || edge.type() == DependencyType.DATA)
                assertThat(row(edge.task()).phase)
                        .as("%s runs before what it needs is stored", entry)
                        .isEqualTo(TaskPhase.COMPLETED);
        assertThat(entry.attempt()).isLessThanOrEqualTo(1 + row.request.maxRetries());
        workers.add(entry);
        int attempt = entry.attempt();
        write(() -> {
            row.phase = TaskPhase.RUNNING;
            row.attempts = attempt;
        });
    }

    private Row row(TaskId id) {
        return Objects.requireNonNull(rows.get(id), () -> id + " was never stored");
    }

    /* Never refused: the task was admitted. */
    private void write(Runnable effect) {
        queue.add(new Write(effect, () -> {}, () -> {}, false));
    }

    private void finish(SplittableRandom random) {
        TaskEntry entry = workers.remove(random.nextInt(workers.size()));
        if (random.nextInt(3) > 0) domain.succeed(entry);
        else
            domain.kernel.finished(
                    entry,
                    new Outcome.Failed(
                            RuntimeErrorCode.SCHEDULER_ERROR, "by chance", Map.of(), true),
                    domain.now());
        if (!entry.isEnding()) {
            Row row = row(entry.taskId());
            write(() -> row.phase = TaskPhase.RETRY_WAIT);
        }
    }

    private void cancel(SplittableRandom random) {
        List<TaskId> ids = List.copyOf(rows.keySet());
        if (ids.isEmpty()) return;
        TaskId id = ids.get(random.nextInt(ids.size()));
        domain.kernel
                .entry(id)
                .filter(entry -> !entry.isOver())
                .ifPresent(entry -> domain.kernel.cancel(id, null, domain.now()));
    }

    private void handOverEnds() {
        for (; endsHandedOver < domain.ending.size(); endsHandedOver++) {
            TaskEntry entry = domain.ending.get(endsHandedOver);
            Row row = row(entry.taskId());
            TaskPhase how = Objects.requireNonNull(entry.decided());
            queue.add(
                    new Write(
                            () -> row.phase = how,
                            () -> {
                                domain.kernel.stored(entry, domain.now());
                                if (how == TaskPhase.COMPLETED) completed++;
                            },
                            () -> {},
                            false));
        }
    }

    private void commit(int writes, SplittableRandom random) {
        for (int i = 0; i < writes && !queue.isEmpty(); i++) {
            Write write = queue.poll();
            if (write.mayFail() && random.nextInt(10) == 0) {
                refusals++;
                write.refused().run();
            } else {
                write.effect().run();
                write.held().run();
                handOverEnds();
            }
        }
    }

    /* What was on its way may have reached the disk without anybody knowing. */
    private void restart(SplittableRandom random) {
        restarts++;
        for (int reached = random.nextInt(3); reached > 0 && !queue.isEmpty(); reached--)
            queue.poll().effect().run();
        queue.clear();
        workers.clear();
        endsHandedOver = 0;
        long before = domain.now().nanos();
        domain = fixture();
        // Ids are made of the time: a new process must not begin in the past of the old one.
        domain.passUnnoticed(Duration.ofNanos(before).plusSeconds(1));
        List<Restored> live = new ArrayList<>();
        Map<TaskId, ForeignTask> ended = new HashMap<>();
        rows.forEach((id, row) -> {
            if (row.phase.isFinal())
                ended.put(id, new ForeignTask(Fixture.DOMAIN, row.phase, row.attempts > 0, null));
        });
        rows.forEach((id, row) -> {
            if (row.phase.isFinal()) return;
            settle(row);
            if (row.phase.isFinal()) {
                ended.put(id, new ForeignTask(Fixture.DOMAIN, row.phase, true, null));
            }
        });
        rows.forEach((id, row) -> {
            if (!row.phase.isFinal()) live.add(restored(id, row, ended));
        });
        domain.kernel.publish(domain.kernel.restore(live, domain.now()), domain.now());
        handOverEnds();
        rows.keySet().removeIf(id -> row(id).phase.isFinal() && !isNeeded(id));
    }

    /* As a store does with what ran when its owner died. */
    private static void settle(Row row) {
        if (row.phase != TaskPhase.RUNNING) return;
        row.phase =
                row.attempts > row.request.maxRetries() ? TaskPhase.FAILED : TaskPhase.RETRY_WAIT;
    }

    private boolean isNeeded(TaskId ended) {
        return rows.values().stream()
                .flatMap(row -> row.edges.stream())
                .anyMatch(edge -> edge.task().equals(ended));
    }

    private Restored restored(TaskId id, Row row, Map<TaskId, ForeignTask> ended) {
        Task like =
                new Task(
                        id,
                        Fixture.DOMAIN,
                        row.request,
                        "noop",
                        Durability.DURABLE,
                        row.request.priority().orElse(5),
                        row.request.priority().orElse(5),
                        null,
                        row.phase,
                        row.attempts,
                        domain.now().instant(),
                        domain.now().instant(),
                        row.edges,
                        NO_METRICS,
                        false,
                        OptionalDouble.empty(),
                        null,
                        null,
                        null);
        TaskRecord record =
                new TaskRecord(
                        like,
                        1,
                        1,
                        0,
                        null,
                        row.phase == TaskPhase.RETRY_WAIT ? domain.now().instant() : null,
                        null,
                        1 + row.request.maxRetries() - row.attempts,
                        null,
                        null,
                        "host",
                        List.of());
        return new Restored(record, new Admission(id, row.request, "noop", ended));
    }

    private void check(String where) {
        domain.kernel.audit(domain.now());
        assertThat(domain.ejections).as(where).isEmpty();
        assertThat(domain.kernel.counts().running())
                .as("%s: on workers, or their end is being stored", where)
                .isLessThanOrEqualTo(workers.size() + domain.kernel.unstored());
        for (TaskEntry entry : domain.finished)
            assertThat(row(entry.taskId()).phase.isFinal())
                    .as("%s: %s is seen as ended and is not stored so", where, entry)
                    .isTrue();
    }
}
