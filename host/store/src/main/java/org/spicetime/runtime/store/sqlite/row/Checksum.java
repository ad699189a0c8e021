// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.store.Release;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskRequest;

/**
 * CRC-32C over what never changes of a task, and over its payload: SQLite has none of its own for
 * its pages. Computed from the task itself, so that a task that was read back has the same one only
 * if every column was. (Castagnoli, Bräuer, Herrmann: Optimization of Cyclic Redundancy-Check
 * Codes, 1993.) Thread-safe.
 */
final class Checksum {

    private static final long NONE = Long.MIN_VALUE;

    private Checksum() {}

    static long of(TaskRecord record) {
        Task task = record.task();
        TaskRequest request = task.request();
        Release release = record.release();
        Packed.Out out =
                new Packed.Out()
                        .number(record.seq())
                        .number(task.id().value().getMostSignificantBits())
                        .number(task.id().value().getLeastSignificantBits())
                        .text(task.domain().value())
                        .number(Codes.TYPE.of(request.type()))
                        .text(String.valueOf(request.name()))
                        .text(task.handler())
                        .text(String.valueOf(record.handlerVersion()))
                        .number(Asked.of(task))
                        .number(request.priority().isEmpty() ? NONE : request.priority().getAsInt())
                        .text(request.owner())
                        .number(micros(request.runAt()))
                        .number(micros(task.deadline()))
                        .number(micros(request.relativeDeadline()))
                        .number(Codes.ON_MISS.of(request.onDeadlineMiss()))
                        .number(release == null ? NONE : micros(release.nominal()))
                        .text(release == null ? "" : release.schedule().toString())
                        .number(task.release() == null ? NONE : task.release().number())
                        .number(micros(request.period()))
                        .number(micros(request.timeout()))
                        .number(micros(request.estimatedDuration()))
                        .number(request.memory().orElse(NONE))
                        .number(request.maxRetries())
                        .text(String.valueOf(Retries.text(request.retry())))
                        .number(Codes.ON_CRASH.of(request.onCrash()))
                        .number(Codes.DURABILITY.of(task.durability()))
                        .text(String.valueOf(request.idempotencyKey()))
                        .text(String.valueOf(request.concurrencyKey()))
                        .number(task.dependencies().size())
                        .number(micros(task.createdAt()));
        if (!request.labels().isEmpty()) {
            new TreeMap<>(request.labels()).forEach((name, value) -> out.text(name).text(value));
        }
        // Tasks of layout 1 have none, and keep their sums.
        String traceId = request.traceId();
        if (traceId != null) {
            out.text(traceId);
        }
        CRC32C crc = new CRC32C();
        out.addTo(crc);
        Payload payload = request.payload();
        if (payload != null) {
            new Packed.Out().text(payload.contentType()).addTo(crc);
            crc.update(payload.bytes());
        }
        return crc.getValue();
    }

    private static long micros(@Nullable Instant instant) {
        return instant == null ? NONE : Micros.of(instant);
    }

    private static long micros(@Nullable Duration span) {
        return span == null ? NONE : Micros.of(span);
    }
}
