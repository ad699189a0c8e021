// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.ScheduleEvent;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;

/** Releases what is due. Used under the lock of the {@link Schedules}. */
final class Releases {

    private static final Logger LOG = LoggerFactory.getLogger(Releases.class);

    private final ScheduleHost host;

    Releases(ScheduleHost host) {
        this.host = host;
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
        Task task = mayRelease(schedule) ? admit(schedule) : null;
        if (task == null) {
            leaveOut(schedule, 1, now);
        } else {
            released(schedule, task.id(), now);
        }
    }

    /** The present instant has its task. */
    void released(LiveSchedule schedule, TaskId task, Instant now) {
        schedule.beat = schedule.beat.skip(1);
        schedule.released++;
        schedule.lastTask = task;
        host.append(
                new ScheduleEvent.ScheduleAdvanced(
                        schedule.id, now, task, 0, schedule.beat.next()));
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
            case REPLACE -> {
                host.cancel(
                        last,
                        "the next release of schedule \""
                                + schedule.request.name()
                                + "\" replaces it");
                yield true;
            }
        };
    }

    private @Nullable Task admit(LiveSchedule schedule) {
        Instant nominal = schedule.beat.next();
        if (nominal == null) {
            return null;
        }
        TaskRelease release = new TaskRelease(schedule.id, schedule.beat.number(), nominal);
        try {
            Task task = host.admit(requestOf(schedule, nominal), release, schedule.beat.period());
            schedule.refused = false;
            return task;
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
            return null;
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
