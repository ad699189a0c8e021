// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import graphql.language.Definition;
import graphql.language.FieldDefinition;
import graphql.language.InterfaceTypeDefinition;
import graphql.language.ObjectTypeDefinition;
import graphql.language.ObjectTypeExtensionDefinition;
import graphql.language.UnionTypeDefinition;
import graphql.schema.DataFetcher;
import graphql.schema.FieldCoordinates;
import graphql.schema.TypeResolver;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeDefinitionRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.graphql.schema.SchemaAddition;

/**
 * A fragment that keeps the rules, ready to be composed. It refers to its contribution, never to
 * the bundle itself. Immutable.
 *
 * @param coordinates what it adds, in order
 */
record Checked(
        Contribution owner,
        TypeDefinitionRegistry definitions,
        Map<FieldCoordinates, DataFetcher<?>> fetchers,
        Map<String, TypeResolver> resolvers,
        Set<String> coordinates)
        implements SchemaAddition {
    private static final TypeResolver BY_TYPE =
            environment -> {
                Object value = Objects.requireNonNull(environment.getObject());
                return environment.getSchema().getObjectType(((Answered) value).type());
            };

    static Checked of(Contribution owner, Fragment fragment, Set<String> coordinates) {
        Map<FieldCoordinates, DataFetcher<?>> fetchers = new LinkedHashMap<>();
        Map<String, TypeResolver> resolvers = new LinkedHashMap<>();
        // A copy, since the fetchers belong to the bundle.
        Set<String> fetched = Set.copyOf(fragment.fetchers().keySet());
        for (Definition<?> definition : fragment.document().getDefinitions()) {
            if (definition instanceof InterfaceTypeDefinition open) {
                resolvers.put(open.getName(), BY_TYPE);
            } else if (definition instanceof UnionTypeDefinition union) {
                resolvers.put(union.getName(), BY_TYPE);
            } else if (definition instanceof ObjectTypeDefinition type) {
                for (FieldDefinition field : type.getFieldDefinitions()) {
                    String coordinate = type.getName() + "." + field.getName();
                    fetchers.put(
                            FieldCoordinates.coordinates(type.getName(), field.getName()),
                            fetched.contains(coordinate)
                                    ? new FieldAnswer(
                                            owner,
                                            coordinate,
                                            role(type, fragment, coordinate),
                                            fetched)
                                    : member(field.getName()));
                }
            }
        }
        return new Checked(
                owner,
                new SchemaParser().buildRegistry(fragment.document()),
                fetchers,
                resolvers,
                coordinates);
    }

    private static @Nullable Role role(
            ObjectTypeDefinition type, Fragment fragment, String coordinate) {
        if (!(type instanceof ObjectTypeExtensionDefinition)) return null;
        return switch (type.getName()) {
            case "Query" -> fragment.roles().getOrDefault(coordinate, Role.VIEWER);
            case "Mutation" -> fragment.roles().getOrDefault(coordinate, Role.OPERATOR);
            default -> null;
        };
    }

    private static DataFetcher<?> member(String name) {
        return environment ->
                ((Answered) Objects.requireNonNull(environment.getSource())).members().get(name);
    }
}
