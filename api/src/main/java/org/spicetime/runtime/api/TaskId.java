// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Identity of a task, unique over all hosts and for ever: a UUID of version 7, whose first 48 bits
 * are the milliseconds since 1970 at which it was made (RFC 9562, section 5.7). Ids therefore sort
 * by age, as text and by {@link #compareTo}.
 *
 * <p>Immutable.
 *
 * @param value a UUID of version 7 and the RFC variant
 */
public record TaskId(UUID value) implements Comparable<TaskId> {

    private static final int VERSION = 7;
    private static final int RFC_VARIANT = 2;
    private static final long LARGEST_MILLIS = (1L << 48) - 1;

    /**
     * Checks version and variant.
     *
     * @throws IllegalArgumentException if it is not a UUIDv7
     */
    public TaskId {
        if (value.version() != VERSION || value.variant() != RFC_VARIANT) {
            throw new IllegalArgumentException(
                    "task id must be a UUID of version 7, was %s (version %d, variant %d)"
                            .formatted(value, value.version(), value.variant()));
        }
    }

    /**
     * A task id of a UUID.
     *
     * @param value a UUID of version 7
     * @return the id
     * @throws IllegalArgumentException if it is not a UUIDv7
     */
    public static TaskId of(UUID value) {
        return new TaskId(value);
    }

    /**
     * Makes an id for an instant. Time and chance come from the caller, so a simulation can repeat
     * its ids; two calls in one millisecond are not ordered.
     *
     * @param made instant to stamp it with, not before 1970
     * @param random source of its 74 random bits
     * @return the id
     * @throws IllegalArgumentException if the instant does not fit into 48 bits of milliseconds
     */
    public static TaskId of(Instant made, RandomGenerator random) {
        long millis = made.toEpochMilli();
        if (millis < 0 || millis > LARGEST_MILLIS) {
            throw new IllegalArgumentException(
                    "a task id can hold instants from 1970 to 10889, was " + made);
        }
        long high = millis << 16 | (long) VERSION << 12 | random.nextLong() & 0xFFFL;
        long low = 0x8000_0000_0000_0000L | random.nextLong() >>> 2;
        return new TaskId(new UUID(high, low));
    }

    /**
     * Reads the text form.
     *
     * @param text 36 characters, hexadecimal digits in either case
     * @return the id
     * @throws IllegalArgumentException if the text is not a UUIDv7
     */
    public static TaskId parse(String text) {
        UUID parsed;
        try {
            parsed = UUID.fromString(text);
        } catch (IllegalArgumentException notHexadecimal) {
            throw notATaskId(text, notHexadecimal);
        }
        // fromString also takes shortened groups such as 1-2-3-4-5; an id has one spelling.
        if (!parsed.toString().equalsIgnoreCase(text)) {
            throw notATaskId(text, null);
        }
        return new TaskId(parsed);
    }

    /**
     * When it was made.
     *
     * @return the instant, to the millisecond
     */
    public Instant madeAt() {
        return Instant.ofEpochMilli(value.getMostSignificantBits() >>> 16);
    }

    /** Older ids come first. */
    @Override
    public int compareTo(TaskId other) {
        int high =
                Long.compareUnsigned(
                        value.getMostSignificantBits(), other.value.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(
                        value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
    }

    /** The UUID as text, in lower case. */
    @Override
    public String toString() {
        return value.toString();
    }

    private static IllegalArgumentException notATaskId(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "task id must be a UUID of 36 characters, was \"" + Excerpt.of(text) + "\"", cause);
    }
}
