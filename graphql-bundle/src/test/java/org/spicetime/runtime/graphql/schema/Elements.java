// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import graphql.language.AstPrinter;
import graphql.language.Value;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLDirectiveContainer;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLEnumValueDefinition;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLImplementingType;
import graphql.schema.GraphQLInputObjectField;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLNamedOutputType;
import graphql.schema.GraphQLNamedSchemaElement;
import graphql.schema.GraphQLNamedType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.InputValueWithState;
import graphql.schema.idl.ScalarInfo;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every element of a schema by its coordinate, with its signature and its description. */
record Elements(SortedMap<String, String> signatures, SortedMap<String, String> descriptions) {

    static Elements of(GraphQLSchema schema) {
        Elements elements = new Elements(new TreeMap<>(), new TreeMap<>());
        for (GraphQLNamedType type : schema.getAllTypesAsList()) {
            if (type.getName().startsWith("__")
                    || ScalarInfo.isGraphqlSpecifiedScalar(type.getName())) {
                continue;
            }
            elements.add(type);
        }
        return elements;
    }

    private void add(GraphQLNamedType type) {
        String name = type.getName();
        put(name, type.getClass().getSimpleName(), type);
        if (type instanceof GraphQLImplementingType implementing) {
            for (GraphQLNamedOutputType one : implementing.getInterfaces()) {
                signatures.put(name + " implements " + one.getName(), "");
            }
        }
        if (type instanceof GraphQLFieldsContainer container) {
            container.getFieldDefinitions().forEach(field -> add(name, field));
        }
        if (type instanceof GraphQLInputObjectType input) {
            for (GraphQLInputObjectField field : input.getFieldDefinitions()) {
                put(
                        name + "." + field.getName(),
                        GraphQLTypeUtil.simplePrint(field.getType())
                                + standard(field.getInputFieldDefaultValue()),
                        field);
            }
        }
        if (type instanceof GraphQLEnumType choices) {
            for (GraphQLEnumValueDefinition value : choices.getValues()) {
                put(name + "." + value.getName(), "value", value);
            }
        }
    }

    private void add(String type, GraphQLFieldDefinition field) {
        String coordinate = type + "." + field.getName();
        put(coordinate, GraphQLTypeUtil.simplePrint(field.getType()), field);
        for (GraphQLArgument argument : field.getArguments()) {
            put(
                    coordinate + "(" + argument.getName() + ":)",
                    GraphQLTypeUtil.simplePrint(argument.getType())
                            + standard(argument.getArgumentDefaultValue()),
                    argument);
        }
    }

    private static String standard(InputValueWithState value) {
        if (!value.isSet()) return "";
        return " = "
                + (value.getValue() instanceof Value<?> literal
                        ? AstPrinter.printAstCompact(literal)
                        : value.getValue());
    }

    private void put(String coordinate, String signature, GraphQLNamedSchemaElement element) {
        signatures.put(coordinate, signature);
        @Nullable String description = element.getDescription();
        descriptions.put(coordinate, description == null ? "" : description.strip());
        if (element instanceof GraphQLDirectiveContainer) return;
        throw new IllegalStateException(coordinate + " is of an unknown kind");
    }

    /** What these elements lack of others; what lies below a missing type is not listed. */
    SortedMap<String, String> missingOf(Elements others) {
        SortedMap<String, String> missing = new TreeMap<>();
        for (Map.Entry<String, String> other : others.signatures.entrySet()) {
            String coordinate = other.getKey();
            String parent = coordinate.split("[. ]", 2)[0];
            String field = coordinate.split("\\(", 2)[0];
            boolean below = !parent.equals(coordinate) && !signatures.containsKey(parent);
            boolean argument = !field.equals(coordinate) && !signatures.containsKey(field);
            if (!signatures.containsKey(coordinate) && !below && !argument) {
                missing.put(coordinate, other.getValue());
            }
        }
        return missing;
    }
}
