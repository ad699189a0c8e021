// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds every value that a field takes, and builds variables that are valid but for one of them.
 */
final class InputPaths {

    /**
     * Where a value goes. Immutable.
     *
     * @param names argument, then input fields
     * @param type name of its scalar or enum
     * @param list whether a list of such values is taken
     * @param owner type that declares it, or the field for an argument
     * @param required whether it must not be null
     */
    record Leaf(List<String> names, String type, boolean list, String owner, boolean required) {
        String coordinate() {
            return owner + "." + names.getLast();
        }

        @Override
        public String toString() {
            return String.join(".", names);
        }
    }

    private final ServedSchema schema;
    private final Map<String, JsonNode> valid;

    /**
     * @param valid acceptable values of required leaves, by their path or else by their last name
     */
    InputPaths(ServedSchema schema, Map<String, JsonNode> valid) {
        this.schema = schema;
        this.valid = valid;
    }

    List<Leaf> leavesOf(String owner, JsonNode field) {
        List<Leaf> leaves = new ArrayList<>();
        field.path("args").forEach(argument -> collect(argument, List.of(), owner, leaves));
        return leaves;
    }

    private void collect(JsonNode value, List<String> above, String owner, List<Leaf> leaves) {
        List<String> names = new ArrayList<>(above);
        names.add(value.path("name").asText());
        String type = ServedSchema.bare(value.path("type"));
        String rendered = ServedSchema.render(value.path("type"));
        if (schema.kind(type).equals("INPUT_OBJECT")) {
            schema.members(type).forEach(inner -> collect(inner, names, type, leaves));
        } else {
            leaves.add(
                    new Leaf(names, type, rendered.startsWith("["), owner, rendered.endsWith("!")));
        }
    }

    /** Variables with this value at the leaf and whatever is required elsewhere. */
    ObjectNode variables(JsonNode field, Leaf leaf, @Nullable JsonNode value) {
        ObjectNode variables = GraphQl.JSON.createObjectNode();
        fill(variables, field.path("args"), List.of(), leaf, value);
        return variables;
    }

    private void fill(
            ObjectNode object,
            Iterable<JsonNode> declared,
            List<String> above,
            Leaf leaf,
            @Nullable JsonNode value) {
        for (JsonNode member : declared) {
            String name = member.path("name").asText();
            List<String> names = new ArrayList<>(above);
            names.add(name);
            String type = ServedSchema.bare(member.path("type"));
            boolean list = ServedSchema.render(member.path("type")).startsWith("[");
            if (names.equals(leaf.names())) {
                object.set(name, list && value != null ? listOf(value) : value);
            } else if (schema.kind(type).equals("INPUT_OBJECT")) {
                if (ServedSchema.isRequired(member) || isOnTheWay(names, leaf)) {
                    ObjectNode inner = GraphQl.JSON.createObjectNode();
                    fill(inner, schema.members(type), names, leaf, value);
                    object.set(name, list ? listOf(inner) : inner);
                }
            } else if (ServedSchema.isRequired(member)) {
                object.set(name, list ? listOf(validFor(names, type)) : validFor(names, type));
            }
        }
    }

    private static boolean isOnTheWay(List<String> names, Leaf leaf) {
        return leaf.names().size() > names.size()
                && leaf.names().subList(0, names.size()).equals(names);
    }

    private JsonNode validFor(List<String> names, String type) {
        JsonNode byPath = valid.get(String.join(".", names));
        JsonNode byName = valid.get(names.getLast());
        if (byPath != null) {
            return byPath;
        }
        if (byName != null) {
            return byName;
        }
        return switch (type) {
            case "Int" -> GraphQl.JSON.getNodeFactory().numberNode(1);
            case "Float" -> GraphQl.JSON.getNodeFactory().numberNode(0.5);
            case "Boolean" -> GraphQl.JSON.getNodeFactory().booleanNode(false);
            case "BigInt" -> GraphQl.JSON.getNodeFactory().numberNode(8L << 20);
            case "String" -> GraphQl.JSON.getNodeFactory().textNode("text");
            default ->
                    throw new AssertionError(
                            "tell the test a valid value of " + String.join(".", names));
        };
    }

    private static JsonNode listOf(JsonNode value) {
        return GraphQl.JSON.createArrayNode().add(value);
    }

    /** The operation that calls the field with all its arguments as variables. */
    String document(String root, JsonNode field) {
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
        return "%s(%s) { %s(%s)%s }"
                .formatted(root, variables, field.path("name").asText(), arguments, selection);
    }
}
