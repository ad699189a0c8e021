// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The root fields of a valid operation, fragments expanded, and what follows from them. Immutable.
 */
final class RootNames {
    private static final Set<String> TASKS = Set.of("scheduleTask", "scheduleTasks");
    private static final Set<String> SCHEMA = Set.of("__schema", "__type");

    private final boolean mutation;
    private final List<String> names;

    RootNames(OperationDefinition operation, Map<String, FragmentDefinition> fragments) {
        mutation = operation.getOperation() == OperationDefinition.Operation.MUTATION;
        List<String> found = new ArrayList<>();
        collect(operation.getSelectionSet(), fragments, found);
        names = List.copyOf(found);
    }

    // The number of root fields is limited before, so fragments cannot multiply here.
    private static void collect(
            SelectionSet set, Map<String, FragmentDefinition> fragments, List<String> found) {
        for (Selection<?> selection : set.getSelections()) {
            switch (selection) {
                case Field field -> found.add(field.getName());
                case InlineFragment inline -> collect(inline.getSelectionSet(), fragments, found);
                case FragmentSpread spread -> {
                    FragmentDefinition fragment = fragments.get(spread.getName());
                    if (fragment != null) collect(fragment.getSelectionSet(), fragments, found);
                }
                default -> {}
            }
        }
    }

    /** How many changes are asked for, without those that admit tasks, whose rate is their own. */
    int changes() {
        if (!mutation) return 0;
        return (int)
                names.stream()
                        .filter(name -> !TASKS.contains(name) && !name.startsWith("__"))
                        .count();
    }

    /** Whether the schema is asked for. */
    boolean askSchema() {
        return names.stream().anyMatch(SCHEMA::contains);
    }
}
