// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * Writes results of one record type as JSON. Thread-safe.
 *
 * @param <R> the record
 */
public final class RecordWriter<R extends Record> {

    /** Most bytes of a result. */
    public static final int MAX_RESULT_BYTES = 256 * 1024;

    private static final String FIELD = "result";

    private final RecordShape shape;
    private final String schema;

    private RecordWriter(RecordShape shape) {
        this.shape = shape;
        schema = JsonSchema.text(shape.schema(true));
    }

    /**
     * The writer of a record.
     *
     * @throws IllegalArgumentException if the record cannot be a result
     */
    public static <R extends Record> RecordWriter<R> of(Class<R> type) {
        return new RecordWriter<>(Shapes.of(type));
    }

    /**
     * Writes a result.
     *
     * @throws RefusedException RESOURCE_EXHAUSTED if it is longer than 256 KiB, SCHEDULER_ERROR if
     *     JSON cannot hold it
     */
    public Payload write(R result) {
        Counted sink = new Counted();
        try {
            Json.write(shape.write(FIELD, result), sink);
        } catch (IOException e) {
            throw Shape.unwritable(FIELD, "cannot be JSON: " + Shown.sentence(e.getMessage()));
        }
        if (sink.count > MAX_RESULT_BYTES) {
            throw RefusedException.exhausted(
                    "the result of the handler has %d bytes; at most %d are kept"
                            .formatted(sink.count, MAX_RESULT_BYTES),
                    sink.count,
                    MAX_RESULT_BYTES);
        }
        return new Payload(sink.kept.toByteArray(), Payload.JSON);
    }

    /** JSON Schema of the result, as JSON text. */
    public String schema() {
        return schema;
    }

    /** Keeps no more than the limit, and counts all. */
    private static final class Counted extends OutputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private long count;

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            int room = (int) Math.max(0, MAX_RESULT_BYTES - count);
            kept.write(bytes, offset, Math.min(room, length));
            count += length;
        }
    }
}
