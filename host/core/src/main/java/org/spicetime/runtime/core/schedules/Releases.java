// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.ScheduleEvent;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;

/** Releases what is due. Used under the lock of the {@link Schedules}. */
final class Releases {

    private static final Logger LOG = LoggerFactory.getLogger(Releases.class);

    /** Is told that a release was not stored. Any thread, without a lock. */
    interface WhenLost {
        void lost(LiveSchedule schedule, TaskId task, Throwable why);
    }

    private final ScheduleHost host;
    private final WhenLost whenLost;

    Releases(ScheduleHost host, WhenLost whenLost) {
        this.host = host;
        this.whenLost = whenLost;
    }

    /** Releases for the instants that have come. */
    void release(LiveSchedule schedule, Instant now) {
        Beat.Due due = schedule.beat.due(now, schedule.request.misfire());
        if (due.left() > 0) {
            leaveOut(schedule, due.left(), now);
        }
        for (long i = 0; i < due.releases(); i++) {
            one(schedule, now);
        }
    }

    /** Leaves out the instants that have come. */
    void leaveOut(LiveSchedule schedule, Instant now) {
        long due = schedule.beat.due(now);
        if (due > 0) {
            leaveOut(schedule, due, now);
        }
    }

    private void leaveOut(LiveSchedule schedule, long instants, Instant now) {
        schedule.beat = schedule.beat.skip(instants);
        schedule.skipped += instants;
        host.append(
                new ScheduleEvent.ScheduleAdvanced(
                        schedule.id, now, null, instants, schedule.beat.next()));
    }

    private void one(LiveSchedule schedule, Instant now) {
        if (!mayRelease(schedule) || !admit(schedule, now)) {
            leaveOut(schedule, 1, now);
        }
    }

    /** What the store is to remember of the release at the present instant. */
    ScheduleEvent advanced(LiveSchedule schedule, TaskId task, Instant now) {
        return new ScheduleEvent.ScheduleAdvanced(
                schedule.id, now, task, 0, schedule.beat.skip(1).next());
    }

    /** The present instant has its task. */
    void released(LiveSchedule schedule, TaskId task) {
        schedule.beat = schedule.beat.skip(1);
        schedule.released++;
        schedule.lastTask = task;
    }

    /** The task of a release was not stored: the instant counts as left out. */
    void lost(LiveSchedule schedule, TaskId task, Instant now) {
        schedule.released--;
        schedule.skipped++;
        if (task.equals(schedule.lastTask)) {
            schedule.lastTask = null;
        }
        host.append(
                new ScheduleEvent.ScheduleAdvanced(
                        schedule.id, now, null, 1, schedule.beat.next()));
    }

    private boolean mayRelease(LiveSchedule schedule) {
        TaskId last = schedule.lastTask;
        if (last == null || !host.unfinished(last)) {
            return true;
        }
        return switch (schedule.request.overlap()) {
            case ALLOW -> true;
            case SKIP -> false;
            case QUEUE -> !host.waits(last);
            case REPLACE ->
                    host.cancel(
                            last,
                            "the next release of schedule \""
                                    + schedule.request.name()
                                    + "\" replaces it");
        };
    }

    private boolean admit(LiveSchedule schedule, Instant now) {
        Instant nominal = schedule.beat.next();
        if (nominal == null) {
            return false;
        }
        TaskRelease release = new TaskRelease(schedule.id, schedule.beat.number(), nominal);
        try {
            ScheduleHost.Admitted admitted =
                    host.admit(
                            requestOf(schedule, nominal),
                            release,
                            schedule.beat.rhythm().shortest(),
                            task -> advanced(schedule, task, now));
            schedule.refused = false;
            released(schedule, admitted.id());
            admitted.task()
                    .whenComplete((task, failure) -> {
                        if (failure != null) {
                            whenLost.lost(schedule, admitted.id(), failure);
                        }
                    });
            return true;
        } catch (RefusedException refused) {
            if (!schedule.refused) {
                LOG.warn(
                        "domain={} schedule \"{}\": release {} was refused and is left out: {}",
                        host.domain(),
                        schedule.request.name(),
                        release.number(),
                        refused.getMessage());
            }
            schedule.refused = true;
            return false;
        }
    }

    private TaskRequest requestOf(LiveSchedule schedule, Instant nominal) {
        TaskRequest template = schedule.request.task();
        Duration deadline = schedule.request.relativeDeadline();
        TaskId last = schedule.lastTask;
        boolean waits =
                switch (schedule.request.overlap()) {
                    case QUEUE -> last != null && host.unfinished(last);
                    case ALLOW, SKIP, REPLACE -> false;
                };
        if (deadline == null && !waits) {
            return template;
        }
        TaskRequest.Builder request = template.toBuilder();
        if (deadline != null) {
            request.deadline(nominal.plus(deadline));
        }
        if (waits && last != null) {
            request.dependsOn(
                    new DependencyRequest(
                            new TaskRef.Existing(last), DependencyType.COMPLETION, Duration.ZERO));
        }
        return request.build();
    }
}
