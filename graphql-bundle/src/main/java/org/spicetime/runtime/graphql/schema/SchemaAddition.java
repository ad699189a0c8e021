// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import graphql.schema.DataFetcher;
import graphql.schema.FieldCoordinates;
import graphql.schema.TypeResolver;
import graphql.schema.idl.TypeDefinitionRegistry;
import java.util.Map;

/** What a bundle adds to the schema of the host, checked before. Immutable. */
public interface SchemaAddition {
    /** New types, and extensions of types of the host. */
    TypeDefinitionRegistry definitions();

    /** The answer of every field it adds, those of its new types included. */
    Map<FieldCoordinates, DataFetcher<?>> fetchers();

    /** What tells the type of a value, by each interface and union it adds. */
    Map<String, TypeResolver> resolvers();
}
