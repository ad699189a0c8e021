// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.OverlapPolicy;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.schedule.ScheduleUpdate;
import org.spicetime.runtime.api.store.ScheduleEvent;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

/** Schedules by cron expression; the fake clock begins with 2026 in UTC. */
final class CronSchedulesTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FakeHost host = new FakeHost();
    private final Schedules schedules = new Schedules(host);

    @Test
    void releasesComeWhenTheClockOfTheZoneShowsThem() {
        Schedule made = schedules.create(cron("30 1 * * *", BERLIN));
        assertThat(made.nextRelease()).isEqualTo(at("2026-01-01T00:30:00Z"));
        pass(Duration.ofMinutes(29));
        assertThat(host.releases()).isEmpty();
        pass(MINUTE);
        pass(Duration.ofDays(1));
        assertThat(host.releases())
                .containsExactly(
                        new TaskRelease(made.id(), 1, at("2026-01-01T00:30:00Z")),
                        new TaskRelease(made.id(), 2, at("2026-01-02T00:30:00Z")));
        assertThat(schedules.nextReleases(made.id(), 2))
                .containsExactly(at("2026-01-03T00:30:00Z"), at("2026-01-04T00:30:00Z"));
    }

    @Test
    void nothingIsReleasedBeforeItsStart() {
        Schedule made =
                schedules.create(
                        cron("0 * * * *", UTC, at("2026-01-05T10:20:00Z"), MisfirePolicy.SKIP));
        assertThat(made.nextRelease()).isEqualTo(at("2026-01-05T11:00:00Z"));
    }

    @Test
    void whatWasMissedIsMadeUpForAsForFixedRates() {
        Schedule skip = schedules.create(cron("skip", MisfirePolicy.SKIP));
        Schedule once = schedules.create(cron("once", MisfirePolicy.RUN_ONCE));
        Schedule all = schedules.create(cron("all", MisfirePolicy.RUN_ALL));
        host.admits = false;
        schedules.reconsider();
        pass(Duration.ofMinutes(250).plusSeconds(30));
        host.admits = true;
        schedules.reconsider();
        pass(Duration.ZERO);
        assertThat(released(skip)).containsExactly(1L);
        assertThat(released(once)).containsExactly(1L, 251L);
        assertThat(released(all)).hasSize(101).startsWith(1L, 152L).endsWith(251L);
        assertThat(schedules.find(skip.id()).orElseThrow().skipped()).isEqualTo(250);
        assertThat(schedules.find(once.id()).orElseThrow().skipped()).isEqualTo(249);
        assertThat(schedules.find(all.id()).orElseThrow().skipped()).isEqualTo(150);
    }

    @Test
    void whatWasMissedWhileTheHostWasDownIsMadeUpForAfterTheRestart() {
        Schedule made = schedules.create(cron("0 12 * * *", BERLIN));
        pass(Duration.ofDays(1));
        host.pass(Duration.ofDays(10));
        Schedules after = new Schedules(host);
        after.restore(List.of(stored()));
        after.elapsed(host.now());
        assertThat(released(made)).hasSize(2);
        Schedule now = after.find(made.id()).orElseThrow();
        assertThat(now.recurrence()).isEqualTo(Recurrence.cron("0 12 * * *", BERLIN));
        assertThat(now.nextRelease()).isEqualTo(at("2026-01-12T11:00:00Z"));
        assertThat(now.skipped()).isEqualTo(9);
    }

    /* What a store makes of the events. */
    private ScheduleRecord stored() {
        ScheduleRecord record = null;
        for (ScheduleEvent event : host.events) {
            if (event instanceof ScheduleEvent.ScheduleSaved saved) record = saved.schedule();
            if (event instanceof ScheduleEvent.ScheduleAdvanced by && record != null) {
                record =
                        new ScheduleRecord(
                                record.id(),
                                record.name(),
                                record.definition(),
                                record.paused(),
                                by.nextRelease(),
                                by.task() == null ? record.lastTask() : by.task(),
                                record.released() + (by.task() == null ? 0 : 1),
                                record.skipped() + by.skipped(),
                                record.revision(),
                                record.owner(),
                                record.changedBy(),
                                record.createdAt(),
                                record.updatedAt());
            }
        }
        assertThat(record).isNotNull();
        return Objects.requireNonNull(record);
    }

    @Test
    void overlapPoliciesHoldAsForFixedRates() {
        Schedule made = schedules.create(cron("* * * * *", UTC, OverlapPolicy.SKIP));
        pass(MINUTE);
        pass(MINUTE);
        assertThat(released(made)).containsExactly(1L);
        host.ended.add(host.tasks().getFirst());
        pass(MINUTE);
        assertThat(released(made)).containsExactly(1L, 4L);
    }

    @Test
    void aClockThatIsSetForwardMissesAndOneThatIsSetBackRepeatsNothing() {
        Schedule made = schedules.create(cron("jump", MisfirePolicy.RUN_ONCE));
        assertThat(released(made)).containsExactly(1L);
        host.jump(Duration.ofMinutes(10).plusSeconds(5));
        schedules.reconsider();
        pass(Duration.ZERO);
        assertThat(released(made)).containsExactly(1L, 11L);
        host.jump(Duration.ofMinutes(-10));
        schedules.reconsider();
        pass(Duration.ofMinutes(5));
        assertThat(released(made)).containsExactly(1L, 11L);
        pass(Duration.ofMinutes(6));
        assertThat(released(made)).containsExactly(1L, 11L, 12L);
    }

    @Test
    void anUpdateMayChangeTheExpressionTheZoneOrTheKind() {
        Schedule made = schedules.create(cron("0 12 * * *", UTC));
        assertThat(update(made, null, "0 13 * * *", null).nextRelease())
                .isEqualTo(at("2026-01-01T13:00:00Z"));
        Schedule zoned = update(made, null, null, BERLIN);
        assertThat(zoned.recurrence()).isEqualTo(Recurrence.cron("0 13 * * *", BERLIN));
        assertThat(zoned.nextRelease()).isEqualTo(at("2026-01-01T12:00:00Z"));
        Schedule fixed = update(made, Duration.ofHours(1), null, null);
        assertThat(fixed.recurrence()).isEqualTo(Recurrence.every(Duration.ofHours(1)));
        assertThat(refused(() -> update(made, null, null, BERLIN)))
                .hasMessageContaining("zone")
                .hasMessageContaining("fixed rate");
        assertThat(update(made, null, "0 12 * * *", null).recurrence())
                .isEqualTo(Recurrence.cron("0 12 * * *", UTC.normalized()));
    }

    @Test
    void whatNeverReleasesIsRefusedAndChangesNothing() {
        RefusedException never = refused(() -> schedules.create(cron("0 0 30 2 *", UTC)));
        assertThat(never.code()).isEqualTo(RequestErrorCode.BAD_USER_INPUT);
        assertThat(never)
                .hasMessageContaining("cron")
                .hasMessageContaining("0 0 30 2 *")
                .hasMessageContaining("five years");
        assertThat(schedules.all()).isEmpty();
        assertThat(host.events).isEmpty();
        Schedule made = schedules.create(cron("0 12 * * *", UTC));
        refused(() -> update(made, null, "0 0 31 4 *", null));
        refused(() -> update(made, null, "61 * * * *", null));
        assertThat(schedules.find(made.id())).contains(made);
    }

    @Test
    void releasesThatAreCloserThanTheRunTimeAreRefused() {
        ScheduleRequest tight =
                new ScheduleRequest(
                        "tight",
                        TaskRequest.of(TaskType.COMPUTATION)
                                .owner("ann")
                                .estimatedDuration(Duration.ofMinutes(20))
                                .build(),
                        Recurrence.cron("0,15 9 * * *", UTC),
                        null,
                        OverlapPolicy.SKIP,
                        MisfirePolicy.RUN_ONCE,
                        null,
                        false);
        assertThat(refused(() -> schedules.create(tight)))
                .hasMessageContaining("PT20M")
                .hasMessageContaining("PT15M");
        assertThat(schedules.all()).isEmpty();
    }

    /* ---- shorthand ---- */

    private void pass(Duration span) {
        host.pass(span);
        schedules.elapsed(host.now());
    }

    private List<Long> released(Schedule schedule) {
        return host.releases().stream()
                .filter(release -> release.schedule().equals(schedule.id()))
                .map(TaskRelease::number)
                .toList();
    }

    private static Instant at(String instant) {
        return Instant.parse(instant);
    }

    private Schedule update(
            Schedule schedule,
            @Nullable Duration period,
            @Nullable String cron,
            @Nullable ZoneId zone) {
        return schedules.update(
                schedule.id(),
                new ScheduleUpdate(null, null, period, cron, zone, null, null, null, null, "ann"),
                null);
    }

    private static ScheduleRequest cron(String expression, ZoneId zone) {
        return cron(expression, zone, OverlapPolicy.ALLOW);
    }

    private static ScheduleRequest cron(String expression, ZoneId zone, OverlapPolicy overlap) {
        return new ScheduleRequest(
                expression,
                task(),
                Recurrence.cron(expression, zone),
                null,
                overlap,
                MisfirePolicy.RUN_ONCE,
                null,
                false);
    }

    private static ScheduleRequest cron(
            String expression, ZoneId zone, @Nullable Instant start, MisfirePolicy misfire) {
        return new ScheduleRequest(
                expression,
                task(),
                Recurrence.cron(expression, zone),
                start,
                OverlapPolicy.ALLOW,
                misfire,
                null,
                false);
    }

    private static ScheduleRequest cron(String name, MisfirePolicy misfire) {
        return new ScheduleRequest(
                name,
                task(),
                Recurrence.cron("* * * * *", UTC),
                null,
                OverlapPolicy.ALLOW,
                misfire,
                null,
                false);
    }

    private static TaskRequest task() {
        return TaskRequest.of(TaskType.COMPUTATION).owner("ann").build();
    }

    private static RefusedException refused(Runnable action) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, action::run);
        assertThat(refused).isNotNull();
        return refused;
    }
}
