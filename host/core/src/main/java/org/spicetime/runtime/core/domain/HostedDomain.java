// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigOrigin;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.ConfigRehearsal;
import org.spicetime.runtime.api.domain.ConfigRevision;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainConfig;
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
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.hardware.ProcessorSample;
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
import org.spicetime.runtime.core.dispatch.Dispatcher;
import org.spicetime.runtime.core.dispatch.NodeTimer;
import org.spicetime.runtime.core.measure.HistoryBudget;
import org.spicetime.runtime.core.paging.Cursors;
import org.spicetime.runtime.core.paging.TaskScan;
import org.spicetime.runtime.kernel.task.ForeignTask;
import org.spicetime.runtime.kernel.task.LightKind;
import org.spicetime.runtime.kernel.task.Now;

/**
 * One domain of this host: the face of its parts. What is quick is done on the calling thread, so
 * most stages are complete when they are returned. Thread-safe.
 */
final class HostedDomain implements Domain, NodeTimer.Timed {

    private final DomainBody body;
    private final ChangedBy who;
    private final DomainMeasures measures;
    private final DomainAdmission admission;
    private final WaitingRoom room;
    private final DomainChanges changes;
    private final Reservations reservations;
    private final BulkChanges bulk;
    private final DomainRun run;
    private final DomainMemory memory;

    HostedDomain(DomainBody body, Supplier<ProcessorSample> processor, HistoryBudget histories) {
        this.body = body;
        who = ChangedBy.HOST;
        measures = new DomainMeasures(body, processor, histories);
        admission = new DomainAdmission(body);
        room = new WaitingRoom(body, admission);
        changes = new DomainChanges(body);
        reservations = new Reservations(body);
        bulk = new BulkChanges(body);
        run = new DomainRun(body, measures.gauges());
        memory = new DomainMemory(body);
        body.whenFinished(() -> {
            run.taskEnded();
            if (!room.isEmpty()) {
                body.guard.afterwards(room::changed);
            }
        });
        body.whenLive(() -> {
            admission.schedules().reconsider();
            room.changed();
        });
    }

    /** The same domain in the hands of somebody. */
    private HostedDomain(HostedDomain same, ChangedBy who) {
        this.who = who;
        body = same.body;
        measures = same.measures;
        admission = same.admission;
        changes = same.changes;
        reservations = same.reservations;
        bulk = same.bulk;
        run = same.run;
        memory = same.memory;
        room = same.room;
    }

    DomainBody body() {
        return body;
    }

    DomainRun run() {
        return run;
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
        return measures.gauges().metrics();
    }

    @Override
    public ResourceUsage resources() {
        return measures.gauges().resources();
    }

    @Override
    public MetricsSample sample() {
        return measures.present();
    }

    @Override
    public List<MetricsSample> samples(Instant from, Instant to, Duration resolution) {
        return measures.between(from, to, resolution);
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
        return answer(() -> admission.guarantees().analysis(admission.schedules().all()));
    }

    @Override
    public List<RuntimeError> errors(int limit) {
        return body.errors.newest(limit);
    }

    @Override
    public CompletionStage<DomainState> configure(
            ConfigPatch patch, @Nullable Integer expectedRevision) {
        return answer(() -> {
            DomainConfig before = body.config();
            changes.configure(who, patch, expectedRevision);
            return reconfigured(before);
        });
    }

    /* What it waited for at its start, or a task for room, may have been configured away. */
    private DomainState reconfigured(DomainConfig before) {
        run.reconsider(body.node.clock().nanos().getAsLong());
        room.changed();
        DomainConfig after = body.config();
        if (!before.scheduler().equals(after.scheduler())
                || !before.executor().equals(after.executor())) {
            admission.guarantees().tell(admission.schedules().all());
        }
        return body.state();
    }

    @Override
    public ConfigRehearsal rehearse(ConfigPatch patch, @Nullable Integer expectedRevision) {
        return changes.rehearse(patch, expectedRevision);
    }

    @Override
    public CompletionStage<DomainState> rollback(int revision, @Nullable Integer expected) {
        return answer(() -> {
            DomainConfig before = body.config();
            changes.rollback(who, revision, expected);
            return reconfigured(before);
        });
    }

    @Override
    public ConfigRehearsal rehearseRollback(int revision, @Nullable Integer expected) {
        return changes.rehearseRollback(revision, expected);
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
        return answer(() -> changes.update(who, update));
    }

    @Override
    public Domain by(ChangedBy changedBy) {
        return new HostedDomain(this, changedBy);
    }

