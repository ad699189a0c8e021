// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskRequest;

/**
 * A schedule as it was at one instant. Immutable.
 *
 * @param id unique, never reused
 * @param domain the domain it releases tasks in
 * @param name unique in its domain
 * @param recurrence when it releases
 * @param startAt at a fixed rate the first release, all others lie whole periods later, whatever
 *     became of earlier ones; by a cron expression nothing is released before it
 * @param overlap what follows when the release before has not finished
 * @param misfire what follows when releases were missed
 * @param relativeDeadline deadline of each task after its nominal release; null: none
 * @param task what each release is
 * @param paused whether nothing is released now
 * @param nextRelease the next release; null: paused, beyond the end of the calendar, or none within
 *     five years
 * @param lastTask the task released last; null: none yet
 * @param released tasks released, ever
 * @param skipped releases left out by overlap, misfire or a pause, or refused by the domain, ever
 * @param revision counts changes made by people, from 1; releases do not count
 * @param owner who created it
 * @param changedBy who changed it last
 * @param createdAt when it was created
 * @param updatedAt when it was last changed by somebody
 */
public record Schedule(
        UUID id,
        DomainId domain,
        String name,
        Recurrence recurrence,
        Instant startAt,
        OverlapPolicy overlap,
        MisfirePolicy misfire,
        @Nullable Duration relativeDeadline,
        TaskRequest task,
        boolean paused,
        @Nullable Instant nextRelease,
        @Nullable TaskId lastTask,
        long released,
        long skipped,
        int revision,
        String owner,
        String changedBy,
        Instant createdAt,
        Instant updatedAt) {

    /** Most schedules of a domain. */
    public static final int MAX_PER_DOMAIN = 1000;

    /** Most releases that are made up for at once. */
    public static final int MAX_MADE_UP = 100;

    /** Most releases {@link org.spicetime.runtime.api.domain.Domain#nextReleases} tells. */
    public static final int MAX_FORETOLD = 100;

    public Schedule {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(recurrence, "recurrence");
        Objects.requireNonNull(startAt, "startAt");
        Objects.requireNonNull(overlap, "overlap");
        Objects.requireNonNull(misfire, "misfire");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(changedBy, "changedBy");
    }
}
