// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.scalar;

import graphql.schema.GraphQLScalarType;
import java.util.List;

/**
 * The scalars of the schema beside the built-in ones, and the one that replaces one. Thread-safe.
 */
public final class Scalars {
    private static final List<GraphQLScalarType> ALL =
            List.of(
                    scalar("DateTime", new DateTimeCoercing()),
                    scalar("BigInt", new BigIntCoercing()),
                    scalar("JSON", new JsonValueCoercing()),
                    scalar("Labels", new LabelsCoercing()));

    private static final GraphQLScalarType ID = scalar("ID", new IdCoercing());

    private Scalars() {}

    /** Name and rules; descriptions and URLs come from the schema file. */
    public static List<GraphQLScalarType> all() {
        return ALL;
    }

    /** Takes the place of the built-in one, which is too lenient. */
    public static GraphQLScalarType id() {
        return ID;
    }

    private static GraphQLScalarType scalar(String name, JsonCoercing<?> coercing) {
        return GraphQLScalarType.newScalar().name(name).coercing(coercing).build();
    }
}