    @Override
    public TaskPage page(TaskPageRequest request) {
        return body.tasks.page(
                new TaskScan(request),
                (found, log) -> found.page(request.fromEnd(), Cursors.of(log, log.last())));
    }

    @Override
    public Optional<TaskHistory> history(TaskId id) {
        return body.tasks.history(id);
    }

    @Override
    public Optional<List<String>> stack(TaskId id) {
        Optional<Dispatcher.Place> place = placeOf(id);
        Optional<List<String>> calls =
                place.map(found ->
                        Arrays.stream(found.thread().getStackTrace())
                                .map(StackTraceElement::toString)
                                .toList());
        // Its thread may have gone on to another task meanwhile.
        return placeOf(id).equals(place) ? calls : Optional.empty();
    }

    private Optional<Dispatcher.Place> placeOf(TaskId id) {
        return body.tasks.with(k -> k.entry(id).flatMap(body.dispatcher::placeOf));
    }

    @Override
    public CompletionStage<BulkResult> cancelAll(
            TaskFilter filter, @Nullable String reason, boolean dryRun) {
        return change(() -> bulk.cancel(who, filter, reason, dryRun));
    }

    @Override
    public CompletionStage<BulkResult> retryAll(
            TaskFilter filter, boolean cascade, boolean dryRun) {
        return change(() -> bulk.retry(who, filter, cascade, dryRun));
    }

    @Override
    public CompletionStage<BulkResult> purgeAll(TaskFilter filter, boolean dryRun) {
        return change(() -> bulk.purge(who, filter, dryRun));
    }

    @Override
    public TaskChanges watchTasks(TaskFilter filter, @Nullable String after, Runnable available) {
        return body.tasks.watches().stream(filter, after, available);
    }

    @Override
    public Watch watchErrors(Consumer<? super RuntimeError> listener) {
        return body.watches.addErrors(listener);
    }

    @Override
    public CompletionStage<ResourceAllocation> allocate(ResourceRequest request) {
        return answer(() -> reservations.allocate(request, who));
    }

    @Override
    public CompletionStage<DomainState> release(Set<ResourceKind> resources) {
        return answer(() -> reservations.release(resources, who));
    }

    @Override
    public CompletionStage<DomainState> start() {
        return stage(() -> run.start(false));
    }

    @Override
    public CompletionStage<DomainState> stop(boolean drain) {
        return stage(() -> {
            body.checkExists();
            return run.stop(drain);
        });
    }

    @Override
    public CompletionStage<DomainState> drain() {
        return stage(run::drain);
    }

    @Override
    public CompletionStage<DomainState> pause() {
        return stage(run::pause);
    }

    @Override
    public CompletionStage<DomainState> resume() {
        return stage(run::resume);
    }

    @Override
    public CompletionStage<Task> schedule(TaskRequest request) {
        return stage(() -> room.admit(List.of(request)).thenApply(List::getFirst));
    }

    @Override
    public CompletionStage<List<Task>> scheduleAll(List<TaskRequest> requests) {
        return stage(() -> room.admit(requests));
    }

    @Override
    public Optional<Task> task(TaskId id) {
        return body.tasks.task(id);
    }

    @Override
    public List<Task> tasks(TaskFilter filter) {
        return body.tasks.with(kernel -> kernel.tasks(filter, body.node.clock().now()));
    }

    @Override
    public List<Task> dependents(TaskId id) {
        return body.tasks.with(kernel -> kernel.dependents(id, body.node.clock().now()));
    }

    @Override
    public CompletionStage<Task> cancel(TaskId id, @Nullable String reason) {
        return change(() ->
                body.tasks.change(
                        who, id, reason, (kernel, now) -> kernel.cancel(id, reason, now)));
    }

    @Override
    public CompletionStage<Task> retry(TaskId id, boolean cascade) {
        return change(
                () -> body.tasks.change(who, (kernel, now) -> kernel.retry(id, cascade, now)));
    }

    @Override
    public CompletionStage<Task> changePriority(TaskId id, int priority) {
        return change(() ->
                body.tasks.change(
                        who,
                        id,
                        "priority " + priority,
                        (kernel, now) -> kernel.changePriority(id, priority, now)));
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
        return change(() -> body.tasks.change(who, (kernel, now) -> kernel.suspend(id, now)));
    }

    @Override
    public CompletionStage<Task> resume(TaskId id) {
        return change(() -> body.tasks.change(who, (kernel, now) -> kernel.resume(id, now)));
    }

