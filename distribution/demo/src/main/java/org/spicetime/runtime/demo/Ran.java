// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the host tells of a task after its end. Immutable. */
record Ran(
        String name,
        String type,
        int priority,
        @Nullable Instant deadline,
        String status,
        String phase,
        @Nullable String errorCode,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        long waitMillis,
        long cpuNanos,
        long poolPeak,
        @Nullable Long ioOperations) {

    static final String FIELDS =
            """
            name type priority deadline status phase error { code message }
            metrics { startedAt finishedAt waitTime cpuTimeNanos memoryPeak ioCount }
            """;

    static Ran of(JsonNode task) {
        JsonNode metrics = task.path("metrics");
        return new Ran(
                task.path("name").asText(),
                task.path("type").asText(),
                task.path("priority").asInt(),
                instant(task.path("deadline")),
                task.path("status").asText(),
                task.path("phase").asText(),
                task.path("error").path("code").textValue(),
                instant(metrics.path("startedAt")),
                instant(metrics.path("finishedAt")),
                metrics.path("waitTime").asLong(),
                metrics.path("cpuTimeNanos").asLong(),
                metrics.path("memoryPeak").asLong(),
                metrics.path("ioCount").isNull()
                        ? null
                        : Long.valueOf(metrics.path("ioCount").asLong()));
    }

    boolean ended() {
        return status.equals("COMPLETED") || status.equals("FAILED");
    }

    boolean late() {
        return deadline != null && finishedAt != null && finishedAt.isAfter(deadline);
    }

    private static @Nullable Instant instant(JsonNode text) {
        String value = text.textValue();
        return value == null ? null : Instant.parse(value);
    }
}
