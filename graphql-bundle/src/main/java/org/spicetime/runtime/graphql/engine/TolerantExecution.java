// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.execution.AsyncExecutionStrategy;
import graphql.execution.AsyncSerialExecutionStrategy;
import graphql.execution.ExecutionContext;
import graphql.execution.ExecutionStrategyParameters;
import graphql.schema.GraphQLEnumType;
import org.jspecify.annotations.Nullable;

/**
 * Execution that answers a name which an additive enum does not have in this generation: what is
 * deployed can change while a request runs, and long after a subscription chose its generation. As
 * an error it would make the whole answer null.
 */
final class TolerantExecution {
    private TolerantExecution() {}

    private static @Nullable Object unserved(GraphQLEnumType type, Object value) {
        return value instanceof String name
                        && ChoiceCheck.ADDITIVE.contains(type.getName())
                        && type.getValue(name) == null
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
            Object name = unserved(type, value);
            return name != null
                    ? name
                    : super.completeValueForEnum(context, parameters, type, value);
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
            Object name = unserved(type, value);
            return name != null
                    ? name
                    : super.completeValueForEnum(context, parameters, type, value);
        }
    }
}
