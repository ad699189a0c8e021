// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.store.ScheduleEvent;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.core.schedules.ScheduleHost;
import org.spicetime.runtime.kernel.task.Now;

/** A domain as its schedules see it. Thread-safe. */
final class DomainSchedules implements ScheduleHost {

    private static final Logger LOG = LoggerFactory.getLogger(DomainSchedules.class);

    private final DomainBody body;
    private final DomainAdmission admission;

    /* Releases whose admission is not stored yet. */
    private final Set<TaskId> underWay = ConcurrentHashMap.newKeySet();

    DomainSchedules(DomainBody body, DomainAdmission admission) {
        this.body = body;
        this.admission = admission;
    }

    @Override
    public DomainId domain() {
        return body.id();
    }

    @Override
    public Now now() {
        return body.node.clock().now();
    }

    @Override
    public boolean admits() {
        body.guard.enter();
        try {
            return !body.deleted() && body.life.admits();
        } finally {
            body.guard.leave();
        }
    }

    @Override
    public void check(TaskRequest request) {
        body.checkExists();
        body.node.deployed().handlerOf(request).check(request.payload());
        body.tasks.run((kernel, now) -> kernel.check(request, now));
    }

    @Override
    public void guarantee(UUID schedule, Map<UUID, ScheduleRequest> all) {
        admission.guarantees().schedule(schedule, all);
    }

    @Override
    public void changed(Supplier<Map<UUID, ScheduleRequest>> all) {
        admission.guarantees().lookAtLoad(all);
    }

    @Override
    public Admitted admit(
            TaskRequest request,
            TaskRelease release,
            Duration period,
            Function<TaskId, ScheduleEvent> advanced) {
        Admitted admitted = admission.admit(request, release, period, advanced);
        if (!admitted.task().toCompletableFuture().isDone()) {
            underWay.add(admitted.id());
            admitted.task().whenComplete((task, failure) -> underWay.remove(admitted.id()));
        }
        return admitted;
    }

    @Override
    public boolean unfinished(TaskId task) {
        return underWay.contains(task)
                || body.tasks.with(
                        kernel -> kernel.entry(task).filter(entry -> !entry.isFinal()).isPresent());
    }

    @Override
    public boolean waits(TaskId task) {
        return underWay.contains(task)
                || body.tasks.with(kernel ->
                        kernel.entry(task)
                                .filter(entry -> entry.phase() == TaskPhase.WAITING_DEPENDENCY)
                                .isPresent());
    }

    @Override
    public boolean cancel(TaskId task, String reason) {
        if (underWay.contains(task)) {
            return false;
        }
        try {
            body.tasks.run((kernel, now) -> kernel.cancel(task, reason, now));
        } catch (RefusedException ended) {
            LOG.debug("domain={} task={} ended before it was replaced", body.id(), task, ended);
        }
        return true;
    }

    @Override
    public void write(ScheduleEvent event) {
        body.journal.write(List.of(event));
    }

    @Override
    public void append(ScheduleEvent event) {
        body.journal.append(event);
    }

    @Override
    public void rearm(long nanos) {
        body.node.timer().rearm(nanos);
    }
}
