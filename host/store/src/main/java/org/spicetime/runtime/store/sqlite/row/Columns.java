// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the columns of a row from left to right. Called by one thread at a time. */
public final class Columns {

    private final ResultSet row;
    private int next;

    /**
     * From a column on.
     *
     * @param row the row
     * @param first number of the first column, from 1
     */
    public Columns(ResultSet row, int first) {
        this.row = row;
        next = first;
    }

    /**
     * A number that is there.
     *
     * @return the value
     * @throws SQLException if it cannot be read
     */
    public long number() throws SQLException {
        return row.getLong(next++);
    }

    /**
     * A small number that is there.
     *
     * @return the value
     * @throws SQLException if it cannot be read
     */
    public int small() throws SQLException {
        return Math.toIntExact(row.getLong(next++));
    }

    /**
     * A number.
     *
     * @return null: NULL
     * @throws SQLException if it cannot be read
     */
    public @Nullable Long numberOrNull() throws SQLException {
        long value = row.getLong(next++);
        return value == 0 && row.wasNull() ? null : value;
    }

    /**
     * A fraction.
     *
     * @return null: NULL
     * @throws SQLException if it cannot be read
     */
    public @Nullable Double fractionOrNull() throws SQLException {
        double value = row.getDouble(next++);
        return value == 0 && row.wasNull() ? null : value;
    }

    /**
     * A text that is there.
     *
     * @return the value
     * @throws SQLException if it cannot be read
     */
    public String text() throws SQLException {
        return present(textOrNull());
    }

    /**
     * A text.
     *
     * @return null: NULL
     * @throws SQLException if it cannot be read
     */
    public @Nullable String textOrNull() throws SQLException {
        return row.getString(next++);
    }

    /**
     * Bytes.
     *
     * @return null: NULL
     * @throws SQLException if they cannot be read
     */
    public byte @Nullable [] bytesOrNull() throws SQLException {
        return row.getBytes(next++);
    }

    /**
     * An id that is there.
     *
     * @return the value
     * @throws SQLException if it cannot be read
     */
    public UUID id() throws SQLException {
        return present(idOrNull());
    }

    /**
     * An id.
     *
     * @return null: NULL
     * @throws SQLException if it cannot be read
     */
    public @Nullable UUID idOrNull() throws SQLException {
        byte[] bytes = bytesOrNull();
        return bytes == null ? null : Micros.uuid(bytes);
    }

    /**
     * An instant that is there.
     *
     * @return UTC
     * @throws SQLException if it cannot be read
     */
    public Instant instant() throws SQLException {
        return Micros.instant(number());
    }

    /**
     * An instant.
     *
     * @return null: NULL
     * @throws SQLException if it cannot be read
     */
    public @Nullable Instant instantOrNull() throws SQLException {
        Long micros = numberOrNull();
        return micros == null ? null : Micros.instant(micros);
    }

    /**
     * A span that is there.
     *
     * @return the value
     * @throws SQLException if it cannot be read
     */
    public Duration span() throws SQLException {
        return Micros.span(number());
    }

    /**
     * A span.
     *
     * @return null: NULL
     * @throws SQLException if it cannot be read
     */
    public @Nullable Duration spanOrNull() throws SQLException {
        Long micros = numberOrNull();
        return micros == null ? null : Micros.span(micros);
    }

    private <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("column " + (next - 1) + " is empty");
        }
        return value;
    }
}
