// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.execution.MergedSelectionSet;
import graphql.language.Field;
import graphql.schema.GraphQLObjectType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one document selects of the objects below its fields. Without directives it depends on
 * nothing that a request tells, so it is collected once and not for each object of each request.
 * Thread-safe.
 */
final class CollectedFields {
    private final Map<Place, MergedSelectionSet> known = new ConcurrentHashMap<>();

    /** A field of the document, which equals itself alone, and a type that it can have. */
    private record Place(Field field, GraphQLObjectType type) {}

    @Nullable MergedSelectionSet of(Field field, GraphQLObjectType type) {
        return known.get(new Place(field, type));
    }

    void keep(Field field, GraphQLObjectType type, MergedSelectionSet selected) {
        known.put(new Place(field, type), selected);
    }
}
