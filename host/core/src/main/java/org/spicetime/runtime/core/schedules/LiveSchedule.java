// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.store.ScheduleRecord;

/** A schedule as it goes on. Guarded by the lock of its {@link Schedules}. */
final class LiveSchedule {

    final UUID id;
    final String owner;
    final Instant createdAt;

    ScheduleRequest request;
    Instant startAt;
    Beat beat;
    boolean paused;
    @Nullable TaskId lastTask;
    long released;
    long skipped;
    int revision = 1;
    String changedBy;
    Instant updatedAt;

    /** Whether somebody changes it: nothing is released meanwhile. */
    boolean changing = true;

    /** Whether the last release was refused. */
    boolean refused;

    LiveSchedule(UUID id, ScheduleRequest request, Instant now) {
        this.id = id;
        this.request = request;
        owner = request.task().owner();
        createdAt = now;
        changedBy = owner;
        updatedAt = now;
        paused = request.paused();
        startAt = request.startAt() == null ? now : request.startAt();
        beat = Beat.from(startAt, 1, request.period(), now);
    }

    /** A copy that can be changed and thrown away. */
    LiveSchedule(LiveSchedule other) {
        id = other.id;
        owner = other.owner;
        createdAt = other.createdAt;
        request = other.request;
        startAt = other.startAt;
        beat = other.beat;
        paused = other.paused;
        lastTask = other.lastTask;
        released = other.released;
        skipped = other.skipped;
        revision = other.revision;
        changedBy = other.changedBy;
        updatedAt = other.updatedAt;
        refused = other.refused;
    }

    /** When it has something to do; null: not for now. */
    @Nullable Instant due() {
        return paused || changing ? null : beat.next();
    }

    /** Somebody has changed it. */
    void changed(String by, Instant now) {
        revision++;
        changedBy = by;
        updatedAt = now;
    }

    Schedule snapshot(DomainId domain) {
        return new Schedule(
                id,
                domain,
                request.name(),
                request.period(),
                startAt,
                request.overlap(),
                request.misfire(),
                request.relativeDeadline(),
                request.task(),
                paused,
                paused ? null : beat.next(),
                lastTask,
                released,
                skipped,
                revision,
                owner,
                changedBy,
                createdAt,
                updatedAt);
    }

    ScheduleRecord record() {
        return new ScheduleRecord(
                id,
                request.name(),
                DefinitionJson.of(request, startAt, beat.number()),
                paused,
                beat.next(),
                lastTask,
                released,
                skipped,
                revision,
                owner,
                changedBy,
                createdAt,
                updatedAt);
    }
}
