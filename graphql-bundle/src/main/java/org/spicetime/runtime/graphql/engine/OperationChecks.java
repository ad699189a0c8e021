// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.language.FragmentDefinition;
import graphql.language.OperationDefinition;
import graphql.schema.GraphQLSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is checked of an operation at every request, as far as it is the same for all of them: the
 * document is walked once for each set of page sizes and not once for each request. Thread-safe.
 */
final class OperationChecks {
    private final GraphQLSchema schema;
    private final OperationDefinition operation;
    private final Map<String, FragmentDefinition> fragments;

    /** The variables on which the cost depends. */
    private final Set<String> sizes;

    private final boolean choices;
    private final int changes;
    private final boolean asksSchema;
    private final AtomicReference<Cost> last;

    OperationChecks(
            GraphQLSchema schema,
            OperationDefinition operation,
            Map<String, FragmentDefinition> fragments) {
        this.schema = schema;
        this.operation = operation;
        this.fragments = fragments;
        DocumentCost.Walk walk = DocumentCost.walk(schema, operation, fragments, Map.of());
        this.sizes = walk.sizes();
        this.choices = ChoiceCheck.possible(schema, operation);
        RootNames roots = new RootNames(operation, fragments);
        this.changes = roots.changes();
        this.asksSchema = roots.askSchema();
        this.last = new AtomicReference<>(new Cost(Map.of(), walk.points()));
    }

    /** Points of the operation with these variables. Clients rarely change their page sizes. */
    long cost(Map<String, @Nullable Object> variables) {
        Map<String, @Nullable Object> given = new HashMap<>();
        for (String name : sizes) {
            if (variables.get(name) instanceof Number size) given.put(name, size);
        }
        Cost known = last.get();
        if (known.given().equals(given)) return known.points();
        long points = DocumentCost.walk(schema, operation, fragments, given).points();
        last.set(new Cost(given, points));
        return points;
    }

    /** How many changes it asks for, those that admit tasks apart. */
    int changes() {
        return changes;
    }

    /** Whether it asks for the schema. */
    boolean asksSchema() {
        return asksSchema;
    }

    /** The values of variables that name something that is not available. */
    List<ErrorEntry> unavailable(Map<String, @Nullable Object> variables) {
        return choices ? ChoiceCheck.variables(schema, operation, variables) : List.of();
    }

    private record Cost(Map<String, @Nullable Object> given, long points) {}
}
