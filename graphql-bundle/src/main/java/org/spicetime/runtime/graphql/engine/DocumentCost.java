// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.language.Argument;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.IntValue;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.Value;
import graphql.language.VariableDefinition;
import graphql.language.VariableReference;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Static cost of a valid operation: an object is one point, and a list with an explicit size counts
 * what is below it that many times. The size of a connection is that of its lists, whose edges are
 * free. A list without a size counts once; its length shows only when it runs. Used by one thread.
 */
final class DocumentCost {
    private static final double MOST = 1e12;

    /** Fields whose answer is computed, which costs as much as this many objects. */
    private static final Set<String> COMPUTED =
            Set.of(
                    "DomainRuntime.history",
                    "DomainRuntime.analysis",
                    "DomainRuntime.memoryMap",
                    "DomainRuntime.timeline");

    private static final double COMPUTING = 50;

    private final GraphQLSchema schema;
    private final Map<String, FragmentDefinition> fragments;
    private final Map<String, Object> sizes;
    private final Map<String, Double> counted = new HashMap<>();
    private final Set<String> asked = new HashSet<>();

    private DocumentCost(
            GraphQLSchema schema,
            Map<String, FragmentDefinition> fragments,
            Map<String, Object> sizes) {
        this.schema = schema;
        this.fragments = fragments;
        this.sizes = sizes;
    }

    /** Points of an operation with these variables, and which of them count. */
    static Walk walk(
            GraphQLSchema schema,
            OperationDefinition operation,
            Map<String, FragmentDefinition> fragments,
            Map<String, @Nullable Object> variables) {
        Map<String, Object> sizes = new HashMap<>();
        for (VariableDefinition definition : operation.getVariableDefinitions()) {
            Object given = variables.get(definition.getName());
            Value<?> standard = definition.getDefaultValue();
            if (given instanceof Number number) {
                sizes.put(definition.getName(), number);
            } else if (standard instanceof IntValue number) {
                sizes.put(definition.getName(), number.getValue());
            }
        }
        GraphQLType root =
                switch (operation.getOperation()) {
                    case QUERY -> schema.getQueryType();
                    case MUTATION -> schema.getMutationType();
                    case SUBSCRIPTION -> schema.getSubscriptionType();
                };
        DocumentCost cost = new DocumentCost(schema, fragments, sizes);
        long points = (long) cost.set(operation.getSelectionSet(), root, 1);
        return new Walk(points, Set.copyOf(cost.asked));
    }

    /**
     * What an operation costs. Immutable.
     *
     * @param sizes the variables that are the size of something
     */
    record Walk(long points, Set<String> sizes) {}

    /**
     * Points of a selection.
     *
     * @param page the size of the page whose connection the parent is; 1: it is none
     */
    private double set(@Nullable SelectionSet set, @Nullable GraphQLType parent, double page) {
        double cost = 0;
        if (set == null || !(parent instanceof GraphQLFieldsContainer container)) return cost;
        for (Selection<?> selection : set.getSelections()) {
            cost +=
                    switch (selection) {
                        case Field field -> field(field, container, page);
                        case InlineFragment inline ->
                                set(
                                        inline.getSelectionSet(),
                                        inline.getTypeCondition() == null
                                                ? parent
                                                : schema.getType(
                                                        inline.getTypeCondition().getName()),
                                        page);
                        case FragmentSpread spread -> fragment(spread.getName(), page);
                        default -> 0;
                    };
        }
        return Math.min(MOST, cost);
    }

    private double field(Field field, GraphQLFieldsContainer container, double page) {
        GraphQLFieldDefinition definition = container.getFieldDefinition(field.getName());
        if (definition == null) return 0;
        GraphQLType type = GraphQLTypeUtil.unwrapAll(definition.getType());
        if (!(type instanceof GraphQLFieldsContainer below)) return 0;
        double size = size(field, definition);
        boolean computed = COMPUTED.contains(container.getName() + "." + field.getName());
        double computing = computed ? COMPUTING : 0;
        if (!GraphQLTypeUtil.isList(GraphQLTypeUtil.unwrapNonNull(definition.getType()))) {
            return 1 + computing + set(field.getSelectionSet(), type, size);
        }
        double own = below.getName().endsWith("Edge") ? 0 : 1;
        return computing + size * page * (own + set(field.getSelectionSet(), type, 1));
    }

    private double size(Field field, GraphQLFieldDefinition definition) {
        for (String name : new String[] {"first", "last"}) {
            GraphQLArgument declared = definition.getArgument(name);
            if (declared == null) continue;
            Object size = given(field, name);
            if (size == null && declared.hasSetDefaultValue()) {
                size = declared.getArgumentDefaultValue().getValue();
            }
            if (size instanceof IntValue literal) size = literal.getValue();
            if (size instanceof Number number) return Math.max(0, number.doubleValue());
        }
        return 1;
    }

    private @Nullable Object given(Field field, String name) {
        for (Argument argument : field.getArguments()) {
            if (!argument.getName().equals(name)) continue;
            if (!(argument.getValue() instanceof VariableReference variable)) {
                return argument.getValue();
            }
            asked.add(variable.getName());
            return sizes.get(variable.getName());
        }
        return null;
    }

    private double fragment(String name, double page) {
        String counting = name + " " + page;
        Double known = counted.get(counting);
        if (known != null) return known;
        FragmentDefinition fragment = fragments.get(name);
        if (fragment == null) return 0;
        double cost =
                set(
                        fragment.getSelectionSet(),
                        schema.getType(fragment.getTypeCondition().getName()),
                        page);
        counted.put(counting, cost);
        return cost;
    }
}
