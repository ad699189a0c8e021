// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds every value that a field takes, and puts one of them into arguments that are accepted. */
final class InputPaths {

    /**
     * Where a value goes. Immutable.
     *
     * @param names argument, then input fields
     * @param type name of its scalar, enum or input object
     * @param rendered its whole type, e.g. {@code [ID!]}
     * @param owner type that declares it, or the field for an argument
     */
    record Place(List<String> names, String type, String rendered, String owner) {
        String coordinate() {
            return owner + "." + names.getLast();
        }

        boolean list() {
            return rendered.startsWith("[");
        }

        boolean required() {
            return rendered.endsWith("!");
        }

        @Override
        public String toString() {
            return String.join(".", names);
        }
    }

    private final ServedSchema schema;

    InputPaths(ServedSchema schema) {
        this.schema = schema;
    }

    /** Every argument of a field and every input field below. */
    List<Place> places(String owner, JsonNode field) {
        List<Place> places = new ArrayList<>();
        field.path("args").forEach(argument -> collect(argument, List.of(), owner, places));
        return places;
    }

    private void collect(JsonNode value, List<String> above, String owner, List<Place> places) {
        List<String> names = new ArrayList<>(above);
        names.add(value.path("name").asText());
        String type = ServedSchema.bare(value.path("type"));
        places.add(
                new Place(
                        List.copyOf(names), type, ServedSchema.render(value.path("type")), owner));
        if (isObject(type)) {
            schema.members(type).forEach(inner -> collect(inner, names, type, places));
        }
    }

    boolean isObject(String type) {
        return schema.kind(type).equals("INPUT_OBJECT");
    }

    /** These variables with a value in that place; what is missing on the way is made. */
    ObjectNode with(
            ObjectNode base,
            JsonNode field,
            Place place,
            @Nullable JsonNode value,
            Map<String, String> made) {
        ObjectNode variables = base.deepCopy();
        ObjectNode object = variables;
        Iterable<JsonNode> declared = field.path("args");
        for (int i = 0; i < place.names().size() - 1; i++) {
            String name = place.names().get(i);
            JsonNode member = member(declared, name);
            String type = ServedSchema.bare(member.path("type"));
            JsonNode next = object.get(name);
            if (next == null || next.isNull()) {
                JsonNode inner = EdgeBase.required(type, made);
                boolean list = ServedSchema.render(member.path("type")).startsWith("[");
                next = list ? GraphQl.JSON.createArrayNode().add(inner) : inner;
                object.set(name, next);
            }
            object = (ObjectNode) (next instanceof ArrayNode items ? items.get(0) : next);
            declared = schema.members(type);
        }
        object.set(place.names().getLast(), value);
        return variables;
    }

    private static JsonNode member(Iterable<JsonNode> declared, String name) {
        for (JsonNode member : declared) {
            if (member.path("name").asText().equals(name)) return member;
        }
        throw new AssertionError("there is no " + name);
    }

    /**
     * The operation that calls the field with all its arguments as variables.
     *
     * @param way to the field, which stands for {@code %s}
     */
    String document(String root, String way, JsonNode field) {
        StringBuilder variables = new StringBuilder();
        StringBuilder arguments = new StringBuilder();
        field.path("args")
                .forEach(argument -> {
                    String name = argument.path("name").asText();
                    String type = ServedSchema.render(argument.path("type"));
                    String fallback =
                            argument.path("defaultValue").isNull()
                                    ? ""
                                    : " = " + argument.path("defaultValue").asText();
                    variables.append("$%s: %s%s ".formatted(name, type, fallback));
                    arguments.append("%s: $%s ".formatted(name, name));
                });
        String kind = schema.kind(ServedSchema.bare(field.path("type")));
        String selection = List.of("SCALAR", "ENUM").contains(kind) ? "" : " { __typename }";
        String call = "%s(%s)%s".formatted(field.path("name").asText(), arguments, selection);
        return "%s(%s) { %s }".formatted(root, variables, way.replace("%s", call));
    }
}
