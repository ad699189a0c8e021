// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * Binds JSON payloads to a record: unknown members are refused, missing ones get their default, and
 * every value is checked against type and range before the record checks itself. Thread-safe.
 *
 * @param <P> the record
 */
public final class RecordBinder<P extends Record> {

    private static final String FIELD = "payload";

    private final Class<P> type;
    private final RecordShape shape;
    private final String schema;

    private RecordBinder(Class<P> type, RecordShape shape) {
        this.type = type;
        this.shape = shape;
        schema = JsonSchema.text(shape.schema(false));
    }

    /**
     * The binder of a record.
     *
     * @throws IllegalArgumentException if the record cannot be a payload
     */
    public static <P extends Record> RecordBinder<P> of(Class<P> type) {
        return new RecordBinder<>(type, Shapes.of(type));
    }

    /**
     * Binds a payload.
     *
     * @param payload JSON; null: the empty object
     * @return the record
     * @throws RefusedException BAD_USER_INPUT with the path of the member, from {@code payload}
     */
    public P bind(@Nullable Payload payload) {
        return type.cast(shape.read(FIELD, tree(payload)));
    }

    private static Object tree(@Nullable Payload payload) {
        if (payload == null) {
            return Map.of();
        }
        if (!payload.isJson()) {
            throw RefusedException.badInput(
                    FIELD,
                    "must have content type " + Payload.JSON + ", was " + payload.contentType());
        }
        Object tree = Json.read(payload.bytes(), FIELD);
        if (tree == null) {
            throw Shape.unfit(FIELD, null, "an object");
        }
        return tree;
    }

    /** JSON Schema of the payload, as JSON text. */
    public String schema() {
        return schema;
    }
}
