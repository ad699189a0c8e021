// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.language.DirectivesContainer;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.SelectionSetContainer;
import graphql.schema.GraphQLSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.graphql.json.JsonNames;

/**
 * A document that was parsed, measured and validated against one schema. Immutable.
 *
 * @param entry the form that graphql-java takes
 * @param checks by operation; a node equals itself alone
 * @param names of the members of its answers
 * @param collected what is selected below its fields; null: directives make it differ by request
 */
record Prepared(
        PreparsedDocumentEntry entry,
        List<OperationDefinition> operations,
        Map<String, FragmentDefinition> fragments,
        Map<OperationDefinition, OperationChecks> checks,
        JsonNames names,
        @Nullable CollectedFields collected) {

    static Prepared of(GraphQLSchema schema, Document document) {
        Map<String, FragmentDefinition> fragments = new HashMap<>();
        for (FragmentDefinition fragment :
                document.getDefinitionsOfType(FragmentDefinition.class)) {
            fragments.put(fragment.getName(), fragment);
        }
        List<OperationDefinition> operations =
                document.getDefinitionsOfType(OperationDefinition.class);
        Map<OperationDefinition, OperationChecks> checks = new HashMap<>();
        for (OperationDefinition operation : operations) {
            checks.put(operation, new OperationChecks(schema, operation, fragments));
        }
        List<SelectionSet> sets = new ArrayList<>();
        operations.forEach(operation -> sets.add(operation.getSelectionSet()));
        fragments.values().forEach(fragment -> sets.add(fragment.getSelectionSet()));
        Set<String> names = new HashSet<>(Set.of("data"));
        boolean directives = false;
        while (!sets.isEmpty()) {
            for (Selection<?> selection : sets.removeLast().getSelections()) {
                if (selection instanceof Field field) names.add(field.getResultKey());
                if (selection instanceof SelectionSetContainer<?> container
                        && container.getSelectionSet() != null) {
                    sets.add(container.getSelectionSet());
                }
                directives |=
                        selection instanceof DirectivesContainer<?> container
                                && !container.getDirectives().isEmpty();
            }
        }
        return new Prepared(
                new PreparsedDocumentEntry(document),
                List.copyOf(operations),
                Map.copyOf(fragments),
                Map.copyOf(checks),
                JsonNames.of(names),
                directives ? null : new CollectedFields());
    }

    /**
     * Whether its answer is the same for all callers as long as the schema is: one query, without
     * variables, that asks the schema alone.
     */
    boolean constant() {
        if (operations.size() != 1) return false;
        OperationDefinition only = operations.getFirst();
        return only.getOperation() == OperationDefinition.Operation.QUERY
                && only.getVariableDefinitions().isEmpty()
                && only.getSelectionSet().getSelections().stream()
                        .allMatch(selection ->
                                selection instanceof Field field
                                        && field.getName().startsWith("__"));
    }

    /** What is checked of one of its operations. */
    OperationChecks checks(OperationDefinition operation) {
        return Objects.requireNonNull(checks.get(operation), "an operation of this document");
    }

    /** The operation a request means. */
    OperationDefinition operation(@Nullable String name) throws RequestRefused {
        if (name != null && !name.isEmpty()) {
            for (OperationDefinition operation : operations) {
                if (name.equals(operation.getName())) return operation;
            }
            throw wrongName("the document has no operation of this name");
        }
        if (operations.size() == 1) return operations.getFirst();
        throw wrongName(
                operations.isEmpty()
                        ? "the document has no operation"
                        : "the document has several operations, name the one to run");
    }

    private static RequestRefused wrongName(String message) {
        return new RequestRefused(
                Refusal.OPERATION_NAME, ErrorEntry.badInput("operationName", message));
    }
}
