// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The schema that a host serves, by introspection. Immutable.
 *
 * @param types by name
 */
record ServedSchema(Map<String, JsonNode> types) {

    private static final String INTROSPECTION =
            """
            query Introspection {
              __schema {
                types {
                  kind name
                  fields(includeDeprecated: true) { name args { ...Value } type { ...Type } }
                  inputFields { ...Value }
                  enumValues(includeDeprecated: true) { name }
                }
              }
            }
            fragment Value on __InputValue { name defaultValue type { ...Type } }
            fragment Type on __Type {
              kind name ofType { kind name ofType { kind name ofType { kind name } } }
            }
            """;

    static ServedSchema of(GraphQl client) {
        Map<String, JsonNode> types = new LinkedHashMap<>();
        client.data(INTROSPECTION)
                .at("/__schema/types")
                .forEach(type -> types.put(type.path("name").asText(), type));
        return new ServedSchema(types);
    }

    /** The field or input field of that type. */
    @Nullable JsonNode field(String type, String name) {
        for (JsonNode field : members(type)) {
            if (field.path("name").asText().equals(name)) {
                return field;
            }
        }
        return null;
    }

    List<JsonNode> members(String type) {
        List<JsonNode> members = new ArrayList<>();
        JsonNode node = type(type);
        node.path("fields").forEach(members::add);
        node.path("inputFields").forEach(members::add);
        return members;
    }

    Set<String> enumValues(String type) {
        Set<String> values = new TreeSet<>();
        type(type).path("enumValues").forEach(value -> values.add(value.path("name").asText()));
        return values;
    }

    Set<String> objectTypes() {
        return types.keySet().stream()
                .filter(type -> kind(type).equals("OBJECT") && !type.startsWith("__"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    String kind(String type) {
        return type(type).path("kind").asText();
    }

    private JsonNode type(String name) {
        JsonNode type = types.get(name);
        if (type == null) {
            throw new AssertionError("the host serves no type " + name);
        }
        return type;
    }

    /** A type as it is written in a schema, such as {@code [Task!]!}. */
    static String render(JsonNode type) {
        return switch (type.path("kind").asText()) {
            case "NON_NULL" -> render(type.path("ofType")) + "!";
            case "LIST" -> "[" + render(type.path("ofType")) + "]";
            default -> type.path("name").asText();
        };
    }

    static String bare(JsonNode type) {
        return render(type).replaceAll("[\\[\\]!]", "");
    }

    static boolean isRequired(JsonNode value) {
        return value.at("/type/kind").asText().equals("NON_NULL")
                && value.path("defaultValue").isNull();
    }

    /**
     * A selection of every field below a type that needs no argument, as deep as the schema goes;
     * types that were entered already on the way are left out.
     *
     * @param only restricts the fields of a type; null leaves them as they are
     */
    String selection(String type, Fields only, List<String> path) {
        StringBuilder selection = new StringBuilder("{ __typename");
        for (JsonNode field : members(type)) {
            String name = field.path("name").asText();
            if (!only.include(type, name) || needsArguments(field)) {
                continue;
            }
            String fieldType = bare(field.path("type"));
            switch (kind(fieldType)) {
                case "OBJECT" -> {
                    if (!path.contains(fieldType)) {
                        List<String> deeper = new ArrayList<>(path);
                        deeper.add(fieldType);
                        selection
                                .append(' ')
                                .append(name)
                                .append(' ')
                                .append(selection(fieldType, only, deeper));
                    }
                }
                case "INTERFACE", "UNION" ->
                        selection.append(' ').append(name).append(" { __typename }");
                default -> selection.append(' ').append(name);
            }
        }
        return selection.append(" }").toString();
    }

    /** Tells which fields are wanted. */
    @FunctionalInterface
    interface Fields {
        boolean include(String type, String field);
    }

    static boolean needsArguments(JsonNode field) {
        for (JsonNode argument : field.path("args")) {
            if (isRequired(argument)) {
                return true;
            }
        }
        return false;
    }
}
