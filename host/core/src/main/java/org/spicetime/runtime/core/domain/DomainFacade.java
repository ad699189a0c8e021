// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.AdmissionGate;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigOrigin;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.ConfigRehearsal;
import org.spicetime.runtime.api.domain.ConfigRevision;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainListener;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.DomainUpdate;
import org.spicetime.runtime.api.domain.MetricsSample;
import org.spicetime.runtime.api.domain.ResourceAlert;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.domain.ResourceKind;
import org.spicetime.runtime.api.domain.ResourceRequest;
import org.spicetime.runtime.api.domain.ResourceUsage;
import org.spicetime.runtime.api.domain.RuntimeMetrics;
import org.spicetime.runtime.api.domain.ScheduleAnalysis;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMap;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.schedule.ScheduleUpdate;
import org.spicetime.runtime.api.scheduler.ExecutionSlice;
import org.spicetime.runtime.api.task.BulkResult;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskChanges;
import org.spicetime.runtime.api.task.TaskDefaults;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskHistory;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.core.schedules.Schedules;
import org.spicetime.runtime.core.watches.Channel;
import org.spicetime.runtime.kernel.task.LightKind;

/**
 * One domain in the hands of somebody: what is asked for goes to the part that does it, on the
 * calling thread, so most stages are complete when they are returned. Immutable.
 */
final class DomainFacade implements Domain {

    private final HostedDomain domain;
    private final DomainBody body;
    private final ChangedBy who;
    private final Schedules schedules;
    private final Answers answers;
    private final Reconfiguration reconfiguration;
    private final TaskOrders orders;
    private final TaskSight sight;

    DomainFacade(HostedDomain domain, ChangedBy who) {
        this.domain = domain;
        this.who = who;
        body = domain.body();
        schedules = domain.admission().schedules();
        answers = new Answers(body);
        reconfiguration = new Reconfiguration(domain, who);
        orders = new TaskOrders(domain, who, answers);
        sight = new TaskSight(domain);
    }

    @Override
    public DomainId id() {
        return body.id();
    }

    @Override
    public DomainState state() {
        return body.state();
    }

    @Override
    public RuntimeMetrics metrics() {
        return domain.measures().gauges().metrics();
    }

    @Override
    public ResourceUsage resources() {
        return domain.measures().gauges().resources();
    }

    @Override
    public MetricsSample sample() {
        return domain.measures().present();
    }

    @Override
    public List<MetricsSample> samples(Instant from, Instant to, Duration resolution) {
        return domain.measures().between(from, to, resolution);
    }

    @Override
    public List<ExecutionSlice> timeline(@Nullable Instant from, @Nullable Instant to, int first) {
        if (first < 0 || first > ExecutionSlice.MOST) {
            throw RefusedException.outOfRange("first", first, "0 .. " + ExecutionSlice.MOST);
        }
        if (from != null && to != null && to.isBefore(from)) {
            throw RefusedException.badInput("to", to + " is before \"from\" " + from);
        }
        return body.tasks.with(k -> k.timeline(from, to, first, body.tasks.now()));
    }

    @Override
    public Optional<ResourceAllocation> allocation() {
        return Optional.ofNullable(body.allocation());
    }

    @Override
    public CompletionStage<ScheduleAnalysis> analysis() {
        return answers.answer(() -> domain.admission().guarantees().analysis(schedules.all()));
    }

    @Override
    public List<RuntimeError> errors(int limit) {
        return body.errors.newest(limit);
    }

    @Override
    public CompletionStage<DomainState> configure(
            ConfigPatch patch, @Nullable Integer expectedRevision) {
        return answers.answer(() -> reconfiguration.configure(patch, expectedRevision));
    }

    @Override
    public ConfigRehearsal rehearse(ConfigPatch patch, @Nullable Integer expectedRevision) {
        return domain.changes().rehearse(patch, expectedRevision);
    }

    @Override
    public CompletionStage<DomainState> rollback(int revision, @Nullable Integer expected) {
        return answers.answer(() -> reconfiguration.rollback(revision, expected));
    }

    @Override
    public ConfigRehearsal rehearseRollback(int revision, @Nullable Integer expected) {
        return domain.changes().rehearseRollback(revision, expected);
    }

    @Override
    public List<ConfigRevision> revisions(int first) {
        return body.revisions.newest(first);
    }

    @Override
    public List<ConfigOrigin> origins() {
        return body.revisions.origins();
    }

    @Override
    public CompletionStage<DomainState> update(DomainUpdate update) {
        return answers.answer(() -> domain.changes().update(who, update));
    }

    @Override
    public Domain by(ChangedBy changedBy) {
        return new DomainFacade(domain, changedBy);
    }

    @Override
    public TaskPage page(TaskPageRequest request) {
        return domain.pages().page(request);
    }

    @Override
    public Optional<TaskHistory> history(TaskId id) {
        return domain.pages().history(id);
    }

    @Override
    public Optional<List<String>> stack(TaskId id) {
        return sight.stack(id);
    }

    @Override
    public CompletionStage<BulkResult> cancelAll(
            TaskFilter filter, @Nullable String reason, boolean dryRun) {
        return orders.cancelAll(filter, reason, dryRun);
    }

    @Override
    public CompletionStage<BulkResult> retryAll(
            TaskFilter filter, boolean cascade, boolean dryRun) {
        return orders.retryAll(filter, cascade, dryRun);
    }

