// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.execution.AsyncExecutionStrategy;
import graphql.execution.AsyncSerialExecutionStrategy;
import graphql.execution.ExecutionContext;
import graphql.execution.ExecutionStrategyParameters;
import graphql.execution.FieldCollectorParameters;
import graphql.execution.MergedField;
import graphql.execution.MergedSelectionSet;
import graphql.language.Field;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLEnumValueDefinition;
import graphql.schema.GraphQLObjectType;
import org.jspecify.annotations.Nullable;

/**
 * Execution that answers a name which an additive enum does not have in this generation: what is
 * deployed can change while a request runs, and long after a subscription chose its generation. As
 * an error it would make the whole answer null.
 */
final class TolerantExecution {
    private TolerantExecution() {}

    /* What is written, or null where graphql-java decides, which looks at all values of a type. */
    private static @Nullable Object written(GraphQLEnumType type, Object value) {
        String name = value instanceof Enum<?> constant ? constant.name() : null;
        if (value instanceof String text) name = text;
        if (name == null) return null;
        GraphQLEnumValueDefinition served = type.getValue(name);
        if (served != null) return name.equals(served.getValue()) ? name : null;
        return value instanceof String && ChoiceCheck.ADDITIVE.contains(type.getName())
                ? name
                : null;
    }

    /** Of queries, and of the events of subscriptions. Thread-safe. */
    static final class OfQueries extends AsyncExecutionStrategy {
        OfQueries() {
            super(new FetchFailures());
        }

        @Override
        protected Object completeValueForEnum(
                ExecutionContext context,
                ExecutionStrategyParameters parameters,
                GraphQLEnumType type,
                Object value) {
            Object name = written(type, value);
            return name != null
                    ? name
                    : super.completeValueForEnum(context, parameters, type, value);
        }

        @Override
        protected Object completeValueForObject(
                ExecutionContext context,
                ExecutionStrategyParameters parameters,
                GraphQLObjectType type,
                Object value) {
            CollectedFields collected = context.getGraphQLContext().get(CollectedFields.class);
            MergedField merged = parameters.getField();
            if (collected == null || merged == null || !merged.isSingleField()) {
                return super.completeValueForObject(context, parameters, type, value);
            }
            Field field = merged.getSingleField();
            MergedSelectionSet selected = collected.of(field, type);
            if (selected == null) {
                selected = collect(context, merged, type);
                collected.keep(field, type, selected);
            }
            return executeObject(
                    context,
                    ExecutionStrategyParameters.newParameters(parameters)
                            .executionStepInfo(
                                    parameters
                                            .getExecutionStepInfo()
                                            .changeTypeWithPreservedNonNull(type))
                            .fields(selected)
                            .source(value)
                            .build());
        }

        private MergedSelectionSet collect(
                ExecutionContext context, MergedField field, GraphQLObjectType type) {
            return fieldCollector.collectFields(
                    FieldCollectorParameters.newParameters()
                            .schema(context.getGraphQLSchema())
                            .objectType(type)
                            .fragments(context.getFragmentsByName())
                            .variables(context.getCoercedVariables().toMap())
                            .graphQLContext(context.getGraphQLContext())
                            .build(),
                    field);
        }
    }

    /** Of mutations, one after the other. Thread-safe. */
    static final class OfMutations extends AsyncSerialExecutionStrategy {
        OfMutations() {
            super(new FetchFailures());
        }

        @Override
        protected Object completeValueForEnum(
                ExecutionContext context,
                ExecutionStrategyParameters parameters,
                GraphQLEnumType type,
                Object value) {
            Object name = written(type, value);
            return name != null
                    ? name
                    : super.completeValueForEnum(context, parameters, type, value);
        }
    }
}
