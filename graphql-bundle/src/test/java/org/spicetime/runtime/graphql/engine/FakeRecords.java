// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.ConfigOrigin;
import org.spicetime.runtime.api.domain.ConfigRehearsal;
import org.spicetime.runtime.api.domain.ConfigRevision;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.DomainUpdate;
import org.spicetime.runtime.api.domain.LatencySummary;
import org.spicetime.runtime.api.domain.RuntimeMetrics;
import org.spicetime.runtime.api.domain.ScheduleAnalysis;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.schedule.ScheduleUpdate;
import org.spicetime.runtime.api.task.BulkResult;
import org.spicetime.runtime.api.task.TaskChange;
import org.spicetime.runtime.api.task.TaskChanges;
import org.spicetime.runtime.api.task.TaskDefaults;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskHistory;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;

/** What a domain tells of its past and its schedules, as a test sets it. */
abstract class FakeRecords implements Domain {
    /** What else it was asked for, one line each. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    final Map<UUID, Schedule> schedules = new ConcurrentHashMap<>();
    final List<ScheduleRequest> scheduleRequests = new CopyOnWriteArrayList<>();
    final List<ScheduleUpdate> scheduleUpdates = new CopyOnWriteArrayList<>();
    final List<DomainUpdate> updates = new CopyOnWriteArrayList<>();
    final List<TaskPageRequest> pages = new CopyOnWriteArrayList<>();
    final List<ConfigRevision> revisions = new CopyOnWriteArrayList<>();
    final List<ConfigOrigin> origins = new CopyOnWriteArrayList<>();
    final Map<TaskId, TaskHistory> histories = new ConcurrentHashMap<>();
    final Queue<TaskChange> changes = new ConcurrentLinkedQueue<>();
    final List<Runnable> changeListeners = new CopyOnWriteArrayList<>();
    final List<Consumer<? super RuntimeError>> errorListeners = new CopyOnWriteArrayList<>();

    volatile @Nullable RefusedException changesFail;

    abstract <T> CompletionStage<T> answer(T value);

    @Override
    public ExecutorService executor(TaskDefaults defaults) {
        throw new UnsupportedOperationException("a fake runs nothing");
    }

    volatile ScheduleAnalysis analysis =
            new ScheduleAnalysis("FIFO", null, 0, null, List.of(), "FIFO offers no test");

    @Override
    public CompletionStage<ScheduleAnalysis> analysis() {
        return answer(analysis);
    }

    @Override
    public CompletionStage<DomainState> rollback(int revision, @Nullable Integer expected) {
        asked.add("rollback to " + revision + " from " + expected);
        return answer(state());
    }

    @Override
    public ConfigRehearsal rehearseRollback(int revision, @Nullable Integer expected) {
        asked.add("rehearse rollback to " + revision + " from " + expected);
        return new ConfigRehearsal(state().config(), List.of());
    }

    @Override
    public List<ConfigRevision> revisions(int first) {
        return revisions.stream().limit(first).toList();
    }

    @Override
    public List<ConfigOrigin> origins() {
        return origins;
    }

    @Override
    public CompletionStage<DomainState> update(DomainUpdate update) {
        updates.add(update);
        return answer(state());
    }

    @Override
    public Optional<TaskHistory> history(TaskId task) {
        return Optional.ofNullable(histories.get(task));
    }

    @Override
    public Optional<List<String>> stack(TaskId task) {
        return histories.containsKey(task)
                ? Optional.of(List.of("vendor.Handler.run(Handler.java:7)"))
                : Optional.empty();
    }

    @Override
    public CompletionStage<BulkResult> cancelAll(
            TaskFilter filter, @Nullable String reason, boolean dryRun) {
        asked.add("cancelAll " + reason + " " + dryRun);
        return answer(bulk(filter, dryRun));
    }

    @Override
    public CompletionStage<BulkResult> retryAll(
            TaskFilter filter, boolean cascade, boolean dryRun) {
        asked.add("retryAll " + cascade + " " + dryRun);
        return answer(bulk(filter, dryRun));
    }

    @Override
    public CompletionStage<BulkResult> purgeAll(TaskFilter filter, boolean dryRun) {
        asked.add("purgeAll " + dryRun);
        return answer(bulk(filter, dryRun));
    }

    @Override
    public Watch watchErrors(Consumer<? super RuntimeError> listener) {
        return FakeDomain.watch(errorListeners, listener);
    }

    @Override
    public TaskChanges watchTasks(TaskFilter filter, @Nullable String after, Runnable available) {
        asked.add("changes after " + after);
        RefusedException expired = changesFail;
        if (expired != null) throw expired;
        changeListeners.add(available);
        return new TaskChanges() {
            @Override
            public List<TaskChange> next(int most) {
                RefusedException expired = changesFail;
                if (expired != null) throw expired;
                List<TaskChange> taken = new ArrayList<>();
                TaskChange change = changes.poll();
                while (change != null) {
                    taken.add(change);
                    change = taken.size() < most ? changes.poll() : null;
                }
                return taken;
            }

            @Override
            public void close() {
                changeListeners.remove(available);
            }
        };
    }

    @Override
    public List<Schedule> schedules() {
        return List.copyOf(schedules.values());
    }

    @Override
    public Optional<Schedule> findSchedule(UUID schedule) {
        return Optional.ofNullable(schedules.get(schedule));
    }

    @Override
    public List<Instant> nextReleases(UUID schedule, int first) {
        return schedules.containsKey(schedule)
                ? Collections.nCopies(first, FakeDomain.CREATED)
                : List.of();
    }

    @Override
    public CompletionStage<Schedule> createSchedule(ScheduleRequest request) {
        scheduleRequests.add(request);
        Schedule schedule =
                new Schedule(
                        new UUID(9, schedules.size()),
                        id(),
                        request.name(),
                        request.recurrence(),
                        FakeDomain.CREATED,
                        request.overlap(),
                        request.misfire(),
                        request.relativeDeadline(),
                        request.task(),
                        request.paused(),
                        FakeDomain.CREATED,
                        null,
                        0,
                        0,
                        1,
                        request.task().owner(),
                        request.task().owner(),
                        FakeDomain.CREATED,
                        FakeDomain.CREATED);
        schedules.put(schedule.id(), schedule);
        return answer(schedule);
    }

    @Override
    public CompletionStage<Schedule> updateSchedule(
            UUID schedule, ScheduleUpdate update, @Nullable Integer expectedRevision) {
        scheduleUpdates.add(update);
        return known("update revision " + expectedRevision, schedule);
    }

    @Override
    public CompletionStage<Schedule> deleteSchedule(UUID schedule, String actor) {
        return known("delete by " + actor, schedule);
    }

    @Override
    public CompletionStage<Schedule> pauseSchedule(UUID schedule, String actor) {
        return known("pause by " + actor, schedule);
    }

    @Override
    public CompletionStage<Schedule> resumeSchedule(UUID schedule, String actor) {
        return known("resume by " + actor, schedule);
    }

    private CompletionStage<Schedule> known(String what, UUID schedule) {
        asked.add(what);
        return answer(Objects.requireNonNull(schedules.get(schedule)));
    }

    @Override
    public TaskPage page(TaskPageRequest request) {
        pages.add(request);
        List<TaskPage.Entry> entries =
                tasks(request.filter()).stream()
                        .limit(request.limit())
                        .map(task -> new TaskPage.Entry("cursor of " + task.id(), task))
                        .toList();
        return new TaskPage(
                entries,
                tasks(TaskFilter.ALL).size() > entries.size(),
                false,
                tasks(TaskFilter.ALL).size(),
                "as-of");
    }

    private BulkResult bulk(TaskFilter filter, boolean dryRun) {
        int matched = tasks(filter).size();
        return new BulkResult(matched, dryRun ? 0 : matched, false);
    }

    @Override
    public RuntimeMetrics metrics() {
        return new RuntimeMetrics(
                FakeDomain.CREATED,
                Duration.ofDays(365),
                9_007_199_254_740_993L,
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                8,
                9,
                10,
                11,
                Duration.ofNanos(12_500),
                1.5,
                LatencySummary.EMPTY,
                LatencySummary.EMPTY);
    }
}
