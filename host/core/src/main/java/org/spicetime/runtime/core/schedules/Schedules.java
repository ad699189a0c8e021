// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.schedule.ScheduleUpdate;
import org.spicetime.runtime.api.store.ScheduleEvent;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.kernel.task.Now;

/**
 * The schedules of a domain. A change by somebody waits for the store without the lock; the
 * schedule releases nothing meanwhile. While the domain takes in no tasks nothing is released, and
 * afterwards the misfire policies decide. Thread-safe.
 */
public final class Schedules {

    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
    private static final Comparator<Schedule> BY_NAME = Comparator.comparing(Schedule::name);

    /* Releases of one call, so that other domains are served by the timer in between. */
    private static final int MOST_AT_ONCE = 64;

    private final ScheduleHost host;
    private final Releases releases;
    private final Claims claims;
    private final ReentrantLock lock = new ReentrantLock();

    /* Guarded by the lock; without those not yet stored. */
    private final Map<UUID, LiveSchedule> schedules = new LinkedHashMap<>();

    /* Written under the lock, read by the timer without. */
    private volatile long next = Long.MAX_VALUE;

    /** Without schedules. */
    public Schedules(ScheduleHost host) {
        this.host = host;
        releases = new Releases(host, this::lost);
        claims = new Claims(host);
    }

    /**
     * Takes up schedules that were stored; nothing is released before the domain takes in tasks,
     * and then the misfire policies decide about what was missed. Before anything else.
     *
     * @throws IllegalArgumentException if a definition cannot be read; none is taken up then
     */
    public void restore(List<ScheduleRecord> stored) {
        List<LiveSchedule> read = stored.stream().map(LiveSchedule::new).toList();
        locked(() -> {
            for (LiveSchedule schedule : read) {
                schedules.put(schedule.id, schedule);
                claims.stored(schedule.id, schedule.request);
            }
            plan();
            return read;
        });
        host.changed(this::wanted);
    }

    /** All of them, ordered by name. */
    public List<Schedule> all() {
        return locked(() ->
                schedules.values().stream()
                        .map(schedule -> schedule.snapshot(host.domain()))
                        .sorted(BY_NAME)
                        .toList());
    }

    /** The schedule of this id. */
    public Optional<Schedule> find(UUID id) {
        return locked(() ->
                Optional.ofNullable(schedules.get(id))
                        .map(schedule -> schedule.snapshot(host.domain())));
    }

    /**
     * The next releases of a schedule, if nothing changes; empty: it is paused, or there is none.
     */
    public List<Instant> nextReleases(UUID id, int first) {
        if (first < 0 || first > Schedule.MAX_FORETOLD) {
            throw new IllegalArgumentException(
                    "first must be 0 .. " + Schedule.MAX_FORETOLD + ", was " + first);
        }
        LiveSchedule copy =
                locked(() -> {
                    LiveSchedule schedule = schedules.get(id);
                    return schedule == null ? null : new LiveSchedule(schedule);
                });
        return copy == null ? List.of() : copy.nextReleases(first);
    }

    /** Creates a schedule; what is due at once is released. */
    public Schedule create(ScheduleRequest request) {
        LiveSchedule schedule = begin(UUID.randomUUID(), request);
        return locked(() -> {
            opened(schedule);
            return schedule.snapshot(host.domain());
        });
    }

    /** Admits the first release of a schedule, with what the schedule remembers of it. */
    public interface First {
        /** As {@link ScheduleHost#admit}. */
        ScheduleHost.Admitted admit(TaskRelease release, Function<TaskId, ScheduleEvent> advanced);
    }

    /**
     * Creates a schedule together with the task of its first release, which may lie in the future;
     * all or nothing.
     *
     * @param first admits that task, as the release it is given
     */
    public CompletionStage<Task> createWith(UUID id, ScheduleRequest request, First first) {
        LiveSchedule schedule = begin(id, request);
        ScheduleHost.Admitted admitted;
        try {
            Instant now = instant();
            admitted =
                    first.admit(
                            new TaskRelease(id, schedule.beat.number(), schedule.startAt),
                            task -> releases.advanced(schedule, task, now));
        } catch (RuntimeException refused) {
            takeBack(schedule);
            throw refused;
        }
        return admitted.task()
                .whenComplete((task, failure) -> {
                    if (failure == null) {
                        locked(() -> {
                            releases.released(schedule, task.id());
                            opened(schedule);
                            return schedule;
                        });
                    } else {
                        takeBack(schedule);
                    }
                });
    }

    private void takeBack(LiveSchedule schedule) {
        forget(schedule.id);
        host.append(new ScheduleEvent.ScheduleDeleted(schedule.id, instant(), schedule.owner));
    }

    private void lost(LiveSchedule schedule, TaskId task, Throwable why) {
        LOG.warn(
                "domain={} schedule \"{}\": task {} was not stored and counts as left out",
                host.domain(),
                schedule.request.name(),
                task,
                why);
        locked(() -> {
            if (schedules.get(schedule.id) == schedule) {
                releases.lost(schedule, task, instant());
            }
            return schedule;
        });
    }

    private LiveSchedule begin(UUID id, ScheduleRequest request) {
        host.check(request.task());
        LiveSchedule schedule = new LiveSchedule(id, request, instant());
        claims.begin(id, request);
        try {
            host.write(new ScheduleEvent.ScheduleSaved(schedule.record()));
        } catch (RuntimeException notStored) {
            forget(id);
            throw notStored;
        }
        host.changed(this::wanted);
        return schedule;
    }