    @Override
    public CompletionStage<BulkResult> purgeAll(TaskFilter filter, boolean dryRun) {
        return orders.purgeAll(filter, dryRun);
    }

    @Override
    public TaskChanges watchTasks(TaskFilter filter, @Nullable String after, Runnable available) {
        return sight.stream(filter, after, available);
    }

    @Override
    public Watch watchErrors(Consumer<? super RuntimeError> listener) {
        return body.watches.addErrors(listener);
    }

    @Override
    public CompletionStage<ResourceAllocation> allocate(ResourceRequest request) {
        return answers.answer(() -> domain.reservations().allocate(request, who));
    }

    @Override
    public CompletionStage<DomainState> release(Set<ResourceKind> resources) {
        return answers.answer(() -> domain.reservations().release(resources, who));
    }

    @Override
    public CompletionStage<DomainState> start() {
        return answers.stage(() -> domain.run().start(false, who));
    }

    @Override
    public CompletionStage<DomainState> stop(boolean drain) {
        return answers.stage(() -> {
            body.checkExists();
            return domain.run().stop(drain, who);
        });
    }

    @Override
    public CompletionStage<DomainState> drain() {
        return answers.stage(() -> domain.run().drain(who));
    }

    @Override
    public CompletionStage<DomainState> pause() {
        return answers.stage(() -> domain.run().pause(who));
    }

    @Override
    public CompletionStage<DomainState> resume() {
        return answers.stage(() -> domain.run().resume(who));
    }

    @Override
    public CompletionStage<Task> schedule(TaskRequest request) {
        return orders.admit(request);
    }

    @Override
    public CompletionStage<List<Task>> scheduleAll(List<TaskRequest> requests) {
        return orders.admit(requests, AdmissionGate.OPEN);
    }

    @Override
    public CompletionStage<List<Task>> scheduleAll(List<TaskRequest> requests, AdmissionGate gate) {
        return orders.admit(requests, gate);
    }

    @Override
    public Optional<Task> task(TaskId id) {
        return domain.pages().task(id);
    }

    @Override
    public List<Task> tasks(TaskFilter filter) {
        return domain.pages().list(filter);
    }

    @Override
    public List<Task> dependents(TaskId id) {
        return domain.pages().dependents(id);
    }

    @Override
    public CompletionStage<Task> cancel(TaskId id, @Nullable String reason) {
        return orders.cancel(id, reason);
    }

    @Override
    public CompletionStage<Task> retry(TaskId id, boolean cascade) {
        return orders.retry(id, cascade);
    }

    @Override
    public CompletionStage<Task> changePriority(TaskId id, int priority) {
        return orders.changePriority(id, priority);
    }

    @Override
    public ExecutorService executor(TaskDefaults defaults) {
        body.checkExists();
        LightKind kind =
                body.tasks.with(kernel -> kernel.lightKind(defaults, body.node.clock().now()));
        return new DomainExecutor(body, kind, defaults);
    }

    @Override
    public CompletionStage<Task> suspend(TaskId id) {
        return orders.suspend(id);
    }

    @Override
    public CompletionStage<Task> resume(TaskId id) {
        return orders.resume(id);
    }

    @Override
    public List<Schedule> schedules() {
        return schedules.all();
    }

    @Override
    public Optional<Schedule> findSchedule(UUID id) {
        return schedules.find(id);
    }

    @Override
    public List<Instant> nextReleases(UUID id, int first) {
        return schedules.nextReleases(id, first);
    }

    @Override
    public CompletionStage<Schedule> createSchedule(ScheduleRequest request) {
        return answers.change(() -> schedules.create(request));
    }

    @Override
    public CompletionStage<Schedule> updateSchedule(
            UUID id, ScheduleUpdate update, @Nullable Integer expectedRevision) {
        return answers.change(() -> schedules.update(id, update, expectedRevision));
    }

    @Override
    public CompletionStage<Schedule> deleteSchedule(UUID id, String actor) {
        return answers.change(() -> schedules.delete(id, actor));
    }

    @Override
    public CompletionStage<Schedule> pauseSchedule(UUID id, String actor) {
        return answers.change(() -> schedules.pause(id, actor));
    }

    @Override
    public CompletionStage<Schedule> resumeSchedule(UUID id, String actor) {
        return answers.change(() -> schedules.resume(id, actor));
    }

    @Override
    public CompletionStage<CollectionReport> collectGarbage(boolean compact) {
        return answers.change(() -> domain.memory().collect(compact));
    }

    @Override
    public CompletionStage<MemoryMetrics> swapOut(OptionalLong bytes) {
        return answers.change(() -> domain.memory().swapOut(bytes));
    }

    @Override
    public MemoryMap memoryMap(int owners) {
        return domain.memory().map(owners);
    }

    @Override
    public Watch watchTask(TaskId id, Consumer<? super Task> listener) {
        return sight.watch(id, listener);
    }

    @Override
    public Watch watch(DomainListener listener) {
        return body.watches.add(listener);
    }

    @Override
    public Watch watchResources(double threshold, Consumer<? super ResourceAlert> listener) {
        body.checkExists();
        return domain.measures().watch(threshold, new Channel<>(body.node.notifier(), listener));
    }
}
