// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.spicetime.runtime.api.TaskId;

/**
 * Instants and spans as microseconds, ids as 16 bytes. Nanoseconds below are cut off; what is
 * beyond 292 000 years is the longest span there is. Thread-safe.
 */
public final class Micros {

    private static final long MILLION = 1_000_000;
    private static final long LARGEST = Long.MAX_VALUE / MILLION - 1;
    private static final int UUID_BYTES = 16;

    private Micros() {}

    /**
     * An instant.
     *
     * @param instant UTC
     * @return microseconds since 1970
     */
    public static long of(Instant instant) {
        long seconds = Math.clamp(instant.getEpochSecond(), -LARGEST, LARGEST);
        return seconds * MILLION + instant.getNano() / 1000;
    }

    /**
     * An instant.
     *
     * @param micros microseconds since 1970
     * @return UTC
     */
    public static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, MILLION), Math.floorMod(micros, MILLION) * 1000);
    }

    /**
     * A span.
     *
     * @param span not negative
     * @return microseconds
     */
    public static long of(Duration span) {
        return Math.min(span.getSeconds(), LARGEST) * MILLION + span.getNano() / 1000;
    }

    /**
     * A span.
     *
     * @param micros not negative
     * @return the span
     */
    public static Duration span(long micros) {
        return Duration.ofSeconds(micros / MILLION, micros % MILLION * 1000);
    }

    /**
     * A UUID.
     *
     * @param id the id
     * @return 16 bytes, the most significant one first
     */
    public static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(UUID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /**
     * A UUID.
     *
     * @param bytes 16 bytes
     * @return the id
     * @throws IllegalArgumentException if there are more or fewer
     */
    public static UUID uuid(byte[] bytes) {
        if (bytes.length != UUID_BYTES) {
            throw new IllegalArgumentException("an id has 16 bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /**
     * The id of a task.
     *
     * @param id the id
     * @return 16 bytes
     */
    public static byte[] bytes(TaskId id) {
        return bytes(id.value());
    }

    /**
     * The id of a task.
     *
     * @param bytes 16 bytes
     * @return the id
     */
    public static TaskId taskId(byte[] bytes) {
        return TaskId.of(uuid(bytes));
    }
}
