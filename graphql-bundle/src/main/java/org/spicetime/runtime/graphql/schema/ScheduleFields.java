// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.Schedule;

/** Schedules, and how they are found. */
final class ScheduleFields {
    /** What the host-wide id of a schedule begins with. */
    static final String PREFIX = "schedule:";

    /** The zone of schedules without a clock. */
    static final String UTC = "UTC";

    private ScheduleFields() {}

    static Fields<Schedule> type(Services services) {
        return Fields.of("Schedule", Schedule.class)
                .leaf("id", s -> PREFIX + s.id())
                .objects("domain", (s, call) -> DomainView.of(services.domain(s.domain().value())))
                .leaf("name", Schedule::name)
                .leaf("period", s -> period(s.recurrence()))
                .leaf("cron", s -> cron(s.recurrence()))
                .leaf("zone", s -> zone(s.recurrence()))
                .leaf("startAt", Schedule::startAt)
                .leaf("overlap", Schedule::overlap)
                .leaf("misfire", Schedule::misfire)
                .leaf(
                        "relativeDeadline",
                        s -> {
                            var deadline = s.relativeDeadline();
                            return deadline == null ? null : (Integer) Numbers.millis(deadline);
                        })
                .leaf("task", s -> TaskInputJson.of(s.domain(), s.task()))
                .leaf("paused", Schedule::paused)
                .objects(
                        "nextReleases",
                        (s, call) ->
                                services.domain(s.domain().value())
                                        .nextReleases(
                                                s.id(),
                                                DomainFields.first(call, Schedule.MAX_FORETOLD)))
                .objects(
                        "lastTask",
                        (s, call) ->
                                s.lastTask() == null
                                        ? null
                                        : services.domains().findTask(s.lastTask()).orElse(null))
                .leaf("released", Schedule::released)
                .leaf("skipped", Schedule::skipped)
                .leaf("revision", Schedule::revision)
                .leaf("owner", Schedule::owner)
                .leaf("createdAt", Schedule::createdAt);
    }

    private static @Nullable Integer period(Recurrence recurrence) {
        return recurrence instanceof Recurrence.FixedRate rate
                ? (Integer) Numbers.millis(rate.period())
                : null;
    }

    private static @Nullable String cron(Recurrence recurrence) {
        return recurrence instanceof Recurrence.Cron cron ? cron.expression() : null;
    }

    private static String zone(Recurrence recurrence) {
        return recurrence instanceof Recurrence.Cron cron ? cron.zone().getId() : UTC;
    }

    /** The field {@code schedules} of Query. */
    static List<Schedule> all(Services services, Call call) {
        String id = (String) call.optional("domainId");
        if (id != null) return services.domain(id).schedules();
        return services.domains().all().stream()
                .flatMap(domain -> domain.schedules().stream())
                .toList();
    }

    /** The schedule of a host-wide id; null: there is none. */
    static @Nullable Schedule find(Services services, String id) {
        UUID schedule = uuid(id);
        if (schedule == null) return null;
        for (Domain domain : services.domains().all()) {
            Schedule found = domain.findSchedule(schedule).orElse(null);
            if (found != null) return found;
        }
        return null;
    }

    /** The schedule of a host-wide id. */
    static Schedule get(Services services, String id) {
        Schedule schedule = find(services, id);
        if (schedule == null) {
            throw RefusedException.notFound("schedule", PayloadJson.excerpt(id));
        }
        return schedule;
    }

    /** The UUID in a host-wide id; null: no schedule can have it. */
    static @Nullable UUID uuid(String id) {
        if (!id.startsWith(PREFIX)) return null;
        try {
            return UUID.fromString(id.substring(PREFIX.length()));
        } catch (IllegalArgumentException noUuid) {
            return null;
        }
    }
}
