// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import java.util.ArrayList;
import java.util.List;

/** Queries that together select every field that a query can reach. */
final class EveryField {
    private static final int DEEPEST = 4;

    private EveryField() {}

    static List<String> queries(GraphQLSchema schema, FakeHost host) {
        String task = host.domain("ethical-scoring").tasks.keySet().iterator().next().toString();
        List<String> queries = new ArrayList<>();
        for (GraphQLFieldDefinition root : schema.getQueryType().getFieldDefinitions()) {
            String arguments =
                    switch (root.getName()) {
                        case "domain", "findDomain", "node" -> "(id: \"ethical-scoring\")";
                        case "task", "findTask" -> "(id: \"" + task + "\")";
                        case "tasks", "resourceUsage" -> "(domainId: \"ethical-scoring\")";
                        case "nodes" -> "(ids: [\"ethical-scoring\", \"" + task + "\"])";
                        default -> "";
                    };
            for (String selection : selections(root.getType())) {
                queries.add("{ " + root.getName() + arguments + selection + " }");
            }
        }
        return queries;
    }

    /**
     * The plain fields at once, and each object by itself: all together is more than is allowed.
     */
    private static List<String> selections(GraphQLType declared) {
        GraphQLType type = GraphQLTypeUtil.unwrapAll(declared);
        if (!(type instanceof GraphQLFieldsContainer container)) return List.of("");
        List<String> selections = new ArrayList<>();
        selections.add(selection(declared, DEEPEST));
        for (GraphQLFieldDefinition field : container.getFieldDefinitions()) {
            if (GraphQLTypeUtil.unwrapAll(field.getType()) instanceof GraphQLFieldsContainer) {
                selections.add(" { " + field.getName() + selection(field.getType(), 2) + " }");
            }
        }
        return selections;
    }

    private static String selection(GraphQLType declared, int depth) {
        GraphQLType type = GraphQLTypeUtil.unwrapAll(declared);
        if (!(type instanceof GraphQLFieldsContainer container)) return "";
        StringBuilder fields = new StringBuilder(" { __typename");
        for (GraphQLFieldDefinition field : container.getFieldDefinitions()) {
            boolean leaf =
                    !(GraphQLTypeUtil.unwrapAll(field.getType()) instanceof GraphQLFieldsContainer);
            if (leaf) {
                fields.append(' ').append(field.getName());
            } else if (depth < DEEPEST) {
                fields.append(' ')
                        .append(field.getName())
                        .append(selection(field.getType(), depth + 1));
            }
        }
        return fields.append(" }").toString();
    }
}
