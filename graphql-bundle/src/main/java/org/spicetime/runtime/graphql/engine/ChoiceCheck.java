// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.language.Argument;
import graphql.language.ArrayValue;
import graphql.language.Document;
import graphql.language.EnumValue;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.InlineFragment;
import graphql.language.ListType;
import graphql.language.NonNullType;
import graphql.language.ObjectField;
import graphql.language.ObjectValue;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.SourceLocation;
import graphql.language.Type;
import graphql.language.TypeName;
import graphql.language.Value;
import graphql.language.VariableDefinition;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLInputObjectField;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * Finds names that an additive enum lacks, in literals and in variables, so that the answer can
 * tell what is available instead of a bare validation error. Documents need not be valid. Used by
 * one thread.
 */
final class ChoiceCheck {
    static final Set<String> ADDITIVE = Set.of("SchedulingPolicy", "AllocationType");

    private final GraphQLSchema schema;
    private final List<ErrorEntry> found = new ArrayList<>();

    private ChoiceCheck(GraphQLSchema schema) {
        this.schema = schema;
    }

    /** The literals of a document that name something that is not available. */
    static List<ErrorEntry> literals(GraphQLSchema schema, Document document) {
        ChoiceCheck check = new ChoiceCheck(schema);
        for (OperationDefinition operation :
                document.getDefinitionsOfType(OperationDefinition.class)) {
            GraphQLType root =
                    switch (operation.getOperation()) {
                        case QUERY -> schema.getQueryType();
                        case MUTATION -> schema.getMutationType();
                        case SUBSCRIPTION -> schema.getSubscriptionType();
                    };
            check.set(operation.getSelectionSet(), root);
            for (VariableDefinition variable : operation.getVariableDefinitions()) {
                check.literal(
                        check.type(variable.getType()),
                        variable.getDefaultValue(),
                        variable.getName());
            }
        }
        for (FragmentDefinition fragment :
                document.getDefinitionsOfType(FragmentDefinition.class)) {
            check.set(
                    fragment.getSelectionSet(),
                    schema.getType(fragment.getTypeCondition().getName()));
        }
        return check.found;
    }

    /** The values of variables that name something that is not available. */
    static List<ErrorEntry> variables(
            GraphQLSchema schema,
            OperationDefinition operation,
            Map<String, @Nullable Object> variables) {
        ChoiceCheck check = new ChoiceCheck(schema);
        for (VariableDefinition definition : operation.getVariableDefinitions()) {
            Object value = variables.get(definition.getName());
            check.value(check.type(definition.getType()), value, definition.getName());
        }
        return check.found;
    }

    /** Whether a variable of the operation can name something that is not available. */
    static boolean possible(GraphQLSchema schema, OperationDefinition operation) {
        ChoiceCheck check = new ChoiceCheck(schema);
        Set<String> seen = new HashSet<>();
        return operation.getVariableDefinitions().stream()
                .anyMatch(variable -> choice(check.type(variable.getType()), seen));
    }

    private static boolean choice(@Nullable GraphQLType declared, Set<String> seen) {
        if (declared == null) return false;
        return switch (GraphQLTypeUtil.unwrapAll(declared)) {
            case GraphQLEnumType choices -> ADDITIVE.contains(choices.getName());
            case GraphQLInputObjectType input ->
                    seen.add(input.getName())
                            && input.getFieldDefinitions().stream()
                                    .anyMatch(field -> choice(field.getType(), seen));
            default -> false;
        };
    }

    private @Nullable GraphQLType type(@Nullable Type<?> declared) {
        return switch (declared) {
            case NonNullType inner -> type(inner.getType());
            case ListType inner -> type(inner.getType());
            case TypeName name -> schema.getType(name.getName());
            case null, default -> null;
        };
    }

    private void set(@Nullable SelectionSet set, @Nullable GraphQLType parent) {
        if (set == null) return;
        for (Selection<?> selection : set.getSelections()) {
            if (selection instanceof Field field
                    && parent instanceof GraphQLFieldsContainer container) {
                field(field, container.getFieldDefinition(field.getName()));
            } else if (selection instanceof InlineFragment inline) {
                TypeName condition = inline.getTypeCondition();
                set(
                        inline.getSelectionSet(),
                        condition == null ? parent : schema.getType(condition.getName()));
            }
        }
    }

    private void field(Field field, @Nullable GraphQLFieldDefinition definition) {
        if (definition == null) return;
        for (Argument argument : field.getArguments()) {
            var declared = definition.getArgument(argument.getName());
            if (declared != null)
                literal(declared.getType(), argument.getValue(), argument.getName());
        }
        set(field.getSelectionSet(), GraphQLTypeUtil.unwrapAll(definition.getType()));
    }

    private void literal(@Nullable GraphQLType declared, @Nullable Value<?> value, String path) {
        if (declared == null || value == null) return;
        GraphQLType type = GraphQLTypeUtil.unwrapAll(declared);
        switch (value) {
            case ArrayValue list -> {
                int i = 0;
                for (Value<?> item : list.getValues()) literal(type, item, path + "[" + i++ + "]");
            }
            case ObjectValue object when type instanceof GraphQLInputObjectType input -> {
                for (ObjectField member : object.getObjectFields()) {
                    GraphQLInputObjectField field = input.getFieldDefinition(member.getName());
                    if (field != null) {
                        literal(field.getType(), member.getValue(), path + "." + member.getName());
                    }
                }
            }
            case EnumValue name -> name(type, name.getName(), path, value.getSourceLocation());
            default -> {}
        }
    }

    private void value(@Nullable GraphQLType declared, @Nullable Object value, String path) {
        if (declared == null) return;
        GraphQLType type = GraphQLTypeUtil.unwrapAll(declared);
        switch (value) {
            case List<?> list -> {
                int i = 0;
                for (Object item : list) value(type, item, path + "[" + i++ + "]");
            }
            case Map<?, ?> map when type instanceof GraphQLInputObjectType input -> {
                for (GraphQLInputObjectField field : input.getFieldDefinitions()) {
                    value(field.getType(), map.get(field.getName()), path + "." + field.getName());
                }
            }
            case String name -> name(type, name, path, null);
            case null, default -> {}
        }
    }

    private void name(
            GraphQLType type, String name, String path, @Nullable SourceLocation location) {
        if (!(type instanceof GraphQLEnumType choices)
                || !ADDITIVE.contains(choices.getName())
                || choices.getValue(name) != null) {
            return;
        }
        List<String> available =
                choices.getValues().stream()
                        .filter(value -> !value.isDeprecated())
                        .map(value -> value.getName())
                        .toList();
        String shown = name.length() <= 64 ? name : name.substring(0, 64) + "...";
        ErrorEntry entry = ErrorEntry.of(RefusedException.notAvailable(path, shown, available));
        found.add(location == null ? entry : entry.at(List.of(location), List.of()));
    }
}
