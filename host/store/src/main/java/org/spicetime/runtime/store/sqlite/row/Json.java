// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;

/**
 * Labels and errors as JSON that users can query. Whole numbers are read back as int if they fit,
 * else as long; values of other types become their text. Thread-safe.
 */
public final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final String CODE = "code";
    private static final String MESSAGE = "message";
    private static final String DOMAIN = "domain";
    private static final String TASK = "task";
    private static final String CONTEXT = "context";

    private Json() {}

    /**
     * Labels.
     *
     * @param labels names and values
     * @return an object, ordered by name; null: no labels
     */
    public static @Nullable String labels(Map<String, String> labels) {
        return labels.isEmpty() ? null : write(new TreeMap<>(labels));
    }

    /**
     * Labels.
     *
     * @param json what is stored; null: no labels
     * @return names and values
     */
    public static Map<String, String> labels(@Nullable String json) {
        if (json == null) {
            return Map.of();
        }
        Map<String, String> labels = new LinkedHashMap<>();
        read(json).forEach((name, value) -> labels.put(name, String.valueOf(value)));
        return labels;
    }

    /**
     * An error.
     *
     * @param error the error; null: none
     * @return an object
     */
    public static @Nullable String error(@Nullable RuntimeError error) {
        if (error == null) {
            return null;
        }
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put(CODE, error.code().name());
        parts.put(MESSAGE, error.message());
        parts.put(DOMAIN, error.domain());
        TaskId task = error.task();
        if (task != null) {
            parts.put(TASK, task.toString());
        }
        if (!error.context().isEmpty()) {
            parts.put(CONTEXT, new TreeMap<>(error.context()));
        }
        return write(parts);
    }

    /**
     * An error.
     *
     * @param json what is stored; null: none
     * @return the error
     */
    public static @Nullable RuntimeError error(@Nullable String json) {
        if (json == null) {
            return null;
        }
        Map<String, Object> parts = read(json);
        Map<String, Object> context = new LinkedHashMap<>();
        if (parts.get(CONTEXT) instanceof Map<?, ?> stored) {
            stored.forEach((name, value) -> context.put(String.valueOf(name), value));
        }
        Object task = parts.get(TASK);
        return new RuntimeError(
                RuntimeErrorCode.valueOf(String.valueOf(parts.get(CODE))),
                String.valueOf(parts.get(MESSAGE)),
                String.valueOf(parts.get(DOMAIN)),
                task == null ? null : TaskId.parse(task.toString()),
                context);
    }

    private static String write(Map<String, ?> object) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            write(out, object);
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory cannot be written", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case Map<?, ?> object -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : object.entrySet()) {
                    out.writeFieldName(String.valueOf(entry.getKey()));
                    write(out, entry.getValue());
                }
                out.writeEndObject();
            }
            case Iterable<?> list -> {
                out.writeStartArray();
                for (Object item : list) {
                    write(out, item);
                }
                out.writeEndArray();
            }
            case Boolean truth -> out.writeBoolean(truth);
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case Double number when Double.isFinite(number) -> out.writeNumber(number);
            default -> out.writeString(value.toString());
        }
    }

    private static Map<String, Object> read(String json) {
        try (JsonParser in = FACTORY.createParser(json)) {
            in.nextToken();
            if (read(in) instanceof Map<?, ?> object) {
                Map<String, Object> parts = new LinkedHashMap<>();
                object.forEach((name, value) -> parts.put(String.valueOf(name), value));
                return parts;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("stored JSON cannot be read: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("stored JSON is not an object");
    }

    private static Object read(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    String name = in.currentName();
                    if (in.nextToken() != JsonToken.VALUE_NULL) {
                        object.put(name, read(in));
                    }
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(in));
                }
                yield list;
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> in.getNumberValue();
            case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
            case null, default -> in.getText();
        };
    }
}