    @Override
    public List<Schedule> schedules() {
        return admission.schedules().all();
    }

    @Override
    public Optional<Schedule> findSchedule(UUID id) {
        return admission.schedules().find(id);
    }

    @Override
    public CompletionStage<Schedule> createSchedule(ScheduleRequest request) {
        return change(() -> admission.schedules().create(request));
    }

    @Override
    public CompletionStage<Schedule> updateSchedule(
            UUID id, ScheduleUpdate update, @Nullable Integer expectedRevision) {
        return change(() -> admission.schedules().update(id, update, expectedRevision));
    }

    @Override
    public CompletionStage<Schedule> deleteSchedule(UUID id, String actor) {
        return change(() -> admission.schedules().delete(id, actor));
    }

    @Override
    public CompletionStage<Schedule> pauseSchedule(UUID id, String actor) {
        return change(() -> admission.schedules().pause(id, actor));
    }

    @Override
    public CompletionStage<Schedule> resumeSchedule(UUID id, String actor) {
        return change(() -> admission.schedules().resume(id, actor));
    }

    @Override
    public CompletionStage<CollectionReport> collectGarbage(boolean compact) {
        return change(() -> memory.collect(compact));
    }

    @Override
    public CompletionStage<MemoryMetrics> swapOut(OptionalLong bytes) {
        return change(() -> memory.swapOut(bytes));
    }

    @Override
    public MemoryMap memoryMap(int owners) {
        return memory.map(owners);
    }

    @Override
    public Watch watchTask(TaskId id, Consumer<? super Task> listener) {
        return body.tasks.watches().watch(id, new Channel<>(body.node.notifier(), listener));
    }

    @Override
    public Watch watch(DomainListener listener) {
        return body.watches.add(listener);
    }

    @Override
    public Watch watchResources(double threshold, Consumer<? super ResourceAlert> listener) {
        body.checkExists();
        return measures.watch(threshold, new Channel<>(body.node.notifier(), listener));
    }

    /** Takes a sample and compares it with the thresholds. By the sampler thread. */
    void takeSample() {
        measures.take();
    }

    /** A plugin has come; if this domain is configured for it, it is put in charge. */
    void pluginCame(PluginKind kind, String name) {
        body.changes.lock();
        try {
            Holdings held = body.holdings();
            if (held == null) {
                return;
            }
            DomainConfig config = body.config();
            if (kind == PluginKind.SCHEDULING_POLICY && config.scheduler().policy().equals(name)) {
                body.seats.attachPolicy();
            } else if (kind == PluginKind.ALLOCATOR
                    && config.memory().allocationType().equals(name)) {
                body.seats.attachAllocator(held.pool());
            }
            run.reconsider(body.node.clock().nanos().getAsLong());
        } finally {
            body.changes.unlock();
        }
    }

    /** A task of another domain, which some of this one wait for, has changed. */
    void foreignChanged(TaskId task, ForeignTask state) {
        admission.foreignChanged(task, state);
    }

    /** Ends all watches; the domain is gone. */
    void forget() {
        body.markDeleted();
        body.tasks.watches().end();
        body.watches.end();
        measures.close();
    }

    @Override
    public long nextNanos() {
        if (body.hangs() != null) {
            return Long.MAX_VALUE;
        }
        return Math.min(
                Math.min(body.tasks.nextTimerNanos(), run.waitsUntil()),
                Math.min(admission.schedules().nextNanos(), room.nextNanos()));
    }

    @Override
    public void elapsed(Now now) {
        body.tasks.elapsed();
        run.reconsider(now.nanos());
        admission.schedules().elapsed(now);
        room.elapsed(now.nanos());
    }

    @Override
    public void clockJumped(Now now) {
        body.tasks.run((kernel, present) -> kernel.clockJumped(present));
        admission.schedules().reconsider();
    }

    private <T> CompletionStage<T> change(Supplier<T> action) {
        return answer(() -> {
            body.checkExists();
            return action.get();
        });
    }

    private <T> CompletionStage<T> answer(Supplier<T> action) {
        return stage(() -> CompletableFuture.completedFuture(action.get()));
    }

    private <T> CompletionStage<T> stage(Supplier<CompletionStage<T>> action) {
        try {
            return action.get();
        } catch (RefusedException refused) {
            boolean told =
                    refused.details().containsKey("domain")
                            || refused.code() == RequestErrorCode.NOT_FOUND;
            return CompletableFuture.failedFuture(
                    told ? refused : refused.with("domain", id().value()));
        }
    }
}
