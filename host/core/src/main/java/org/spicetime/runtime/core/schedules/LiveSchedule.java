// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
        beat = Beat.from(startAt, 1, Rhythms.of(request), now);
        Rhythms.checkReleases(this);
    }

    /**
     * As it was stored.
     *
     * @throws IllegalArgumentException if its definition cannot be read
     */
    LiveSchedule(ScheduleRecord record) {
        DefinitionText definition = new DefinitionText(record);
        id = record.id();
        owner = record.owner();
        createdAt = record.createdAt();
        request = definition.request();
        startAt = definition.startAt();
        beat = Beat.goesOn(record.nextRelease(), definition.number(), definition.rhythm());
        paused = record.paused();
        lastTask = record.lastTask();
        released = record.released();
        skipped = record.skipped();
        revision = Math.toIntExact(record.revision());
        changedBy = record.changedBy();
        updatedAt = record.updatedAt();
        changing = false;
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
                request.recurrence(),
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

    /** The next releases, if nothing changes. */
    List<Instant> nextReleases(int first) {
        List<Instant> releases = new ArrayList<>(first);
        Instant next = paused ? null : beat.next();
        while (next != null && releases.size() < first) {
            releases.add(next);
            next = beat.rhythm().plus(next, 1);
        }
        return List.copyOf(releases);
    }

    ScheduleRecord record() {
        return new ScheduleRecord(
                id,
                request.name(),
                DefinitionJson.of(request, startAt, beat.number() - released - skipped),
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
