// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskRetry;
import org.spicetime.runtime.core.payload.Json;

/** What a schedule does, as the store keeps it; absent members have their defaults. Thread-safe. */
final class DefinitionJson {

    private DefinitionJson() {}

    /**
     * Writes a definition.
     *
     * @param number of the next release, less those released and left out so far, which the store
     *     counts
     */
    static String of(ScheduleRequest schedule, Instant startAt, long number) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        switch (schedule.recurrence()) {
            case Recurrence.FixedRate rate -> put(members, "period", rate.period());
            case Recurrence.Cron cron -> {
                members.put("cron", cron.expression());
                members.put("zone", cron.zone().getId());
            }
        }
        members.put("startAt", startAt.toString());
        members.put("number", number);
        members.put("overlap", schedule.overlap().name());
        members.put("misfire", schedule.misfire().name());
        put(members, "relativeDeadline", schedule.relativeDeadline());
        members.put("task", task(schedule.task()));
        return Json.text(members);
    }

    private static Map<String, @Nullable Object> task(TaskRequest task) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("type", task.type().name());
        if (task.priority().isPresent()) members.put("priority", task.priority().getAsInt());
        members.put("onDeadlineMiss", task.onDeadlineMiss().name());
        put(members, "name", task.name());
        put(members, "handler", task.handler());
        Payload payload = task.payload();
        if (payload != null) {
            members.put("contentType", payload.contentType());
            members.put("payload", Base64.getEncoder().encodeToString(payload.bytes()));
        }
        put(members, "timeout", task.timeout());
        put(members, "estimatedDuration", task.estimatedDuration());
        members.put("maxRetries", task.maxRetries());
        members.put("retry", retry(task.retry()));
        if (task.memory().isPresent()) members.put("memory", task.memory().getAsLong());
        members.put("labels", task.labels());
        if (task.durability() != null) members.put("durability", task.durability().name());
        members.put("onCrash", task.onCrash().name());
        put(members, "concurrencyKey", task.concurrencyKey());
        members.put("owner", task.owner());
        return members;
    }

    private static Map<String, @Nullable Object> retry(TaskRetry retry) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("backoff", retry.backoff().name());
        put(members, "initialDelay", retry.initialDelay());
        put(members, "maxDelay", retry.maxDelay());
        members.put("multiplier", retry.multiplier());
        members.put("jitter", retry.jitter());
        return members;
    }

    private static void put(
            Map<String, @Nullable Object> members, String name, @Nullable Object value) {
        if (value instanceof Duration span) members.put(name, span.toString());
        else if (value != null) members.put(name, value);
    }
}
