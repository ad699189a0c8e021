// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.paging;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.core.history.ChangeLog;

/**
 * Cursors as clients see them: letters and digits that mean nothing to them, with a checksum so
 * that a mistyped one is told apart from an old one. Thread-safe.
 */
public final class Cursors {

    private static final byte PLACE = 1;
    private static final byte CHANGE = 2;
    private static final byte STORED_CHANGE = 3;
    private static final int CHECKSUM = Integer.BYTES;
    private static final int PLACE_LENGTH = 2 + 3 * Long.BYTES + CHECKSUM;
    private static final int CHANGE_LENGTH = 1 + 3 * Long.BYTES + CHECKSUM;
    private static final int STORED_LENGTH = 1 + 6 * Long.BYTES + CHECKSUM;
    private static final int LONGEST = 128;

    private Cursors() {}

    /**
     * A place in an order of tasks. Immutable.
     *
     * @param order the order it belongs to
     * @param key sort key of the task; under SCHEDULE when it ended, or that it has not
     * @param task the task
     */
    public record Place(TaskOrder order, long key, TaskId task) {}

    /** The cursor of a place. */
    public static String of(Place place) {
        UUID id = place.task().value();
        byte[] bytes = new byte[PLACE_LENGTH];
        ByteBuffer.wrap(bytes)
                .put(PLACE)
                .put(letter(place.order()))
                .putLong(place.key())
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits());
        return sealed(bytes);
    }

    /**
     * The place of a cursor that a client sent.
     *
     * @param argument what it was sent as
     * @param order the order asked for
     */
    public static Place place(String argument, String cursor, TaskOrder order) {
        ByteBuffer bytes = opened(argument, cursor, PLACE, PLACE_LENGTH);
        if (bytes.get() != letter(order)) {
            throw RefusedException.badInput(
                    argument,
                    "the cursor belongs to another order than "
                            + order
                            + "; read the first page in this order");
        }
        long key = bytes.getLong();
        return new Place(order, key, TaskId.of(new UUID(bytes.getLong(), bytes.getLong())));
    }

    /** The cursor of a number in the sequence of a domain's changes. */
    public static String of(ChangeLog log, long number) {
        UUID id = log.id();
        byte[] bytes = new byte[CHANGE_LENGTH];
        ByteBuffer.wrap(bytes)
                .put(CHANGE)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putLong(number);
        return sealed(bytes);
    }

    /** The number after which a client wants to go on; it can be told. */
    public static long change(String argument, String cursor, ChangeLog log) {
        ByteBuffer bytes = opened(argument, cursor, CHANGE, CHANGE_LENGTH);
        UUID id = new UUID(bytes.getLong(), bytes.getLong());
        long number = bytes.getLong();
        if (!id.equals(log.id())) {
            throw expired(argument, "belongs to another domain, or to another run of this one");
        }
        if (!log.reaches(number)) {
            throw expired(argument, "is too old, tasks that were purged since are forgotten");
        }
        return number;
    }

    /**
     * A place in the changes of a domain whose durable tasks are stored. Immutable.
     *
     * @param stored in the changes the store knows; holds over restarts
     * @param run the run of the host that told it
     * @param number in the changes of that run that are not stored
     */
    public record StreamPlace(ChangeCursor stored, UUID run, long number) {}

    /** The cursor of a place in the changes. */
    public static String of(StreamPlace place) {
        UUID incarnation = place.stored().incarnation();
        byte[] bytes = new byte[STORED_LENGTH];
        ByteBuffer.wrap(bytes)
                .put(STORED_CHANGE)
                .putLong(incarnation.getMostSignificantBits())
                .putLong(incarnation.getLeastSignificantBits())
                .putLong(place.stored().changedSeq())
                .putLong(place.run().getMostSignificantBits())
                .putLong(place.run().getLeastSignificantBits())
                .putLong(place.number());
        return sealed(bytes);
    }

    /** The place of a cursor that a client sent; whether it can be told is for the store to say. */
    public static StreamPlace streamPlace(String argument, String cursor) {
        ByteBuffer bytes = opened(argument, cursor, STORED_CHANGE, STORED_LENGTH);
        UUID incarnation = new UUID(bytes.getLong(), bytes.getLong());
        long seq = bytes.getLong();
        UUID run = new UUID(bytes.getLong(), bytes.getLong());
        return new StreamPlace(
                new ChangeCursor(incarnation, Math.max(0, seq)), run, bytes.getLong());
    }

    /** The cursor cannot be continued. */
    public static RefusedException expired(String argument, String why) {
        return new RefusedException(
                RequestErrorCode.CURSOR_EXPIRED,
                argument + ": the cursor " + why + "; read the list again and go on from there",
                Map.of("field", argument));
    }

    private static byte letter(TaskOrder order) {
        return switch (order) {
            case SCHEDULE -> 's';
            case CREATED_AT -> 'c';
            case UPDATED_AT -> 'u';
            case PRIORITY -> 'p';
            case DEADLINE -> 'd';
        };
    }

    private static String sealed(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - CHECKSUM);
        ByteBuffer.wrap(bytes).putInt(bytes.length - CHECKSUM, (int) checksum.getValue());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static ByteBuffer opened(String argument, String cursor, byte kind, int length) {
        byte[] bytes = decoded(cursor);
        CRC32C checksum = new CRC32C();
        boolean whole = bytes.length == length && bytes[0] == kind;
        if (whole) {
            checksum.update(bytes, 0, length - CHECKSUM);
            whole = ByteBuffer.wrap(bytes).getInt(length - CHECKSUM) == (int) checksum.getValue();
        }
        if (!whole) {
            throw RefusedException.badInput(
                    argument,
                    "this is no cursor of this list; use one as it was answered, unchanged");
        }
        return ByteBuffer.wrap(bytes, 1, length - 1);
    }

    private static byte[] decoded(String cursor) {
        try {
            return cursor.length() > LONGEST ? new byte[0] : Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }
}
