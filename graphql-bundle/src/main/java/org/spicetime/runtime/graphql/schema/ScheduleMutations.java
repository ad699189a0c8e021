// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import static org.spicetime.runtime.api.security.Role.OPERATOR;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.OverlapPolicy;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.schedule.ScheduleUpdate;
import org.spicetime.runtime.api.task.TaskRequest;

/** The fields of Mutation that concern schedules. */
final class ScheduleMutations {
    private final Services services;

    ScheduleMutations(Services services) {
        this.services = services;
    }

    RootFields addTo(RootFields fields) {
        return fields.change("createSchedule", OPERATOR, this::create)
                .change("updateSchedule", OPERATOR, this::update)
                .change(
                        "deleteSchedule",
                        OPERATOR,
                        call ->
                                known(
                                        call,
                                        (domain, schedule) ->
                                                domain.deleteSchedule(
                                                        schedule.id(), call.caller().name())))
                .change(
                        "pauseSchedule",
                        OPERATOR,
                        call ->
                                known(
                                        call,
                                        (domain, schedule) ->
                                                domain.pauseSchedule(
                                                        schedule.id(), call.caller().name())))
                .change(
                        "resumeSchedule",
                        OPERATOR,
                        call ->
                                known(
                                        call,
                                        (domain, schedule) ->
                                                domain.resumeSchedule(
                                                        schedule.id(), call.caller().name())));
    }

    private CompletionStage<Schedule> known(Call call, Step step) {
        Schedule schedule = ScheduleFields.get(services, call.text("scheduleId"));
        return step.take(services.domain(schedule.domain().value(), call), schedule);
    }

    private interface Step {
        CompletionStage<Schedule> take(Domain domain, Schedule schedule);
    }

    private CompletionStage<Schedule> create(Call call) {
        Input input = call.input("input");
        Input task = Objects.requireNonNull(input.object("task"));
        Domain domain = services.domain(Objects.requireNonNull(task.text("domainId")), call);
        Recurrence recurrence = recurrence(input);
        TaskRequest release = new TaskInputs("task.", call.caller().name(), 0, null).request(task);
        ScheduleRequest request =
                Checked.value(
                        "",
                        () ->
                                new ScheduleRequest(
                                        Objects.requireNonNull(input.text("name")),
                                        release,
                                        recurrence,
                                        input.instant("startAt"),
                                        given(input.choice("overlap", OverlapPolicy.class)),
                                        given(input.choice("misfire", MisfirePolicy.class)),
                                        deadline(input),
                                        Boolean.TRUE.equals(input.get("paused"))));
        return domain.createSchedule(request);
    }

    // The schema has defaults for these.
    private static <V> V given(@Nullable V value) {
        return Objects.requireNonNull(value);
    }

    private static Recurrence recurrence(Input input) {
        Duration period = period(input);
        String cron = input.text("cron");
        ZoneId zone = given(zone(input));
        if (period == null && cron == null) {
            throw RefusedException.badInput(
                    "period",
                    "is missing; give period, in milliseconds, or cron, a cron expression");
        }
        if (period != null && cron != null) {
            throw RefusedException.badInput(
                    "cron", "must be left out where period is given: a schedule has one of them");
        }
        if (period != null && !zone.getId().equals(ScheduleFields.UTC)) {
            throw RefusedException.badInput(
                    "zone",
                    "must be left out where period is given: it belongs to a cron expression, was \""
                            + zone
                            + "\"");
        }
        return Checked.value(
                "",
                () -> cron == null ? Recurrence.every(given(period)) : Recurrence.cron(cron, zone));
    }

    private static @Nullable ZoneId zone(Input input) {
        String zone = input.text("zone");
        if (zone == null) return null;
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException unknown) {
            throw RefusedException.badInput(
                    "zone",
                    "must be the name of a time zone, such as \"Europe/Berlin\", or an offset, such as"
                            + " \"+02:00\", was \""
                            + PayloadJson.excerpt(zone)
                            + "\"");
        }
    }

    private static @Nullable Duration period(Input input) {
        return positive(input, "period");
    }

    private static @Nullable Duration deadline(Input input) {
        return positive(input, "relativeDeadline");
    }

    private static @Nullable Duration positive(Input input, String name) {
        Integer millis = input.integer(name);
        if (millis == null) return null;
        if (millis < 1) throw RefusedException.outOfRange(name, millis, "1 .. 2147483647");
        return Duration.ofMillis(millis);
    }

    private CompletionStage<Schedule> update(Call call) {
        Input input = call.input("input");
        return known(
                call,
                (domain, schedule) ->
                        domain.updateSchedule(
                                schedule.id(),
                                Checked.value("", () -> update(input, schedule, call)),
                                (Integer) call.optional("expectedRevision")));
    }

    private static ScheduleUpdate update(Input input, Schedule schedule, Call call) {
        return new ScheduleUpdate(
                input.text("name"),
                release(input.object("task"), schedule, call),
                period(input),
                input.text("cron"),
                zone(input),
                input.instant("startAt"),
                input.choice("overlap", OverlapPolicy.class),
                input.choice("misfire", MisfirePolicy.class),
                deadline(input),
                call.caller().name());
    }

    private static @Nullable TaskRequest release(
            @Nullable Input task, Schedule schedule, Call call) {
        if (task == null) return null;
        if (!schedule.domain().value().equals(task.text("domainId"))) {
            throw RefusedException.badInput(
                    "task.domainId",
                    "a schedule stays in its domain, which is \"" + schedule.domain() + "\"");
        }
        return new TaskInputs("task.", call.caller().name(), 0, null).request(task);
    }
}
