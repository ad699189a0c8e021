// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import graphql.schema.DataFetchingEnvironment;
import java.math.BigInteger;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.security.Caller;

/** One call of a fetcher: its arguments and the request it belongs to. Used by one thread. */
final class Call {
    private final DataFetchingEnvironment environment;
    private final RequestScope scope;

    Call(DataFetchingEnvironment environment, RequestScope scope) {
        this.environment = environment;
        this.scope = scope;
    }

    static Call of(DataFetchingEnvironment environment) {
        return new Call(environment, RequestScope.of(environment));
    }

    RequestScope scope() {
        return scope;
    }

    Caller caller() {
        return scope.caller();
    }

    /** The value a subscription answers with; null while it asks for its source. */
    @Nullable Object event() {
        return environment.getRoot();
    }

    String text(String argument) {
        return (String) required(argument);
    }

    int integer(String argument) {
        return (Integer) required(argument);
    }

    boolean flag(String argument) {
        return (Boolean) required(argument);
    }

    double number(String argument) {
        return (Double) required(argument);
    }

    <E extends Enum<E>> E choice(String argument, Class<E> type) {
        return Enum.valueOf(type, required(argument).toString());
    }

    Input input(String argument) {
        return Input.of(required(argument));
    }

    @Nullable Object optional(String argument) {
        return environment.getArgument(argument);
    }

    /** A whole number that must fit a long; null when it is left out. */
    @Nullable Long wide(String argument) {
        Object value = optional(argument);
        if (value instanceof BigInteger huge) {
            throw RefusedException.outOfRange(argument, huge, "at most " + Long.MAX_VALUE);
        }
        return (Long) value;
    }

    private Object required(String argument) {
        Object value = environment.getArgument(argument);
        return Objects.requireNonNull(value, argument);
    }
}
