// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskRetry;

/** A task request as a JSON object in the shape of TaskInput. Thread-safe. */
final class TaskInputJson {
    private TaskInputJson() {}

    /** What a schedule can hold of it: no deadline, start, dependency, period or key. */
    static Map<String, Object> of(DomainId domain, TaskRequest request) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("domainId", domain.value());
        json.put("type", request.type().name());
        request.priority().ifPresent(priority -> json.put("priority", priority));
        json.put("onDeadlineMiss", request.onDeadlineMiss().name());
        put(json, "name", request.name());
        put(json, "handler", request.handler());
        put(json, "payload", PayloadJson.read(request.payload()));
        json.put("timeout", Numbers.millis(request.timeout()));
        Duration estimate = request.estimatedDuration();
        if (estimate != null) json.put("estimatedDuration", estimate.toNanos() / 1e6);
        json.put("maxRetries", request.maxRetries());
        json.put("retry", retry(request.retry()));
        request.memory().ifPresent(bytes -> json.put("memory", bytes));
        if (!request.labels().isEmpty()) json.put("labels", request.labels());
        put(json, "concurrencyKey", request.concurrencyKey());
        put(json, "durability", request.durability() == null ? null : request.durability().name());
        json.put("onCrash", request.onCrash().name());
        return json;
    }

    private static void put(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) json.put(name, value);
    }

    private static Map<String, Object> retry(TaskRetry retry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("backoff", retry.backoff().name());
        json.put("initialDelay", Numbers.millis(retry.initialDelay()));
        json.put("maxDelay", Numbers.millis(retry.maxDelay()));
        json.put("multiplier", retry.multiplier());
        json.put("jitter", retry.jitter());
        return json;
    }
}
