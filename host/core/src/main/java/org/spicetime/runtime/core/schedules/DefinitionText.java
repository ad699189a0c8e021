// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.OverlapPolicy;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.task.CrashPolicy;
import org.spicetime.runtime.api.task.DeadlineMissPolicy;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskRetry;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.core.payload.Json;
import org.spicetime.runtime.core.recurrence.Rhythm;

/** Reads back what {@link DefinitionJson} wrote. Used by one thread. */
final class DefinitionText {

    private final ScheduleRecord record;
    private final Members schedule;

    /**
     * Not looked into yet.
     *
     * @throws IllegalArgumentException if the definition is not an object
     */
    DefinitionText(ScheduleRecord record) {
        this.record = record;
        schedule = new Members(Json.read(record.definition().getBytes(UTF_8), "definition"));
    }

    /** What was asked for. */
    ScheduleRequest request() {
        return new ScheduleRequest(
                record.name(),
                task(schedule.inner("task")),
                recurrence(),
                startAt(),
                OverlapPolicy.valueOf(schedule.text("overlap")),
                MisfirePolicy.valueOf(schedule.text("misfire")),
                schedule.has("relativeDeadline")
                        ? Duration.parse(schedule.text("relativeDeadline"))
                        : null,
                record.paused());
    }

    private Recurrence recurrence() {
        if (!schedule.has("cron")) {
            return Recurrence.every(Duration.parse(schedule.text("period")));
        }
        try {
            return Recurrence.cron(schedule.text("cron"), ZoneId.of(schedule.text("zone")));
        } catch (DateTimeException gone) {
            throw new IllegalArgumentException("zone is not known any more", gone);
        }
    }

    /** When it releases. */
    Rhythm rhythm() {
        try {
            return Rhythm.of(recurrence());
        } catch (RefusedException unreadable) {
            throw new IllegalArgumentException("cron cannot be read any more", unreadable);
        }
    }

    Instant startAt() {
        return Instant.parse(schedule.text("startAt"));
    }

    /** Number of the next release: those that are over count on. */
    long number() {
        return schedule.number("number").longValue() + record.released() + record.skipped();
    }

    private static TaskRequest task(Members members) {
        TaskRequest.Builder task = TaskRequest.of(TaskType.valueOf(members.text("type")));
        members.ifNumber("priority", priority -> task.priority(priority.intValue()));
        task.onDeadlineMiss(DeadlineMissPolicy.valueOf(members.text("onDeadlineMiss")));
        members.ifText("name", task::name);
        members.ifText("handler", task::handler);
        if (members.has("payload")) {
            task.payload(
                    new Payload(
                            Base64.getDecoder().decode(members.text("payload")),
                            members.text("contentType")));
        }
        members.ifText("timeout", span -> task.timeout(Duration.parse(span)));
        members.ifText("estimatedDuration", span -> task.estimatedDuration(Duration.parse(span)));
        task.maxRetries(members.number("maxRetries").intValue());
        task.retry(retry(members.inner("retry")));
        members.ifNumber("memory", bytes -> task.memory(bytes.longValue()));
        Map<String, String> labels = new LinkedHashMap<>();
        members.inner("labels")
                .values
                .forEach((name, value) -> labels.put(String.valueOf(name), String.valueOf(value)));
        task.labels(labels);
        members.ifText("durability", name -> task.durability(Durability.valueOf(name)));
        task.onCrash(CrashPolicy.valueOf(members.text("onCrash")));
        members.ifText("concurrencyKey", task::concurrencyKey);
        return task.owner(members.text("owner")).build();
    }

    private static TaskRetry retry(Members members) {
        return new TaskRetry(
                BackoffStrategy.valueOf(members.text("backoff")),
                Duration.parse(members.text("initialDelay")),
                Duration.parse(members.text("maxDelay")),
                members.number("multiplier").doubleValue(),
                members.number("jitter").doubleValue());
    }

    /** The members of an object; each reader refuses what is not of its kind. */
    private static final class Members {
        private final Map<?, ?> values;

        Members(@Nullable Object value) {
            if (!(value instanceof Map<?, ?> members)) {
                throw new IllegalArgumentException("an object was expected, was " + value);
            }
            values = members;
        }

        boolean has(String name) {
            return values.get(name) != null;
        }

        Members inner(String name) {
            return of(name, Members::new);
        }

        String text(String name) {
            return of(name, value -> value instanceof String text ? text : null);
        }

        Number number(String name) {
            return of(name, value -> value instanceof Number number ? number : null);
        }

        void ifText(String name, Consumer<String> use) {
            if (has(name)) {
                use.accept(text(name));
            }
        }

        void ifNumber(String name, Consumer<Number> use) {
            if (has(name)) {
                use.accept(number(name));
            }
        }

        private <T> T of(String name, Function<Object, @Nullable T> reader) {
            Object value = values.get(name);
            T read = value == null ? null : reader.apply(value);
            if (read == null) {
                throw new IllegalArgumentException(name + " is not as it was written: " + value);
            }
            return read;
        }
    }
}
