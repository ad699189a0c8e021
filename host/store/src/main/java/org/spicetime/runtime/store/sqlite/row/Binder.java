// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Binds the parameters of a statement from left to right. Called by one thread at a time. */
public final class Binder {

    private final PreparedStatement statement;
    private int next = 1;

    /**
     * From the first parameter on.
     *
     * @param statement whose parameters are bound
     */
    public Binder(PreparedStatement statement) {
        this.statement = statement;
    }

    /**
     * A number.
     *
     * @param value what is bound
     * @return this
     * @throws SQLException if there is no such parameter
     */
    public Binder number(long value) throws SQLException {
        statement.setLong(next++, value);
        return this;
    }

    /**
     * A number that may be absent.
     *
     * @param value what is bound; null: NULL
     * @return this
     * @throws SQLException if there is no such parameter
     */
    public Binder number(@Nullable Long value) throws SQLException {
        return value == null ? nothing() : number(value.longValue());
    }

    /**
     * A fraction.
     *
     * @param value what is bound
     * @return this
     * @throws SQLException if there is no such parameter
     */
    public Binder fraction(double value) throws SQLException {
        statement.setDouble(next++, value);
        return this;
    }

    /**
     * A text.
     *
     * @param value what is bound; null: NULL
     * @return this
     * @throws SQLException if there is no such parameter
     */
    public Binder text(@Nullable String value) throws SQLException {
        if (value == null) {
            return nothing();
        }
        statement.setString(next++, value);
        return this;
    }

    /**
     * Bytes.
     *
     * @param value what is bound; null: NULL
     * @return this
     * @throws SQLException if there is no such parameter
     */
    public Binder bytes(byte @Nullable [] value) throws SQLException {
        if (value == null) {
            return nothing();
        }
        statement.setBytes(next++, value);
        return this;
    }

    /**
     * An id.
     *
     * @param value what is bound; null: NULL
     * @return this
     * @throws SQLException if there is no such parameter
     */
    public Binder id(@Nullable UUID value) throws SQLException {
        return bytes(value == null ? null : Micros.bytes(value));
    }

    /**
     * An instant.
     *
     * @param value what is bound; null: NULL
     * @return this
     * @throws SQLException if there is no such parameter
     */
    public Binder instant(@Nullable Instant value) throws SQLException {
        return value == null ? nothing() : number(Micros.of(value));
    }

    /**
     * A span.
     *
     * @param value what is bound; null: NULL
     * @return this
     * @throws SQLException if there is no such parameter
     */
    public Binder span(@Nullable Duration value) throws SQLException {
        return value == null ? nothing() : number(Micros.of(value));
    }

    /**
     * NULL.
     *
     * @return this
     * @throws SQLException if there is no such parameter
     */
    public Binder nothing() throws SQLException {
        statement.setNull(next++, Types.NULL);
        return this;
    }
}
