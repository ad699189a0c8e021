// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.schema.GraphQLCompositeType;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The coordinates that a valid operation selects. Used by one thread. */
final class SelectedFields {
    private final GraphQLSchema schema;
    private final Map<String, FragmentDefinition> fragments;
    private final Set<String> coordinates = new HashSet<>();
    private final Set<String> spread = new HashSet<>();

    private SelectedFields(GraphQLSchema schema, Map<String, FragmentDefinition> fragments) {
        this.schema = schema;
        this.fragments = fragments;
    }

    /** Coordinates such as {@code Task.status} that a subscription selects. */
    static Set<String> of(
            GraphQLSchema schema,
            OperationDefinition subscription,
            Map<String, FragmentDefinition> fragments) {
        SelectedFields selected = new SelectedFields(schema, fragments);
        selected.set(subscription.getSelectionSet(), schema.getSubscriptionType());
        return selected.coordinates;
    }

    private void set(@Nullable SelectionSet set, @Nullable GraphQLType parent) {
        if (set == null) return;
        for (Selection<?> selection : set.getSelections()) {
            switch (selection) {
                case Field field when parent instanceof GraphQLFieldsContainer type ->
                        field(field, type);
                case InlineFragment inline ->
                        set(
                                inline.getSelectionSet(),
                                inline.getTypeCondition() == null
                                        ? parent
                                        : schema.getType(inline.getTypeCondition().getName()));
                case FragmentSpread named when spread.add(named.getName()) -> {
                    FragmentDefinition fragment = fragments.get(named.getName());
                    if (fragment != null) {
                        set(
                                fragment.getSelectionSet(),
                                (GraphQLCompositeType)
                                        schema.getType(fragment.getTypeCondition().getName()));
                    }
                }
                default -> {}
            }
        }
    }

    private void field(Field field, GraphQLFieldsContainer type) {
        var definition = type.getFieldDefinition(field.getName());
        if (definition == null) return;
        coordinates.add(type.getName() + "." + field.getName());
        set(field.getSelectionSet(), GraphQLTypeUtil.unwrapAll(definition.getType()));
    }
}
