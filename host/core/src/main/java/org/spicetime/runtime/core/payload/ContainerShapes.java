// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shapes of lists, sets, maps and optional values. Immutable. */
final class ContainerShapes {

    private ContainerShapes() {}

    /** A list, or a set: then nothing occurs twice. */
    record Several(Shape element, Bounds size, boolean unique) implements Shape {
        @Override
        public Object read(String path, Object json) {
            if (!(json instanceof List<?> elements) || !size.admit(elements.size())) {
                throw Shape.unfit(
                        path, json, size.isNone() ? "a list" : "a list of " + size.text());
            }
            Collection<Object> read = unique ? new LinkedHashSet<>() : new ArrayList<>();
            for (int i = 0; i < elements.size(); i++) {
                String place = path + "[" + i + "]";
                if (!read.add(present(element, place, elements.get(i)))) {
                    throw Shape.unfit(place, elements.get(i), "unlike the elements before it");
                }
            }
            return unique ? Collections.unmodifiableSet((Set<?>) read) : List.copyOf(read);
        }

        @Override
        public Object write(String path, Object value) {
            List<@Nullable Object> written = new ArrayList<>();
            for (Object each : (Collection<?>) value) {
                written.add(written(element, path + "[" + written.size() + "]", each));
            }
            return written;
        }

        @Override
        public Map<String, Object> schema(boolean written) {
            Map<String, Object> schema = ScalarShapes.type("array");
            schema.put("items", element.schema(written));
            if (unique) {
                schema.put("uniqueItems", true);
            }
            size.describe(schema, "minItems", "maxItems");
            return schema;
        }
    }

    /** A map from texts. */
    record Members(Shape value, Bounds size) implements Shape {
        @Override
        public Object read(String path, Object json) {
            if (!(json instanceof Map<?, ?> members) || !size.admit(members.size())) {
                throw Shape.unfit(
                        path,
                        json,
                        size.isNone() ? "an object" : "an object of " + size.text() + " members");
            }
            Map<String, Object> read = new LinkedHashMap<>();
            members.forEach((name, each) ->
                    read.put(
                            String.valueOf(name),
                            present(value, path + "." + Shown.of(name), each)));
            return Collections.unmodifiableMap(read);
        }

        @Override
        public Object write(String path, Object map) {
            Map<String, @Nullable Object> written = new LinkedHashMap<>();
            ((Map<?, ?>) map)
                    .forEach((name, each) ->
                            written.put(
                                    String.valueOf(name), written(value, path + "." + name, each)));
            return written;
        }

        @Override
        public Map<String, Object> schema(boolean written) {
            Map<String, Object> schema = ScalarShapes.type("object");
            schema.put("additionalProperties", value.schema(written));
            size.describe(schema, "minProperties", "maxProperties");
            return schema;
        }
    }

    /**
     * A value or none.
     *
     * @param none what stands for null
     * @param wrap the Java value of the content
     * @param unwrap the content; null: none
     */
    record Perhaps(
            Shape content,
            Object none,
            Function<Object, Object> wrap,
            Function<Object, @Nullable Object> unwrap)
            implements Shape {
        @Override
        public Object read(String path, Object json) {
            return wrap.apply(content.read(path, json));
        }

        @Override
        public @Nullable Object write(String path, Object value) {
            Object inside = unwrap.apply(value);
            return inside == null ? null : content.write(path, inside);
        }

        @Override
        public Map<String, Object> schema(boolean written) {
            return nullable(content.schema(written));
        }

        @Override
        public Object ofNull() {
            return none;
        }
    }

    /** The schema with null added to what it allows. */
    static Map<String, Object> nullable(Map<String, Object> schema) {
        Map<String, Object> wider = new LinkedHashMap<>(schema);
        if (schema.get("type") instanceof String type) {
            wider.put("type", List.of(type, "null"));
        } else if (schema.get("enum") instanceof List<?> constants) {
            List<@Nullable Object> all = new ArrayList<>(constants);
            all.add(null);
            wider.put("enum", Collections.unmodifiableList(all));
        }
        return wider;
    }

    private static Object present(Shape shape, String path, @Nullable Object json) {
        if (json == null) {
            Object none = shape.ofNull();
            if (none != null) {
                return none;
            }
            throw Shape.unfit(path, null, "present");
        }
        return shape.read(path, json);
    }

    private static @Nullable Object written(Shape shape, String path, @Nullable Object value) {
        if (value == null) {
            throw Shape.unwritable(path, "must not be null");
        }
        return shape.write(path, value);
    }
}