    /** What each schedule asks for, those included that are being created. */
    public Map<UUID, ScheduleRequest> wanted() {
        return claims.wanted();
    }

    private void forget(UUID id) {
        locked(() -> {
            claims.free(id);
            return schedules.remove(id);
        });
        host.changed(this::wanted);
    }

    private void opened(LiveSchedule schedule) {
        schedule.changing = false;
        schedules.put(schedule.id, schedule);
        releaseDue(schedule, instant());
        plan();
    }

    /** Changes a schedule from the next release on. */
    public Schedule update(UUID id, ScheduleUpdate update, @Nullable Integer expectedRevision) {
        if (update.task() != null) {
            host.check(update.task());
        }
        return change(
                id,
                expectedRevision,
                update.changedBy(),
                schedule -> {
                    Updates.apply(schedule, update, instant());
                    claims.name(id, schedule.request.name());
                });
    }

    /** Releases nothing more until it is resumed. */
    public Schedule pause(UUID id, String actor) {
        return change(id, null, actor, schedule -> schedule.paused = true);
    }

    /** Ends a pause; what fell into it is left out. */
    public Schedule resume(UUID id, String actor) {
        return change(
                id,
                null,
                actor,
                schedule -> {
                    if (schedule.paused) {
                        long missed = schedule.beat.due(instant());
                        schedule.beat = schedule.beat.skip(missed);
                        schedule.skipped += missed;
                    }
                    schedule.paused = false;
                });
    }

    /** Removes a schedule; as it was. */
    public Schedule delete(UUID id, String actor) {
        LiveSchedule schedule = locked(() -> claimed(id, null));
        try {
            host.write(new ScheduleEvent.ScheduleDeleted(id, instant(), actor));
        } catch (RuntimeException notStored) {
            locked(() -> {
                opened(schedule);
                return schedule;
            });
            throw notStored;
        }
        forget(id);
        reconsider();
        return schedule.snapshot(host.domain());
    }

    private Schedule change(
            UUID id,
            @Nullable Integer expectedRevision,
            String actor,
            Consumer<LiveSchedule> change) {
        LiveSchedule[] both = new LiveSchedule[2];
        locked(() -> {
            LiveSchedule present = claimed(id, expectedRevision);
            LiveSchedule changed = new LiveSchedule(present);
            try {
                change.accept(changed);
            } catch (RuntimeException refused) {
                opened(present);
                throw refused;
            }
            both[0] = present;
            both[1] = Updates.changeNothing(present, changed) ? present : changed;
            return both;
        });
        LiveSchedule changed = both[1];
        if (changed != both[0]) {
            changed.changed(actor, instant());
            try {
                claims.change(both[0], changed);
                host.write(new ScheduleEvent.ScheduleSaved(changed.record()));
            } catch (RuntimeException notStored) {
                locked(() -> {
                    claims.stored(id, both[0].request);
                    opened(both[0]);
                    return both;
                });
                throw notStored;
            }
            host.changed(this::wanted);
        }
        return locked(() -> {
            opened(changed);
            return changed.snapshot(host.domain());
        });
    }

    /* Takes a schedule for a change; nobody else changes it meanwhile. */
    private LiveSchedule claimed(UUID id, @Nullable Integer expectedRevision) {
        LiveSchedule schedule = schedules.get(id);
        if (schedule == null) {
            throw RefusedException.notFound("schedule", id);
        }
        if (schedule.changing) {
            throw RefusedException.conflict(
                    "schedule " + id + " is being changed by somebody else; try again");
        }
        if (expectedRevision != null && expectedRevision != schedule.revision) {
            throw RefusedException.conflict(
                            "schedule "
                                    + id
                                    + " has revision "
                                    + schedule.revision
                                    + ", was expected to have "
                                    + expectedRevision
                                    + "; read it again")
                    .with("revision", schedule.revision);
        }
        schedule.changing = true;
        return schedule;
    }

    /* ---- time ---- */

    /** When something is to be released; {@link Long#MAX_VALUE}: nothing for now. Any thread. */
    public long nextNanos() {
        return next;
    }

    /** Releases what is due. */
    public void elapsed(Now now) {
        if (next > now.nanos()) {
            return;
        }
        locked(() -> {
            int done = 0;
            for (LiveSchedule schedule : List.copyOf(schedules.values())) {
                if (done < MOST_AT_ONCE && releaseDue(schedule, now.instant())) {
                    done++;
                }
            }
            plan();
            return done;
        });
    }

    /** The wall clock was set, or the domain takes in tasks again, or no longer. */
    public void reconsider() {
        locked(() -> {
            plan();
            return next;
        });
    }

    private boolean releaseDue(LiveSchedule schedule, Instant now) {
        Instant due = schedule.due();
        if (due == null || due.isAfter(now) || !host.admits()) {
            return false;
        }
        releases.release(schedule, now);
        return true;
    }

    private void plan() {
        Instant first = null;
        if (!schedules.isEmpty() && host.admits()) {
            for (LiveSchedule schedule : schedules.values()) {
                Instant due = schedule.due();
                if (due != null && (first == null || due.isBefore(first))) {
                    first = due;
                }
            }
        }
        next = first == null ? Long.MAX_VALUE : host.now().nanosOf(first);
        host.rearm(next);
    }

    private Instant instant() {
        return host.now().instant();
    }

    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
